'use client'

import { useQuery } from '@tanstack/react-query'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { queryOf } from '@/lib/client/api'
import type { GoingDrill } from './types'

/** DrillBanner stands on every page while a drill goes on, and leads to its incident. */
export function DrillBanner({ initial }: { readonly initial: GoingDrill | null }): ReactNode {
  const { data } = useQuery({ ...queryOf('drills.current', {}), initialData: { drill: initial } })
  const drill = data.drill
  const path = usePathname()
  // The incident's own page says so itself.
  if (drill === null || (drill.incident !== null && path === `/incidents/${drill.incident}`)) return null
  return (
    <aside
      aria-label="Drill"
      className="no-print flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-drill-tint px-4 py-1.5 text-12 md:px-6"
    >
      <Chip tone="drill">Drill</Chip>
      <span>
        A drill goes on{drill.state === 'paused' ? ' and is held' : ''}: what you see is played, and kept out
        of all figures.
      </span>
      {drill.incident === null ? (
        <Link href="/drills" className="link">
          To the drill
        </Link>
      ) : (
        <Link href={`/incidents/${drill.incident}`} className="link">
          {drill.incident}
        </Link>
      )}
    </aside>
  )
}
