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
  const firstMs = todayMs - (DAYS - 1) * DAY_MS
  const shares = sharesOf(spans, firstMs)
  const days = shares.map((share, index) => dayOf(firstMs + index * DAY_MS, share))
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

type Shares = Partial<Record<ShownState, number>>

/** Each span is laid over the days that it touches, so that the cost follows the changes and not the days. */
function sharesOf(spans: readonly Span[], firstMs: number): readonly Shares[] {
  const days: Shares[] = Array.from({ length: DAYS }, () => ({}))
  for (const { fromMs, toMs, state } of spans) {
    const from = Math.max(0, Math.floor((fromMs - firstMs) / DAY_MS))
    const to = Math.min(DAYS - 1, Math.floor((toMs - 1 - firstMs) / DAY_MS))
    for (let index = from; index <= to; index += 1) {
      const shares = days[index]
      const startMs = firstMs + index * DAY_MS
      const overlap = Math.min(toMs, startMs + DAY_MS) - Math.max(fromMs, startMs)
      if (shares && overlap > 0) shares[state] = (shares[state] ?? 0) + overlap / DAY_MS
    }
  }
  return days
}

function dayOf(startMs: number, shares: Shares): Day {
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
