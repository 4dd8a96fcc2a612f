import { z } from 'zod'
import { SIGNALS, type Signal } from './model'

const signal = z.enum(SIGNALS)
const seconds = z.number().int().min(0).max(86_400)
const minutes = z.number().int().min(0).max(1_440)

const band = z.strictObject({
  /** At or above this a figure is no longer ok; above `breachAbove` it is a breach; between them marginal. */
  okBelow: z.number(),
  breachAbove: z.number(),
  /** below turns the comparison round: for a figure where less is worse. */
  isLessWorse: z.boolean().default(false),
})

const trigger = z.strictObject({
  signal,
  track: z.enum(['canary', 'stable', 'service']),
  holdSeconds: seconds,
  maxGapSeconds: seconds.default(60),
  clearTicks: z.number().int().min(1).max(20).default(2),
  /** Fewer requests than this in the last two minutes are no evidence. */
  minSamples: z.number().int().min(0).max(100_000).default(20),
  mode: z.enum(['observe', 'hold', 'rollback']),
})

/** ROLLOUT_POLICY is the shape of the policy of rollouts; durations in the unit of their name. */
export const ROLLOUT_POLICY = z.strictObject({
  /** queries are PromQL per signal; `{match}` becomes the labels of service, environment and version. */
  queries: z.partialRecord(z.enum([...SIGNALS, 'requests']), z.string().min(3).max(2_000)),
  bands: z.record(signal, band),
  triggers: z.array(trigger).min(1).max(40),
  gate: z.strictObject({
    signals: z.array(signal).min(1),
    windowSeconds: seconds,
    minSamples: z.number().int().min(0),
    /** maxHold is how long a gate may wait for evidence: below half of the traffic, and from there on. */
    maxHoldMinutesLow: minutes,
    maxHoldMinutesHigh: minutes,
    inconclusiveMinutes: minutes,
    comparisonRatio: z.number().min(1),
  }),
  telemetry: z.strictObject({
    lostAfterSeconds: seconds,
    rollBackAfterSeconds: seconds,
    rollBackFromPercent: z.number().min(0).max(100),
  }),
  deny: z.strictObject({ decideMinutes: minutes, rollBackBelowPercent: z.number().min(0).max(100) }),
  bakeMinutes: minutes,
  soakMinutes: minutes,
  soakGapSeconds: seconds,
  applyMinutes: minutes,
  lagSeconds: seconds,
  back: z.strictObject({
    routeSeconds: seconds,
    isolateSeconds: seconds,
    redeploySeconds: seconds,
    restartSeconds: seconds,
    zeroSeconds: seconds,
    confirmSeconds: seconds,
    budgetSeconds: seconds,
  }),
  announce: z.strictObject({
    leadMinutes: minutes,
    heartbeatMinutes: minutes,
    rollbackMinutes: minutes,
  }),
})

/** RolloutPolicy is everything a rollout is judged by; a running one keeps the policy that it started under. */
export type RolloutPolicy = z.output<typeof ROLLOUT_POLICY>

/** TriggerRule is one sustained trigger of the policy. */
export type TriggerRule = RolloutPolicy['triggers'][number]

/** triggerId is a trigger’s name in records: its signal and whose it is. */
export function triggerId({ signal, track }: Pick<TriggerRule, 'signal' | 'track'>): string {
  return `${signal}.${track}`
}

/** bandOf gives a signal’s bounds; a signal without a band is never judged. */
export function bandOf(policy: RolloutPolicy, name: Signal): RolloutPolicy['bands'][Signal] | undefined {
  return policy.bands[name]
}
