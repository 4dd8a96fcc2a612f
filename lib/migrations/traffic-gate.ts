import { IDLE, stepTrigger, type TickVerdict, type TriggerState } from '../alerts/trigger'
import type { MigrationsPolicy } from './policy'

/** Window is what was counted in one tick on one track, of all reporters together; latencies in ms. */
export type Window = {
  readonly atMs: number
  readonly requests: number
  readonly errors: number
  readonly mismatches: number
  readonly p95Ms: number | null
}

/** SIGNALS are what a shift is judged by. */
export const SIGNALS = ['errors', 'p95', 'mismatches'] as const

/** Signal is one of them. */
export type Signal = (typeof SIGNALS)[number]

/** SignalState is one signal now: its trigger, its newest value and whether that is good, between, bad or not known. */
export type SignalState = {
  readonly signal: Signal
  readonly trigger: TriggerState
  readonly value: number | null
  readonly rating: 'ok' | 'marginal' | 'breach' | 'unknown'
  readonly limits: { readonly ok: number; readonly breach: number; readonly holdSeconds: number }
}

/** GateVerdict is what a shift may do now, in words; `inconclusive` can be accepted by a person with a reason. */
export type GateVerdict = {
  readonly kind: 'pass' | 'wait' | 'hold' | 'inconclusive' | 'roll-back'
  readonly words: string
  readonly signals: readonly SignalState[]
  readonly observedSeconds: number
  readonly requests: number
}

/** GateInput is what a gate is judged by; windows of the new side and of comparisons, since the shift began. */
export type GateInput = {
  readonly windows: readonly Window[]
  readonly compared: readonly Window[]
  readonly shiftedSinceMs: number
  readonly stepSinceMs: number
  readonly noisePercent: number
  readonly nowMs: number
  readonly policy: MigrationsPolicy
}

/** How far back triggers look: a run of steps that is older has long been judged. */
const LOOK_BACK_MS = 2 * 3_600_000

function limitsOf({ policy, noisePercent }: GateInput, signal: Signal): SignalState['limits'] {
  const { errorPercent, p95Ms, mismatchPercent } = policy.triggers
  if (signal === 'errors') return errorPercent
  if (signal === 'p95') return p95Ms
  return {
    ...mismatchPercent,
    ok: mismatchPercent.ok + noisePercent,
    breach: mismatchPercent.breach + noisePercent,
  }
}

function figureOf(window: Window, signal: Signal): number | null {
  if (signal === 'p95') return window.p95Ms
  if (window.requests === 0) return null
  return ((signal === 'errors' ? window.errors : window.mismatches) / window.requests) * 100
}

function ratingOf(value: number | null, limits: SignalState['limits']): SignalState['rating'] {
  if (value === null) return 'unknown'
  if (value > limits.breach) return 'breach'
  return value < limits.ok ? 'ok' : 'marginal'
}

/** A figure between its limits is no breach: it ends nothing and starts nothing. */
const VERDICTS: Readonly<Record<SignalState['rating'], TickVerdict>> = {
  ok: 'ok',
  marginal: 'ok',
  breach: 'breach',
  unknown: 'unknown',
}

function signalState(input: GateInput, signal: Signal): SignalState {
  const { policy, nowMs } = input
  const { tickSeconds, maxGapSeconds, clearTicks } = policy.triggers
  const limits = limitsOf(input, signal)
  const windows = new Map(
    (signal === 'mismatches' ? input.compared : input.windows).map((window) => [window.atMs, window]),
  )
  const tickMs = tickSeconds * 1_000
  const from = Math.ceil(Math.max(input.shiftedSinceMs, nowMs - LOOK_BACK_MS) / tickMs) * tickMs
  let trigger = IDLE
  let value: number | null = null
  let rating: SignalState['rating'] = 'unknown'
  let knownAtMs = 0
  // The tick that is going on is judged as soon as it says something, and as missing only once it is over.
  for (let atMs = from; atMs <= nowMs; atMs += tickMs) {
    const window = windows.get(atMs)
    if (window === undefined && atMs + 2 * tickMs > nowMs) continue
    const found = window === undefined ? null : figureOf(window, signal)
    const judged = ratingOf(found, limits)
    if (found !== null) [value, rating, knownAtMs] = [found, judged, atMs]
    trigger = stepTrigger(
      trigger,
      { verdict: VERDICTS[judged], atMs },
      { tickSeconds, maxGapSeconds, clearTicks, holdSeconds: limits.holdSeconds },
    )
  }
  const isStale = nowMs - knownAtMs > maxGapSeconds * 1_000 + 2 * tickMs
  return { signal, trigger, value, rating: isStale ? 'unknown' : rating, limits }
}

/** SIGNAL_WORDS names each signal in a sentence. */
export const SIGNAL_WORDS: Readonly<Record<Signal, string>> = {
  errors: 'error rate of the new side',
  p95: 'p95 of the new side',
  mismatches: 'answers that differ',
}

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
  const signals = SIGNALS.map((signal) => signalState(input, signal))
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
  if (firing)
    return say('roll-back', `The ${SIGNAL_WORDS[firing.signal]} is beyond its limit, for as long as allowed.`)
  const pending = signals.find(({ trigger }) => trigger.phase === 'pending')
  if (pending)
    return say(
      'hold',
      `The ${SIGNAL_WORDS[pending.signal]} is beyond its limit: ${span(pending.trigger.creditedSeconds)} of ${span(pending.limits.holdSeconds)} seen.`,
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
  const between = signals.find(
    ({ rating, signal }) => rating === 'marginal' || (rating === 'unknown' && signal !== 'mismatches'),
  )
  if (between)
    return say(
      'inconclusive',
      between.rating === 'unknown'
        ? `The ${SIGNAL_WORDS[between.signal]} is not known.`
        : `The ${SIGNAL_WORDS[between.signal]} is between its limits.`,
    )
  return say('pass', 'Every figure is within its limit.')
}
