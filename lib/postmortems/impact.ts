import type { Formula, Gathered } from './gathered'
import { clockOf } from './instants'
import type { Figure } from './model'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const LABELS: Readonly<Record<Figure['key'], string>> = {
  'requests-failed': 'requests failed',
  'time-above-limit': 'above the error limit',
  'gpus-down': 'GPUs down at once',
  'gpu-hours': 'GPU-hours without service',
  spend: 'paid for GPUs without service',
  users: 'users touched, estimated',
  revenue: 'revenue, estimated',
}
const UNITS: Readonly<Record<Figure['key'], Figure['unit']>> = {
  'requests-failed': 'count',
  'time-above-limit': 'ms',
  'gpus-down': 'count',
  'gpu-hours': 'hours',
  spend: 'usd',
  users: 'count',
  revenue: 'usd',
}

/** impactOf counts what was lost between the beginning and the end, each figure with its method; rules PM-IMP of docs/rules/postmortems.md. */
export function impactOf(
  gathered: Gathered,
  span: { readonly startMs: number; readonly endMs: number },
): readonly Figure[] {
  const failed = requestsFailed(gathered, span)
  const fleet = fleetFigures(gathered, span)
  const hours = fleet.find((one) => one.key === 'gpu-hours')
  const measured = {
    'requests-failed': failed.value,
    'gpu-hours': hours?.value ?? null,
    minutes: Math.max(0, (span.endMs - span.startMs) / MINUTE_MS),
  }
  return [
    failed,
    timeAbove(gathered, span),
    ...fleet,
    estimated('users', gathered.formulas.users, measured),
    estimated('revenue', gathered.formulas.revenueUsd, measured),
  ]
}

function figure(
  key: Figure['key'],
  rest:
    | { readonly value: number; readonly method: string }
    | { readonly unknown: string; readonly method: string },
): Figure {
  return {
    key,
    label: LABELS[key],
    unit: UNITS[key],
    value: 'value' in rest ? rest.value : null,
    method: rest.method,
    unknown: 'unknown' in rest ? rest.unknown : '',
  }
}

function within<T extends { readonly atMs: number }>(
  items: readonly T[],
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): readonly T[] {
  const firstMs = Math.floor(startMs / MINUTE_MS) * MINUTE_MS
  return items.filter(({ atMs }) => atMs >= firstMs && atMs < endMs)
}

type Span = { readonly startMs: number; readonly endMs: number }

function spanWords({ startMs, endMs }: Span): string {
  return `${clockOf(startMs)} to ${clockOf(endMs)}`
}

function minutesOf({ startMs, endMs }: Span): number {
  return Math.max(1, Math.ceil((endMs - Math.floor(startMs / MINUTE_MS) * MINUTE_MS) / MINUTE_MS))
}

function lacking(known: number, span: Span): string {
  const without = Math.max(0, minutesOf(span) - known)
  return without === 0
    ? 'No minute is missing.'
    : `${without} of ${minutesOf(span)} minutes have no reading and add nothing.`
}

function requestsFailed({ api }: Gathered, span: Span): Figure {
  const known = within(api, span).filter((minute) => minute.serverErrors !== null)
  const method = `5xx answers of the provider’s API to our integration, from Prometheus: the worst reading of each minute (per minute), added up from ${spanWords(span)}. ${lacking(known.length, span)}`
  if (known.length === 0)
    return figure('requests-failed', {
      unknown: 'No minute of the incident has a reading of 5xx answers',
      method,
    })
  const sum = known.reduce((total, minute) => total + (minute.serverErrors ?? 0), 0)
  return figure('requests-failed', { value: Math.round(sum), method })
}

function timeAbove({ api, limits }: Gathered, span: Span): Figure {
  const known = within(api, span).filter((minute) => minute.errorRatio !== null)
  const method = `Minutes from ${spanWords(span)} whose worst error ratio was above ${limits.errorRatioPercent} %. ${lacking(known.length, span)}`
  if (known.length === 0)
    return figure('time-above-limit', { unknown: 'No minute of the incident has an error ratio', method })
  const above = known.filter((minute) => (minute.errorRatio ?? 0) > limits.errorRatioPercent).length
  return figure('time-above-limit', { value: above * MINUTE_MS, method })
}

function fleetFigures({ fleet, fleetStepMs }: Gathered, span: Span): readonly Figure[] {
  const known = within(fleet, span)
  const every = `${Math.round(fleetStepMs / MINUTE_MS)} min`
  const basis = `GPUs that the rules rated as a breach, in the fleet as it was kept every ${every} from ${spanWords(span)}`
  const unknown = 'The state of the fleet of that time is no longer kept'
  if (known.length === 0)
    return (['gpus-down', 'gpu-hours', 'spend'] as const).map((key) =>
      figure(key, { unknown, method: `${basis}.` }),
    )
  const before = fleet.filter(({ atMs }) => atMs < span.startMs).at(-1)
  const worst = known.reduce((most, minute) => (minute.down > most.down ? minute : most))
  const hidden = Math.max(...known.map((minute) => minute.unknown))
  const also = `${before === undefined ? '' : ` ${before.down} were down already before it began.`}${
    hidden === 0 ? '' : ` Up to ${hidden} could not be judged and are not counted.`
  }`
  // Each state holds until the next that was kept; the last one until the end.
  const held = known.map((minute, place) => ({
    minute,
    ms: Math.max(
      0,
      Math.min(known[place + 1]?.atMs ?? span.endMs, minute.atMs + 2 * fleetStepMs) -
        Math.max(minute.atMs, span.startMs),
    ),
  }))
  const hours = held.reduce((sum, { minute, ms }) => sum + (minute.down * ms) / HOUR_MS, 0)
  const dollars = held.reduce((sum, { minute, ms }) => sum + (minute.centsPerHour * ms) / HOUR_MS / 100, 0)
  return [
    figure('gpus-down', {
      value: worst.down,
      method: `The most at one moment (${clockOf(worst.atMs)}) of the ${basis}.${also}`,
    }),
    figure('gpu-hours', {
      value: round(hours),
      method: `${basis}, each held until the next one, added up over ${known.length} moments.${also}`,
    }),
    figure('spend', {
      value: round(dollars),
      method: `The same GPU-hours at the price that the provider listed for each instance, shared among its GPUs.${also}`,
    }),
  ]
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function estimated(
  key: 'users' | 'revenue',
  formula: Formula | null,
  measured: Readonly<Record<Formula['of'], number | null>>,
): Figure {
  const name = key === 'users' ? 'users' : 'revenueUsd'
  if (formula === null)
    return figure(key, {
      unknown: 'Nobody has stated a formula',
      method: `State one under ${name} in the policy of postmortems, or correct it by hand.`,
    })
  const base = measured[formula.of]
  const words = `${formula.of.replace('-', ' ')} × ${formula.times}, because ${formula.because}`
  if (base === null)
    return figure(key, { unknown: `There is no count of ${formula.of.replace('-', ' ')}`, method: words })
  return figure(key, {
    value: key === 'users' ? Math.ceil(base * formula.times) : round(base * formula.times),
    method: `${round(base)} ${words}.`,
  })
}
