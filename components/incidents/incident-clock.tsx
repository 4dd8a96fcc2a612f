'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { duration, limitTime } from '@/components/time/format'
import { StateMark } from '@/components/ui/state-mark'
import { useServerNow } from '@/lib/client/health-store'
import type { ClockData } from './types'

const AMBER_SHARE = 0.25

type Face = {
  readonly tone: string
  readonly mark: 'breach' | 'warning' | 'clear' | 'stale' | undefined
  readonly text: string
  readonly detail: string
  readonly share: number
}

/** clockFace says how a clock looks at `nowMs` (0 before mounting: as the server computed it). */
export function clockFace(clock: ClockData, nowMs: number): Face {
  const whole = `of ${limitTime(clock.wholeMs / 1000)}`
  if (clock.state === 'met') {
    const took = duration(((clock.metAtMs ?? clock.startedAtMs) - clock.startedAtMs) / 1000)
    return clock.overMs > 0
      ? { tone: 'text-breach', mark: 'breach', text: took, detail: `${whole}, late`, share: 0 }
      : { tone: 'text-ok', mark: 'clear', text: took, detail: whole, share: 0 }
  }
  if (clock.paused !== undefined)
    return {
      tone: 'text-ink-2',
      mark: 'stale',
      text: duration(clock.remainingMs / 1000),
      detail: 'paused',
      share: clock.remainingMs / clock.wholeMs,
    }
  const isFrozen = nowMs === 0
  const leftMs = isFrozen ? clock.remainingMs - clock.overMs : clock.dueAtMs - nowMs
  if (leftMs < 0)
    return {
      tone: 'text-breach',
      mark: 'breach',
      text: `${duration(-leftMs / 1000)} over`,
      detail: '',
      share: 0,
    }
  const share = Math.min(1, leftMs / clock.wholeMs)
  const isSoon = share <= AMBER_SHARE
  return {
    tone: isSoon ? 'text-warn' : 'text-ink',
    mark: isSoon ? 'warning' : undefined,
    text: duration(leftMs / 1000),
    detail: whole,
    share,
  }
}

/** IncidentClock is one promise: what and who, the digits, and a bar that empties. */
export function IncidentClock({
  clock,
  isBig = false,
}: {
  readonly clock: ClockData
  readonly isBig?: boolean
}): ReactNode {
  const now = useServerNow()
  const face = clockFace(clock, now)
  const isOver = face.mark === 'breach'
  return (
    <div className="grid min-w-0 gap-0.5" title={clock.why}>
      <p className="truncate text-12 text-ink-2">
        {clock.kind === 'task' ? 'Task: ' : ''}
        {clock.title}{' '}
        <span className="text-ink-3">{clock.owner === undefined ? 'no one' : `@${clock.owner}`}</span>
      </p>
      <p className={clsx('flex items-center gap-1.5 font-medium', isBig ? 'text-16' : 'text-14', face.tone)}>
        {face.mark === undefined ? null : <StateMark mark={face.mark} />}
        <span className="clock">{face.text}</span>
        <span className="text-12 font-normal whitespace-nowrap text-ink-3">{face.detail}</span>
      </p>
      <svg viewBox="0 0 100 7" preserveAspectRatio="none" className="h-1.5 w-full" aria-hidden="true">
        {clock.state === 'met' ? (
          <rect y="3" width="100" height="1" className="fill-line" />
        ) : (
          <>
            <rect y="2" width="100" height="3" className={isOver ? 'fill-breach' : 'fill-line'} />
            <rect
              y="2"
              width={Math.max(0, face.share * 100)}
              height="3"
              className={face.mark === 'warning' ? 'fill-warn' : 'fill-ink-3'}
            />
            <rect x="25" width="0.4" height="7" className="fill-edge" />
          </>
        )}
      </svg>
    </div>
  )
}
