import { IDLE, stepTrigger, type TickVerdict } from '../alerts/trigger'
import { judgeValue, SAMPLE_TICKS } from './bands'
import { type RolloutPolicy, type TriggerRule, triggerId } from './policy'
import { evaluatorOf } from './triggers'

/** Past is one stretch of stored ticks: a deployment with how it ended, or quiet days. */
export type Past = { readonly name: string; readonly outcome: string; readonly startedMs: number }

/** Series is one signal of one track by time, in columns; NaN is what nobody knows, `places` say which stretch a tick is of. */
export type Series = {
  readonly atMs: Float64Array
  readonly values: Float32Array
  readonly requests: Float32Array
  readonly places: Int16Array
}

/** Fired is what a trigger would have done in a stretch. */
export type Fired = Past & {
  readonly firedMs: number | null
  /** isRight: it fired where a deployment went back, or stayed still where one held. */
  readonly isRight: boolean
  readonly ticks: number
}

/** Backtest is a trigger run over the past under other numbers. */
export type Backtest = {
  readonly trigger: string
  readonly stretches: readonly Fired[]
  readonly fired: number
  readonly missed: number
  readonly falseAlarms: number
  readonly ticks: number
}

/** Numbers are what the sliders move. */
export type Numbers = { readonly breachAbove?: number; readonly holdSeconds?: number }

/** backtest says when a trigger would have fired over stored ticks: one pass, with the evaluator that judges live. */
export function backtest(
  policy: RolloutPolicy,
  rule: TriggerRule,
  numbers: Numbers,
  { past, series }: { readonly past: readonly Past[]; readonly series: Series },
): Backtest {
  const changed = { ...rule, holdSeconds: numbers.holdSeconds ?? rule.holdSeconds }
  const judge = judgeOf(policy, rule, numbers.breachAbove)
  const watches = past.map(() => createWatch(judge, changed))
  const { atMs, values, requests, places } = series
  for (let tick = 0; tick < atMs.length; tick += 1)
    watches[places[tick] ?? -1]?.see(
      atMs[tick] ?? 0,
      values[tick] ?? Number.NaN,
      requests[tick] ?? Number.NaN,
    )
  const stretches = watches.flatMap((watch, place) => (past[place] ? [watch.ended(past[place])] : []))
  return {
    trigger: triggerId(rule),
    stretches,
    fired: stretches.filter(({ firedMs }) => firedMs !== null).length,
    missed: stretches.filter(({ isRight, firedMs }) => !isRight && firedMs === null).length,
    falseAlarms: stretches.filter(({ isRight, firedMs }) => !isRight && firedMs !== null).length,
    ticks: stretches.reduce((sum, { ticks }) => sum + ticks, 0),
  }
}

/** Stored figures have single precision: a bound is rounded as they were, so that what stood at it stays at it. */
function judgeOf(
  policy: RolloutPolicy,
  { signal }: TriggerRule,
  breachAbove: number | undefined,
): RolloutPolicy {
  const band = policy.bands[signal]
  if (!band) return policy
  const rounded = {
    ...band,
    okBelow: Math.fround(band.okBelow),
    breachAbove: Math.fround(breachAbove ?? band.breachAbove),
  }
  return { ...policy, bands: { ...policy.bands, [signal]: rounded } }
}

type Watch = {
  readonly see: (atMs: number, value: number, requests: number) => void
  readonly ended: (past: Past) => Fired
}

function createWatch(policy: RolloutPolicy, rule: TriggerRule): Watch {
  const numbers = evaluatorOf(rule)
  const recent = new Float32Array(SAMPLE_TICKS).fill(Number.NaN)
  let ticks = 0
  let state = IDLE
  let firedMs: number | null = null
  const verdictOf = (value: number): TickVerdict => {
    if (!Number.isFinite(value) || (rule.minSamples > 0 && isFew(recent, rule.minSamples))) return 'unknown'
    return judgeValue(policy, rule.signal, value) === 'breach' ? 'breach' : 'ok'
  }
  return {
    see: (atMs, value, requests) => {
      recent[ticks % SAMPLE_TICKS] = requests
      ticks += 1
      if (firedMs !== null) return
      const verdict = verdictOf(value)
      // What is still and quiet stays so: most of a month costs no step.
      const isStill =
        state.phase === 'inactive' &&
        (verdict === 'unknown' || (verdict === 'ok' && state.okRun >= numbers.clearTicks))
      if (isStill) return
      state = stepTrigger(state, { verdict, atMs }, numbers)
      if (state.phase === 'firing') firedMs = atMs
    },
    ended: (past) => {
      const shouldFire = past.outcome === 'rolled_back' || past.outcome === 'rollback_failed'
      return { ...past, firedMs, isRight: shouldFire === (firedMs !== null), ticks }
    },
  }
}

function isFew(recent: Float32Array, least: number): boolean {
  let sum = 0
  let known = 0
  for (const count of recent) {
    if (Number.isNaN(count)) continue
    sum += count
    known += 1
  }
  return known > 0 && sum < least
}
