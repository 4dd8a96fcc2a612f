'use client'

import type { ReactNode } from 'react'
import { usePreference } from '@/components/shell/use-preference'
import { useServerNow } from '@/lib/client/health-store'
import { age, bothTimes, dayOf, isSameDay, localTime, utcTime, zoneName } from './format'

/** Instant writes a moment (epoch seconds, 0 = never): UTC unless `Z` chose local time; the other one is on hover. */
export function Instant({
  at,
  seconds = false,
  both = false,
}: {
  readonly at: number
  readonly seconds?: boolean
  /** both puts the local time beside the UTC one. */
  readonly both?: boolean
}): ReactNode {
  const now = useServerNow()
  const style = usePreference('time')
  if (at === 0) return 'never'
  const atMs = at * 1000
  const isLocal = style === 'local'
  const zone = isLocal ? undefined : 'UTC'
  const isToday = now === 0 || isSameDay(atMs, now, zone)
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={now === 0 ? undefined : `${bothTimes(atMs, undefined)}, ${age((now - atMs) / 1000)} ago`}
      className="font-mono text-[.93em] whitespace-nowrap"
    >
      {isToday ? '' : `${dayOf(atMs, zone)} `}
      {isLocal ? localTime(atMs, undefined) : utcTime(atMs, seconds)}
      {both && now !== 0 && zoneName(atMs, undefined) !== 'UTC' ? (
        <span className="text-ink-3"> {isLocal ? utcTime(atMs) : localTime(atMs, undefined)}</span>
      ) : null}
    </time>
  )
}
