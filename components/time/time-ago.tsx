'use client'

import type { ReactNode } from 'react'
import { useServerNow } from '@/lib/client/health-store'
import { age, bothTimes } from './format'

/** TimeAgo writes how long ago an instant was (epoch seconds, 0 = never); the full time is on hover. */
export function TimeAgo({
  at,
  suffix = ' ago',
  never = 'never',
}: {
  readonly at: number
  readonly suffix?: string
  readonly never?: string
}): ReactNode {
  const now = useServerNow()
  if (at === 0) return never
  const isMounted = now !== 0
  return (
    <time
      dateTime={new Date(at * 1000).toISOString()}
      title={isMounted ? bothTimes(at * 1000, undefined) : undefined}
      className="whitespace-nowrap"
    >
      {isMounted ? `${age(now / 1000 - at)}${suffix}` : '–'}
    </time>
  )
}
