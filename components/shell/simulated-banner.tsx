'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { useFleetMeta } from '@/lib/client/health-store'

/** SimulatedBanner says that nothing on screen is real, as long as that is so. */
export function SimulatedBanner(): ReactNode {
  const simulated = useFleetMeta((fleet) => fleet.simulated)
  if (!simulated) return null
  return (
    <aside
      data-simulated
      aria-label="About this fleet"
      className="no-print border-b bg-sunk px-4 py-1 text-center text-12 text-ink-2"
    >
      This fleet is simulated.{' '}
      <Link href="/settings/sources" className="link">
        Connect your own
      </Link>
    </aside>
  )
}
