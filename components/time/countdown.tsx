'use client'

import type { ReactNode } from 'react'
import { useServerNow } from '@/lib/client/health-store'
import { duration } from './format'

/** Countdown writes what is left until an instant (epoch seconds), then how far it is over; never a negative time. */
export function Countdown({ at }: { readonly at: number }): ReactNode {
  const now = useServerNow()
  if (now === 0) return <span className="clock">–</span>
  const left = at - now / 1000
  return (
    <time dateTime={new Date(at * 1000).toISOString()} className="clock">
      {duration(Math.abs(left))}
      {left < 0 ? ' over' : ''}
    </time>
  )
}
