import { IDLE, stepTrigger, type TickVerdict, type TriggerPolicy } from '../alerts/trigger'
import { SAMPLE_TICKS, triggerVerdict } from './bands'
import { type Memory, TICK_MS, type Tick, type Verdict } from './model'
import { type RolloutPolicy, type TriggerRule, triggerId } from './policy'

/** UNTOUCHED is a trigger that has seen nothing. */
export const UNTOUCHED: Memory = { ...IDLE, firedMs: null }

/** asTick maps a verdict onto what a sustained trigger takes: a marginal figure is no breach, and what was not seen is neither. */
export function asTick(verdict: Verdict): TickVerdict {
  switch (verdict) {
    case 'breach':
      return 'breach'
    case 'ok':
    case 'marginal':
      return 'ok'
    case 'no_data':
    case 'stale':
    case 'error':
    case 'low_sample':
      return 'unknown'
  }
}

/** evaluatorOf gives a rule’s numbers as the shared evaluator takes them. */
export function evaluatorOf(rule: TriggerRule): TriggerPolicy {
  return {
    tickSeconds: TICK_MS / 1_000,
    holdSeconds: rule.holdSeconds,
    maxGapSeconds: rule.maxGapSeconds,
    clearTicks: rule.clearTicks,
  }
}

/** Folded is what ticks made of the triggers. */
export type Folded = {
  readonly triggers: Readonly<Record<string, Memory>>
  readonly recent: readonly Tick[]
}

/** RECENT_TICKS is how many ticks the engine keeps at hand: ten minutes. */
export const RECENT_TICKS = 40

/**
 * foldTicks folds new ticks into the triggers. A trigger belongs to the rollout and not to a step; one that fired for a way
 * back stays fired, one that only holds follows what is seen.
 */
export function foldTicks(policy: RolloutPolicy, before: Folded, ticks: readonly Tick[]): Folded {
  const triggers: Record<string, Memory> = { ...before.triggers }
  let recent = before.recent
  for (const tick of ticks) {
    recent = [...recent.slice(1 - RECENT_TICKS), tick]
    for (const rule of policy.triggers) {
      const id = triggerId(rule)
      triggers[id] = foldOne(policy, rule, triggers[id] ?? UNTOUCHED, recent)
    }
  }
  return { triggers, recent }
}

function foldOne(policy: RolloutPolicy, rule: TriggerRule, memory: Memory, recent: readonly Tick[]): Memory {
  const atMs = recent.at(-1)?.atMs ?? 0
  const verdict = asTick(triggerVerdict(policy, rule, recent.slice(-SAMPLE_TICKS)))
  const state = stepTrigger(memory, { verdict, atMs }, evaluatorOf(rule))
  if (memory.firedMs !== null && rule.mode === 'rollback')
    return { ...memory, okRun: state.okRun, firedMs: memory.firedMs }
  return { ...state, firedMs: state.phase === 'firing' ? (memory.firedMs ?? atMs) : null }
}

/** firing gives the rules of a mode that have fired, in the policy’s order. */
export function firing(
  policy: RolloutPolicy,
  triggers: Readonly<Record<string, Memory>>,
  mode: TriggerRule['mode'],
): readonly TriggerRule[] {
  return policy.triggers.filter((rule) => rule.mode === mode && triggers[triggerId(rule)]?.firedMs != null)
}

/** pending gives the rules that see a breach and have not fired; those that are only observed block nothing. */
export function pending(
  policy: RolloutPolicy,
  triggers: Readonly<Record<string, Memory>>,
): readonly TriggerRule[] {
  return policy.triggers.filter(
    (rule) => rule.mode !== 'observe' && triggers[triggerId(rule)]?.phase === 'pending',
  )
}

/** isBlind is whether every trigger of the new version that could act has lost its evidence at this tick. */
export function isBlind(policy: RolloutPolicy, recent: readonly Tick[]): boolean {
  const rules = policy.triggers.filter((rule) => rule.track === 'canary' && rule.mode === 'rollback')
  if (rules.length === 0 || recent.length === 0) return false
  return rules.every((rule) => {
    const verdict = triggerVerdict(policy, rule, recent)
    return verdict === 'no_data' || verdict === 'stale' || verdict === 'error'
  })
}
