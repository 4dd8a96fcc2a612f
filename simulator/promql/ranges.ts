import { quantileOf } from './aggregate'
import { QueryError, type RangeSeries, type Sample } from './types'

type Window = { readonly series: RangeSeries; readonly fromMs: number; readonly toMs: number }
type Fold = (window: Window) => number | undefined

const FOLDS: Readonly<Record<string, Fold>> = {
  rate: (window) => extrapolated(window, { counter: true, perSecond: true }),
  increase: (window) => extrapolated(window, { counter: true, perSecond: false }),
  delta: (window) => extrapolated(window, { counter: false, perSecond: false }),
  irate: (window) => lastStep(window, { counter: true, perSecond: true }),
  idelta: (window) => lastStep(window, { counter: false, perSecond: false }),
  changes: ({ series }) =>
    countSteps(
      series.values,
      (before, after) => after !== before && !(Number.isNaN(before) && Number.isNaN(after)),
    ),
  resets: ({ series }) => countSteps(series.values, (before, after) => after < before),
  max_over_time: ({ series }) =>
    series.values.reduce((best, value) => (value > best || Number.isNaN(best) ? value : best)),
  min_over_time: ({ series }) =>
    series.values.reduce((best, value) => (value < best || Number.isNaN(best) ? value : best)),
  avg_over_time: ({ series }) => series.values.reduce((sum, value) => sum + value, 0) / series.values.length,
  sum_over_time: ({ series }) => series.values.reduce((sum, value) => sum + value, 0),
  count_over_time: ({ series }) => series.values.length,
  last_over_time: ({ series }) => series.values.at(-1),
  present_over_time: () => 1,
}

const KEEPS_NAME: ReadonlySet<string> = new Set(['last_over_time'])

export function isRangeFunction(name: string): boolean {
  return FOLDS[name] !== undefined || name === 'quantile_over_time'
}

type RangeCall = {
  readonly name: string
  readonly series: readonly RangeSeries[]
  readonly fromMs: number
  readonly toMs: number
  readonly timeMs: number
  readonly parameter: number
}

export function overRange({ name, series, fromMs, toMs, timeMs, parameter }: RangeCall): Sample[] {
  const fold =
    name === 'quantile_over_time'
      ? (window: Window) => quantileOf(parameter, window.series.values)
      : FOLDS[name]
  if (fold === undefined)
    throw new QueryError('bad_data', `invalid parameter "query": unknown function with name "${name}"`)
  const samples: Sample[] = []
  for (const one of series) {
    const value = fold({ series: one, fromMs, toMs })
    if (value === undefined) continue
    samples.push({ name: KEEPS_NAME.has(name) ? one.name : undefined, labels: one.labels, timeMs, value })
  }
  return samples
}

function countSteps(values: readonly number[], counts: (before: number, after: number) => boolean): number {
  let found = 0
  for (let index = 1; index < values.length; index += 1) {
    if (counts(values[index - 1] ?? 0, values[index] ?? 0)) found += 1
  }
  return found
}

type RateKind = { readonly counter: boolean; readonly perSecond: boolean }

/** Prometheus's extrapolation: to the window's edges, at most half a gap beyond, never below a counter's zero. */
function extrapolated(
  { series, fromMs, toMs }: Window,
  { counter, perSecond }: RateKind,
): number | undefined {
  const { times, values } = series
  const first = values[0]
  const last = values.at(-1)
  const firstMs = times[0]
  const lastMs = times.at(-1)
  if (
    values.length < 2 ||
    first === undefined ||
    last === undefined ||
    firstMs === undefined ||
    lastMs === undefined
  )
    return undefined
  let change = last - first
  if (counter) change += resetTotal(values)
  const sampledSeconds = (lastMs - firstMs) / 1000
  const gapSeconds = sampledSeconds / (values.length - 1)
  let toStart = (firstMs - fromMs) / 1000
  const toEnd = (toMs - lastMs) / 1000
  if (counter && change > 0 && first >= 0) toStart = Math.min(toStart, sampledSeconds * (first / change))
  const threshold = gapSeconds * 1.1
  const covered =
    sampledSeconds +
    (toStart < threshold ? toStart : gapSeconds / 2) +
    (toEnd < threshold ? toEnd : gapSeconds / 2)
  const result = change * (covered / sampledSeconds)
  return perSecond ? result / ((toMs - fromMs) / 1000) : result
}

function resetTotal(values: readonly number[]): number {
  let total = 0
  for (let index = 1; index < values.length; index += 1) {
    const before = values[index - 1] ?? 0
    if ((values[index] ?? 0) < before) total += before
  }
  return total
}

function lastStep({ series }: Window, { counter, perSecond }: RateKind): number | undefined {
  const { times, values } = series
  const last = values.at(-1)
  const before = values.at(-2)
  if (last === undefined || before === undefined) return undefined
  const change = counter && last < before ? last : last - before
  return perSecond ? change / (((times.at(-1) ?? 0) - (times.at(-2) ?? 0)) / 1000) : change
}
