import { IDLE, stepTrigger } from '../alerts/trigger'
import { SAMPLE_TICKS, triggerVerdict } from './bands'
import type { Tick } from './model'
import { type RolloutPolicy, type TriggerRule, triggerId } from './policy'
import { asTick, evaluatorOf } from './triggers'

/** Past is one stretch of stored ticks: a deployment with how it ended, or quiet days. */
export type Past = {
  readonly name: string
  readonly outcome: string
  readonly startedMs: number
  readonly ticks: readonly Tick[]
}

/** Fired is what a trigger would have done in a stretch. */
export type Fired = {
  readonly name: string
  readonly outcome: string
  readonly startedMs: number
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

/** backtest says when a trigger would have fired over stored ticks, with the evaluator that judges live. */
export function backtest(
  policy: RolloutPolicy,
  rule: TriggerRule,
  numbers: Numbers,
  past: readonly Past[],
): Backtest {
  const changed: TriggerRule = {
    ...rule,
    holdSeconds: numbers.holdSeconds ?? rule.holdSeconds,
    mode: 'rollback',
  }
  const band = policy.bands[rule.signal]
  const alone: RolloutPolicy = {
    ...policy,
    triggers: [changed],
    bands: {
      ...policy.bands,
      ...(band ? { [rule.signal]: { ...band, breachAbove: numbers.breachAbove ?? band.breachAbove } } : {}),
    },
  }
  const stretches = past.map((one) => firedIn(alone, changed, one))
  return {
    trigger: triggerId(rule),
    stretches,
    fired: stretches.filter(({ firedMs }) => firedMs !== null).length,
    missed: stretches.filter(({ isRight, firedMs }) => !isRight && firedMs === null).length,
    falseAlarms: stretches.filter(({ isRight, firedMs }) => !isRight && firedMs !== null).length,
    ticks: stretches.reduce((sum, { ticks }) => sum + ticks, 0),
  }
}

function firedIn(policy: RolloutPolicy, rule: TriggerRule, { name, outcome, startedMs, ticks }: Past): Fired {
  const numbers = evaluatorOf(rule)
  const recent: Tick[] = []
  let state = IDLE
  let firedMs: number | null = null
  for (const tick of ticks) {
    recent.push(tick)
    if (recent.length > SAMPLE_TICKS) recent.shift()
    state = stepTrigger(
      state,
      { verdict: asTick(triggerVerdict(policy, rule, recent)), atMs: tick.atMs },
      numbers,
    )
    if (state.phase !== 'firing') continue
    firedMs = tick.atMs
    break
  }
  const shouldFire = outcome === 'rolled_back' || outcome === 'rollback_failed'
  return {
    name,
    outcome,
    startedMs,
    firedMs,
    isRight: shouldFire === (firedMs !== null),
    ticks: ticks.length,
  }
}
