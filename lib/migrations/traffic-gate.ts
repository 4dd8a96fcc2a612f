import { type SignalInput, type SignalState, signalsOf } from './gate-signals'

/** GateVerdict is what a shift may do now, in words; `inconclusive` can be accepted by a person with a reason. */
export type GateVerdict = {
  readonly kind: 'pass' | 'wait' | 'hold' | 'inconclusive' | 'roll-back'
  readonly words: string
  readonly signals: readonly SignalState[]
  readonly observedSeconds: number
  readonly requests: number
}

/** GateInput is what a gate is judged by. */
export type GateInput = SignalInput & { readonly stepSinceMs: number }

function span(seconds: number): string {
  return seconds >= 60
    ? `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`
    : `${seconds} s`
}

/**
 * judgeGate says whether traffic may be shifted on: back at once when a trigger fires, held while one is pending, waiting
 * until it was watched for long enough with enough requests, inconclusive between the limits. Missing data never passes.
 */
export function judgeGate(input: GateInput): GateVerdict {
  const { policy, nowMs, stepSinceMs } = input
  const tickMs = policy.triggers.tickSeconds * 1_000
  const signals = signalsOf(input)
  const firstMs = Math.ceil(stepSinceMs / tickMs) * tickMs
  const own = input.windows.filter(
    ({ atMs, requests: count }) => atMs >= firstMs && atMs <= nowMs && count > 0,
  )
  const requests = own.reduce((total, window) => total + window.requests, 0)
  const observedSeconds = own.length * policy.triggers.tickSeconds
  const say = (kind: GateVerdict['kind'], words: string): GateVerdict => ({
    kind,
    words,
    signals,
    observedSeconds,
    requests,
  })
  const firing = signals.find(({ trigger }) => trigger.phase === 'firing')
  if (firing) return say('roll-back', `The ${firing.title} is beyond its limit, for as long as allowed.`)
  const pending = signals.find(({ trigger }) => trigger.phase === 'pending')
  if (pending)
    return say(
      'hold',
      `The ${pending.title} is beyond its limit: ${span(pending.trigger.creditedSeconds)} of ${span(pending.limits.holdSeconds)} seen.`,
    )
  if (requests < policy.shift.minRequests)
    return say(
      'wait',
      `${requests} of ${policy.shift.minRequests} requests of the new side seen at this step.`,
    )
  const holdSeconds = policy.shift.holdMinutes * 60
  if (observedSeconds < holdSeconds)
    return say('wait', `${span(observedSeconds)} of ${span(holdSeconds)} watched at this step.`)
  const freshFromMs = nowMs - Math.max(policy.shift.clearSeconds, policy.triggers.maxGapSeconds) * 1_000
  if (!own.some(({ atMs }) => atMs >= freshFromMs))
    return say('wait', 'Nothing was reported of the new side in the last minutes.')
  const late = signals.find(({ worst }) => worst === 'breach')
  if (late)
    return say(
      'hold',
      `The ${late.title} was beyond its limit in the last ${span(policy.shift.clearSeconds)}.`,
    )
  const missing = signals.find(({ rating, isWanted }) => rating === 'unknown' && isWanted)
  if (missing) return say('inconclusive', `The ${missing.title} is not known. ${missing.why}`.trim())
  const between = signals.find(({ worst }) => worst === 'marginal')
  if (between) return say('inconclusive', `The ${between.title} is between its limits.`)
  return say('pass', 'Every figure is within its limit.')
}
