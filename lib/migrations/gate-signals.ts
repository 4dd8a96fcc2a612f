import { IDLE, stepTrigger, type TickVerdict, type TriggerState } from '../alerts/trigger'
import { type MigrationsPolicy, staleAfterMs } from './policy'

/** Window is what was counted in one tick on one track, of all reporters together; latencies in ms. */
export type Window = {
  readonly atMs: number
  readonly requests: number
  readonly errors: number
  readonly mismatches: number
  readonly p95Ms: number | null
}

/** Limits are those of a figure: below `ok` it is good, above `breach` bad, and bad for `holdSeconds` sends traffic back. */
export type Limits = { readonly ok: number; readonly breach: number; readonly holdSeconds: number }

/** WatchedQuery is a Prometheus query that the plan names, with what it came to at each tick; null could not be read. */
export type WatchedQuery = {
  readonly name: string
  readonly unit: string
  readonly limits: Limits
  readonly readings: readonly { readonly atMs: number; readonly value: number | null; readonly why: string }[]
}

/** SignalInput is what signals are judged by; windows of the new side and of comparisons, since the shift began. */
export type SignalInput = {
  readonly windows: readonly Window[]
  readonly compared: readonly Window[]
  readonly queries: readonly WatchedQuery[]
  readonly shiftedSinceMs: number
  readonly noisePercent: number
  readonly nowMs: number
  readonly policy: MigrationsPolicy
}

type Rating = 'ok' | 'marginal' | 'breach' | 'unknown'

/** SignalState is one signal now: its trigger, its newest value and whether that is good, between, bad or not known. */
export type SignalState = {
  /** signal is `errors`, `p95`, `mismatches`, or `query:` with the query's name. */
  readonly signal: string
  /** title names it in a sentence. */
  readonly title: string
  readonly unit: string
  readonly trigger: TriggerState
  readonly value: number | null
  readonly rating: Rating
  /** worst is the worst known rating of the last `clearSeconds`, or the newest one's. */
  readonly worst: Rating
  /** isWanted says that without this figure nobody can say that all is well. */
  readonly isWanted: boolean
  /** why says why it is not known, where somebody said so. */
  readonly why: string
  readonly limits: Limits
}

/** LOOK_BACK_MS is how far back triggers look: a run of steps that is older has long been judged. */
export const LOOK_BACK_MS = 2 * 3_600_000

/** Watched is a figure by the start of its tick; null was told, but is no figure. */
type Watched = Pick<SignalState, 'signal' | 'title' | 'unit' | 'isWanted' | 'why' | 'limits'> & {
  readonly figures: ReadonlyMap<number, number | null>
}

function ratingOf(value: number | null, limits: Limits): Rating {
  if (value === null) return 'unknown'
  if (value > limits.breach) return 'breach'
  return value < limits.ok ? 'ok' : 'marginal'
}

/** A figure between its limits is no breach: it ends nothing and starts nothing. */
const VERDICTS: Readonly<Record<Rating, TickVerdict>> = {
  ok: 'ok',
  marginal: 'ok',
  breach: 'breach',
  unknown: 'unknown',
}

const BADNESS: readonly Rating[] = ['unknown', 'ok', 'marginal', 'breach']

function worseOf(one: Rating, other: Rating): Rating {
  return BADNESS.indexOf(one) > BADNESS.indexOf(other) ? one : other
}

function stateOf(watched: Watched, { policy, nowMs, shiftedSinceMs }: SignalInput): SignalState {
  const { figures, ...signal } = watched
  const { limits } = signal
  const { tickSeconds, maxGapSeconds, clearTicks } = policy.triggers
  const tickMs = tickSeconds * 1_000
  const clearFromMs = nowMs - policy.shift.clearSeconds * 1_000
  const from = Math.ceil(Math.max(shiftedSinceMs, nowMs - LOOK_BACK_MS) / tickMs) * tickMs
  let trigger = IDLE
  let value: number | null = null
  let rating: Rating = 'unknown'
  let worst: Rating = 'unknown'
  let knownAtMs = 0
  // The tick that is going on is judged as soon as it says something, and as missing only once it is over.
  for (let atMs = from; atMs <= nowMs; atMs += tickMs) {
    const found = figures.get(atMs)
    if (found === undefined && atMs + 2 * tickMs > nowMs) continue
    const judged = ratingOf(found ?? null, limits)
    if (typeof found === 'number') {
      ;[value, rating, knownAtMs] = [found, judged, atMs]
      if (atMs > clearFromMs) worst = worseOf(judged, worst)
    }
    trigger = stepTrigger(
      trigger,
      { verdict: VERDICTS[judged], atMs },
      { tickSeconds, maxGapSeconds, clearTicks, holdSeconds: limits.holdSeconds },
    )
  }
  if (nowMs - knownAtMs > staleAfterMs(policy)) rating = 'unknown'
  return {
    ...signal,
    trigger,
    value,
    rating,
    worst: rating === 'unknown' ? 'unknown' : worseOf(rating, worst),
  }
}

function percentAt(
  windows: readonly Window[],
  countOf: (window: Window) => number,
): ReadonlyMap<number, number | null> {
  return new Map(
    windows.map((window) => [
      window.atMs,
      window.requests === 0 ? null : (countOf(window) / window.requests) * 100,
    ]),
  )
}

function ofQuery({ name, unit, limits, readings }: WatchedQuery): Watched {
  return {
    signal: `query:${name}`,
    title: name,
    unit,
    limits,
    isWanted: true,
    why: readings.at(-1)?.why ?? 'It was not read yet.',
    figures: new Map(readings.map((reading) => [reading.atMs, reading.value])),
  }
}

/** signalsOf judges every signal of a shift: what the facade reports, and the queries that the plan names. */
export function signalsOf(input: SignalInput): readonly SignalState[] {
  const { windows, compared, noisePercent, policy } = input
  const { errorPercent, p95Ms, mismatchPercent } = policy.triggers
  const { ok, breach, holdSeconds } = mismatchPercent
  const told = { unit: '%', isWanted: true, why: '' }
  const watched: readonly Watched[] = [
    {
      ...told,
      signal: 'errors',
      title: 'error rate of the new side',
      limits: errorPercent,
      figures: percentAt(windows, ({ errors }) => errors),
    },
    {
      ...told,
      signal: 'p95',
      title: 'p95 of the new side',
      unit: 'ms',
      limits: p95Ms,
      figures: new Map(windows.map((window) => [window.atMs, window.p95Ms])),
    },
    {
      ...told,
      signal: 'mismatches',
      title: 'share of answers that differ',
      // A facade need not compare while traffic is shifted; one that did and fell silent leaves it unknown.
      isWanted: compared.length > 0,
      limits: { ok: ok + noisePercent, breach: breach + noisePercent, holdSeconds },
      figures: percentAt(compared, ({ mismatches }) => mismatches),
    },
    ...input.queries.map(ofQuery),
  ]
  return watched.map((one) => stateOf(one, input))
}
