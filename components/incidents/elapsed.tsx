'use client'

import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { useServerNow } from '@/lib/client/health-store'

const HUNDRED_HOURS = 360_000

/** elapsedText writes `0:23:41` up to a hundred hours, then days and hours. */
export function elapsedText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole >= HUNDRED_HOURS) return duration(whole)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
}

/** Elapsed counts up from the start of an incident to its end or to now (epoch milliseconds). */
export function Elapsed({
  fromMs,
  toMs,
  className,
}: {
  readonly fromMs: number
  readonly toMs: number | null
  readonly className?: string
}): ReactNode {
  const now = useServerNow()
  const endMs = toMs ?? (now === 0 ? fromMs : now)
  return (
    <span className={className} role="timer" aria-label="Elapsed" aria-live="off">
      {elapsedText((endMs - fromMs) / 1000)}
    </span>
  )
}
