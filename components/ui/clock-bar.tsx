'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { useServerNow } from '@/lib/client/health-store'
import { StateMark } from './state-mark'

const AMBER_SHARE = 0.25

/** ClockBar counts down to `dueAtMs` over `wholeMs`: amber at a quarter left, red and counting up when over. */
export function ClockBar({
  title,
  owner,
  dueAtMs,
  wholeMs,
}: {
  readonly title: string
  readonly owner?: string
  readonly dueAtMs: number
  readonly wholeMs: number
}): ReactNode {
  const now = useServerNow()
  const leftMs = dueAtMs - now
  const share = Math.max(0, Math.min(1, leftMs / wholeMs))
  const isOver = leftMs <= 0
  const isSoon = !isOver && share <= AMBER_SHARE
  const tone = isOver ? 'text-breach' : isSoon ? 'text-warn' : 'text-ink'
  return (
    <div className="grid min-w-0 gap-0.5">
      <p className="truncate text-12 text-ink-2">
        {title} <span className="text-ink-3">{owner ?? 'no one'}</span>
      </p>
      <p className={clsx('clock flex items-center gap-1.5 text-14 font-medium', tone)}>
        {isOver || isSoon ? <StateMark mark={isOver ? 'breach' : 'warning'} /> : null}
        {duration(Math.abs(leftMs) / 1000)}
        {isOver ? ' over' : ''}
      </p>
      <svg viewBox="0 0 100 7" preserveAspectRatio="none" className="h-1.5 w-full" aria-hidden="true">
        <rect y="2" width="100" height="3" className={isOver ? 'fill-breach' : 'fill-line'} />
        {isOver ? null : (
          <rect y="2" width={share * 100} height="3" className={isSoon ? 'fill-warn' : 'fill-ink-3'} />
        )}
        <rect x="25" width="0.4" height="7" className="fill-edge" />
      </svg>
    </div>
  )
}
