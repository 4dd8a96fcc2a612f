import type { ChangeRow, ShownState } from './model'

/** DAYS is how far back the bars go. */
export const DAYS = 90

const DAY_MS = 86_400_000

/** Day is one UTC day of a component, in shares (0 to 1) of the whole day. */
export type Day = {
  readonly on: string
  readonly known: number
  /** trouble is the share in degraded performance or an outage. */
  readonly trouble: number
  /** outage is the share in a partial or major outage: availability counts it. */
  readonly outage: number
  readonly maintenance: number
  readonly worst: ShownState
}

/** History is a component's last 90 days, oldest first; availability is undefined when nothing is known. */
export type History = { readonly days: readonly Day[]; readonly availability: number | undefined }

type Span = { readonly fromMs: number; readonly toMs: number; readonly state: ShownState }

/**
 * historyOf folds a component's changes to 90 UTC days that end today. Before its creation and in gaps of our watching
 * nothing is known; `untilMs` is until when anything is (the last confirmation).
 */
export function historyOf(options: {
  readonly changes: readonly ChangeRow[]
  readonly createdAtMs: number
  readonly untilMs: number
  readonly nowMs: number
}): History {
  const { nowMs } = options
  const spans = spansOf(options)
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS
  const days = Array.from({ length: DAYS }, (_, index) => dayOf(todayMs - (DAYS - 1 - index) * DAY_MS, spans))
  const counted = sum(days.map(({ known, maintenance }) => known - maintenance))
  const outage = sum(days.map((day) => day.outage))
  return { days, availability: counted <= 0 ? undefined : 1 - outage / counted }
}

function spansOf({
  changes,
  createdAtMs,
  untilMs,
}: {
  readonly changes: readonly ChangeRow[]
  readonly createdAtMs: number
  readonly untilMs: number
}): readonly Span[] {
  const ordered = [...changes].sort((a, b) => a.at.getTime() - b.at.getTime())
  const firstMs = Math.min(createdAtMs, ordered[0]?.at.getTime() ?? createdAtMs)
  const marks = [{ atMs: firstMs, state: 'operational' as ShownState }].concat(
    ordered.map(({ at, to }) => ({ atMs: at.getTime(), state: to })),
  )
  return marks
    .map((mark, index) => ({
      fromMs: mark.atMs,
      toMs: Math.min(untilMs, marks[index + 1]?.atMs ?? untilMs),
      state: mark.state,
    }))
    .filter(({ fromMs, toMs, state }) => toMs > fromMs && state !== 'unknown')
}

const SERIOUS: readonly ShownState[] = [
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'under_maintenance',
  'operational',
]

function dayOf(startMs: number, spans: readonly Span[]): Day {
  const shares: Partial<Record<ShownState, number>> = {}
  for (const { fromMs, toMs, state } of spans) {
    const overlap = Math.min(toMs, startMs + DAY_MS) - Math.max(fromMs, startMs)
    if (overlap > 0) shares[state] = (shares[state] ?? 0) + overlap / DAY_MS
  }
  const outage = (shares.partial_outage ?? 0) + (shares.major_outage ?? 0)
  return {
    on: new Date(startMs).toISOString().slice(0, 10),
    known: sum(Object.values(shares)),
    trouble: outage + (shares.degraded_performance ?? 0),
    outage,
    maintenance: shares.under_maintenance ?? 0,
    worst: SERIOUS.find((state) => (shares[state] ?? 0) > 0) ?? 'unknown',
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
