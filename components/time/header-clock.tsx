'use client'

import type { ReactNode } from 'react'
import { usePreference } from '@/components/shell/use-preference'
import { useServerNow } from '@/lib/client/health-store'
import { dayOf, localTime, utcTime, zoneName } from './format'

/** HeaderClock shows the server's time: UTC first and local beside it, or turned round by `Z`. */
export function HeaderClock(): ReactNode {
  const now = useServerNow()
  const style = usePreference('time')
  if (now === 0) return <span className="h-5 w-40" />
  const isLocal = style === 'local'
  const isHereUtc = ['UTC', 'GMT'].includes(zoneName(now, undefined))
  return (
    <time
      dateTime={new Date(now).toISOString()}
      className="flex items-baseline gap-2 font-mono whitespace-nowrap"
    >
      <span className="text-14 font-medium tracking-tight">
        {isLocal ? localTime(now, undefined) : utcTime(now, true)}
      </span>
      <span className="hidden text-11 text-ink-3 xl:inline">
        {isHereUtc ? '' : `${isLocal ? utcTime(now, true) : localTime(now, undefined)}, `}
        {dayOf(now, undefined)}
      </span>
    </time>
  )
}
