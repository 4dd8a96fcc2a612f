import { IDLE, stepTrigger, type TriggerPolicy, type TriggerState } from '../alerts/trigger'
import type { SignalLook } from './looks'

/** Sizing is one rule that argues for another size: a signal above a limit for long enough. */
export type SizingRule = {
  readonly id: string
  readonly signal: keyof SignalLook
  readonly limit: number
  readonly words: (value: number) => string
}

/** SIZING_RULES are when another size is proposed; rules D-SIZ. A proposal is never carried out by itself. */
export const SIZING_RULES: readonly SizingRule[] = [
  {
    id: 'cpu',
    signal: 'cpuPercent',
    limit: 70,
    words: (value) =>
      `CPU has stayed above 70 % (now ${value.toFixed(0)} %): give it more CPU, or one more unit.`,
  },
  {
    id: 'memory',
    signal: 'memoryPercent',
    limit: 70,
    words: (value) => `Memory has stayed above 70 % (now ${value.toFixed(0)} %): give it more memory.`,
  },
  {
    id: 'latency',
    signal: 'p95Ms',
    limit: 500,
    words: (value) =>
      `p95 has stayed above 500 ms (now ${value.toFixed(0)} ms): give it more CPU, or one more unit.`,
  },
]

/** SIZING_POLICY: fifteen minutes of observed breach, a look a minute, three minutes of silence allowed. */
export const SIZING_POLICY: TriggerPolicy = {
  tickSeconds: 60,
  holdSeconds: 900,
  maxGapSeconds: 180,
  clearTicks: 2,
}

const KEPT = 120

/** SizingSeries is what was seen for a rule: the samples (epoch ms, value or null) and the trigger over them. */
export type SizingSeries = {
  readonly samples: readonly (readonly [number, number | null])[]
  readonly trigger: TriggerState
}

/** EMPTY_SERIES has seen nothing. */
export const EMPTY_SERIES: SizingSeries = { samples: [], trigger: IDLE }

/** sizingStep folds one look into a rule's series: unknown is neither good nor bad. */
export function sizingStep(
  series: SizingSeries,
  rule: SizingRule,
  seen: { readonly value: number | undefined; readonly atMs: number },
): SizingSeries {
  const verdict = seen.value === undefined ? 'unknown' : seen.value > rule.limit ? 'breach' : 'ok'
  return {
    samples: [...series.samples, [seen.atMs, seen.value ?? null] as const].slice(-KEPT),
    trigger: stepTrigger(series.trigger, { verdict, atMs: seen.atMs }, SIZING_POLICY),
  }
}
