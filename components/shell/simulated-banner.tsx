'use client'

import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'

/** SimulatedBanner says that nothing on screen is real; it stands in the first paint, so that nothing moves for it. */
export function SimulatedBanner(): ReactNode {
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
