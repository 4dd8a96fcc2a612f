import { DEFINITIONS, type Fact, type Grouping, MEASURES, type Measure, type Why } from './model'

const MINUTE_MS = 60_000

/** BIN_EDGES_MS are the upper ends of the bars of a distribution; the last bar has none. */
export const BIN_EDGES_MS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440].map(
  (minutes) => minutes * MINUTE_MS,
)

/** FEW is the count below which a p90 says little, and the page says so. */
export const FEW = 10

/** Spread is what a set of durations comes to (milliseconds); null without any. */
export type Spread = {
  readonly n: number
  readonly medianMs: number
  readonly p90Ms: number
  readonly minMs: number
  readonly maxMs: number
}

/** Figure is one measure over a set of incidents: the spread, its distribution, and what is not in it and why. */
export type Figure = {
  readonly measure: Measure
  readonly spread: Spread | null
  readonly bins: readonly number[]
  readonly excluded: readonly { readonly why: Why; readonly n: number }[]
  /** slowest are the incidents with the longest durations, longest first. */
  readonly slowest: readonly { readonly name: string; readonly title: string; readonly ms: number }[]
}

/** durationOf gives a measure of an incident in milliseconds, or why there is none. Rule N-DEF-5. */
export function durationOf(fact: Fact, measure: Measure): number | Why {
  const { from, to } = DEFINITIONS[measure]
  const fromMs = fact.turns[from]
  const toMs = fact.turns[to]
  if (fromMs === null) return 'from-unknown'
  if (toMs === null) return 'not-yet'
  return toMs < fromMs ? 'out-of-order' : toMs - fromMs
}

/** spreadOf gives median (middle two averaged) and p90 (nearest rank); null without values. Rule N-FIG-1. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (place: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, place))] ?? 0
  if (sorted.length === 0) return null
  const half = (sorted.length - 1) / 2
  return {
    n: sorted.length,
    medianMs: (at(Math.floor(half)) + at(Math.ceil(half))) / 2,
    p90Ms: at(Math.ceil(sorted.length * 0.9) - 1),
    minMs: at(0),
    maxMs: at(sorted.length - 1),
  }
}

/** binsOf counts durations by BIN_EDGES_MS; an edge belongs to the bar that it ends. */
export function binsOf(values: readonly number[]): readonly number[] {
  const bins = Array.from({ length: BIN_EDGES_MS.length + 1 }, () => 0)
  for (const value of values) {
    const place = BIN_EDGES_MS.findIndex((edge) => value <= edge)
    const bar = place === -1 ? bins.length - 1 : place
    bins[bar] = (bins[bar] ?? 0) + 1
  }
  return bins
}

/** figureOf counts one measure over incidents. */
export function figureOf(facts: readonly Fact[], measure: Measure): Figure {
  const counted: { readonly fact: Fact; readonly ms: number }[] = []
  const excluded = new Map<Why, number>()
  for (const fact of facts) {
    const ms = durationOf(fact, measure)
    if (typeof ms === 'number') counted.push({ fact, ms })
    else excluded.set(ms, (excluded.get(ms) ?? 0) + 1)
  }
  const values = counted.map(({ ms }) => ms)
  return {
    measure,
    spread: spreadOf(values),
    bins: binsOf(values),
    excluded: [...excluded].map(([why, n]) => ({ why, n })).sort((a, b) => a.why.localeCompare(b.why)),
    slowest: counted
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, 5)
      .map(({ fact, ms }) => ({ name: fact.name, title: fact.title, ms })),
  }
}

/** Cut is one row of a grouping. An incident with two leaves stands in both rows. */
export type Cut = {
  readonly key: string
  readonly incidents: number
  readonly spreads: Readonly<Record<Measure, Spread | null>>
}

/** keysOf are the rows of a grouping in which an incident stands; empty where nothing is known. */
export function keysOf(fact: Fact, grouping: Grouping): readonly string[] {
  switch (grouping) {
    case 'severity':
      return [fact.severity]
    case 'leaf':
      return fact.leaves
    case 'component':
      return fact.components
    case 'host':
      return fact.hosts
  }
}

/** cutsOf counts every measure for each row of a grouping, most incidents first; severities in their order. Rule N-FIG-3. */
export function cutsOf(facts: readonly Fact[], grouping: Grouping): readonly Cut[] {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts)
    for (const key of new Set(keysOf(fact, grouping))) groups.set(key, [...(groups.get(key) ?? []), fact])
  const cuts = [...groups].map(([key, own]) => ({
    key,
    incidents: own.length,
    spreads: Object.fromEntries(
      MEASURES.map((measure) => [
        measure,
        spreadOf(own.map((fact) => durationOf(fact, measure)).filter((ms) => typeof ms === 'number')),
      ]),
    ) as Record<Measure, Spread | null>,
  }))
  if (grouping === 'severity') return cuts.sort((a, b) => a.key.localeCompare(b.key))
  return cuts.sort((a, b) => b.incidents - a.incidents || a.key.localeCompare(b.key))
}

/** WEEKDAYS in the order of the map, Monday first. */
export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** heatOf counts detections by weekday and hour of a time zone: 7 rows of 24. Rule N-FIG-4. */
export function heatOf(facts: readonly Fact[], zone: string): readonly (readonly number[])[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  const rows = WEEKDAYS.map(() => Array.from({ length: 24 }, () => 0))
  for (const { turns } of facts) {
    if (turns.detected === null) continue
    const parts = format.formatToParts(turns.detected)
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
    const row = rows[(WEEKDAYS as readonly string[]).indexOf(part('weekday'))]
    const hour = Number(part('hour'))
    if (row !== undefined) row[hour] = (row[hour] ?? 0) + 1
  }
  return rows
}

/** isZone tells whether a text names a time zone. */
export function isZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** promisesOf adds up which promised updates were kept and how late the others came; `lateMedianMs` over those that came. */
export function promisesOf(facts: readonly Fact[]): {
  readonly kept: number
  readonly late: number
  readonly never: number
  readonly lateMedianMs: number | null
} {
  const missed = facts.flatMap((fact) => fact.promisesMissed)
  const late = missed.map(({ lateMs }) => lateMs).filter((ms) => ms !== null)
  return {
    kept: facts.reduce((sum, fact) => sum + fact.promisesKept, 0),
    late: late.length,
    never: missed.length - late.length,
    lateMedianMs: spreadOf(late)?.medianMs ?? null,
  }
}
