'use client'

import type { ReactNode } from 'react'
import { dayOf, localTime, utcTime } from '@/components/time/format'
import { useServerNow } from '@/lib/client/health-store'
import type { PageData } from './types'
import { YearStrip } from './year-strip'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** WindowBar is the planned day to scale: what is open, the plan in it, now, and the latest safe start with its reason. */
export function WindowBar({ page }: { readonly page: PageData }): ReactNode {
  const now = useServerNow()
  const { bar, plan } = page
  const span = bar.toMs - bar.fromMs
  const x = (atMs: number): string => `${(100 * Math.min(Math.max(atMs - bar.fromMs, 0), span)) / span}%`
  const wide = (fromMs: number, toMs: number): string =>
    `${Math.max(0, (100 * (Math.min(toMs, bar.toMs) - Math.max(fromMs, bar.fromMs))) / span)}%`
  const endMs = bar.plannedMs + bar.plannedMinutes * MINUTE_MS
  const reserveMs = bar.reserveSeconds * 1_000
  const nowMs = now === 0 ? page.nowMs : now
  const closed = bar.spans.filter(({ closings }) => closings.length > 0)
  const at = (ms: number): string => localTime(ms, bar.zone).slice(0, 5)
  return (
    <section aria-labelledby="when" className="grid grid-cols-1 gap-2 border-t pt-4">
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h2 id="when" className="text-13">
          When
        </h2>
        <p className="text-13 break-words text-ink-2">
          {dayOf(bar.plannedMs, bar.zone)}, planned {at(bar.plannedMs)} to {at(endMs)}{' '}
          {localTime(bar.plannedMs, bar.zone).slice(6)}, {utcTime(bar.plannedMs)}, then{' '}
          {Math.round(bar.reserveSeconds / 60)} m in reserve for the way back
        </p>
        <p className="ml-auto text-12 text-ink-3">
          policy <span className="font-mono">windows.yaml</span> {page.policyVersion.slice(0, 4)}
        </p>
      </header>
      <svg
        role="img"
        aria-label={`Open times of ${dayOf(bar.plannedMs, bar.zone)} with the plan in them`}
        className="h-14 w-full"
      >
        <rect x="0" y="14" width="100%" height="26" className="fill-band" />
        {closed.map((it) => (
          <rect
            key={it.fromMs}
            x={x(it.fromMs)}
            y="14"
            width={wide(it.fromMs, it.toMs)}
            height="26"
            className="fill-bg stroke-line-2"
          />
        ))}
        {bar.latestMs === undefined || bar.closeMs === undefined ? null : (
          <rect
            x={x(bar.latestMs)}
            y="14"
            width={wide(bar.latestMs, bar.closeMs)}
            height="26"
            className="fill-warn-tint"
          />
        )}
        <PlanSegments page={page} x={x} wide={wide} endMs={endMs} reserveMs={reserveMs} />
        {bar.latestMs === undefined ? null : (
          <rect x={x(bar.latestMs)} y="4" width="2" height="46" className="fill-ink-2" />
        )}
        {nowMs < bar.fromMs || nowMs > bar.toMs ? null : (
          <rect x={x(nowMs)} y="8" width="2" height="38" className="fill-accent" />
        )}
        {hours(bar.fromMs, bar.toMs).map((hour) => (
          <rect key={hour} x={x(hour)} y="42" width="1" height="4" className="fill-line-2" />
        ))}
      </svg>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-12 text-ink-2">
        <Told
          term="Now"
          words={`${dayOf(nowMs, bar.zone)} ${localTime(nowMs, bar.zone)}`}
          tone="text-accent"
        />
        <Told
          term="Latest safe start"
          words={
            bar.latestMs === undefined
              ? 'not known: no end of this window is known'
              : `${at(bar.latestMs)}: ${bar.plannedMinutes + Math.round(bar.reserveSeconds / 60)} m of plan and way back before ${at(bar.closeMs ?? 0)}`
          }
        />
        {closed.map((it) => (
          <Told
            key={it.fromMs}
            term={`${at(it.fromMs)} to ${at(it.toMs)}`}
            words={`closed: ${it.closings.map(({ reason }) => reason).join(', ')}`}
          />
        ))}
        <Told
          term="Steps"
          words={`${plan.steps.map((step) => `${step.percent} % for ${step.minutes} m`).join(', ')}, then ${plan.bakeMinutes} m bake`}
        />
      </dl>
      <YearStrip strip={page.year} nowMs={nowMs} zone={bar.zone} />
    </section>
  )
}

function Told({
  term,
  words,
  tone = '',
}: {
  readonly term: string
  readonly words: string
  readonly tone?: string
}): ReactNode {
  return (
    <div className="flex min-w-0 flex-wrap gap-x-1.5">
      <dt className={tone === '' ? 'text-ink-3' : tone}>{term}</dt>
      <dd className="min-w-0 break-words">{words}</dd>
    </div>
  )
}

function PlanSegments({
  page,
  x,
  wide,
  endMs,
  reserveMs,
}: {
  readonly page: PageData
  readonly x: (atMs: number) => string
  readonly wide: (fromMs: number, toMs: number) => string
  readonly endMs: number
  readonly reserveMs: number
}): ReactNode {
  const { bar, plan } = page
  const steps = plan.isAtOnce ? plan.steps.slice(-1) : plan.steps
  let fromMs = bar.plannedMs
  const segments = steps.map((step) => {
    const toMs = fromMs + step.minutes * MINUTE_MS
    const segment = { key: step.percent, fromMs, toMs }
    fromMs = toMs
    return segment
  })
  return (
    <>
      {segments.map((it) => (
        <rect
          key={it.key}
          x={x(it.fromMs)}
          y="15"
          width={wide(it.fromMs, it.toMs)}
          height="24"
          className="fill-ink stroke-bg"
        />
      ))}
      <rect x={x(fromMs)} y="15" width={wide(fromMs, endMs)} height="24" className="fill-spark" />
      <rect
        x={x(endMs)}
        y="15"
        width={wide(endMs, endMs + reserveMs)}
        height="24"
        className="fill-none stroke-ink-2"
      />
    </>
  )
}

function hours(fromMs: number, toMs: number): readonly number[] {
  const first = Math.ceil(fromMs / HOUR_MS) * HOUR_MS
  return Array.from(
    { length: Math.max(0, Math.ceil((toMs - first) / HOUR_MS)) },
    (_, at) => first + at * HOUR_MS,
  )
}
