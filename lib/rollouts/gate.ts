import { isFigure, requestsOf, verdictAt } from './bands'
import {
  type HoldReason,
  type Memory,
  SIGNAL_WORDS,
  type Signal,
  type Step,
  TICK_MS,
  type Tick,
  type Track,
  type Verdict,
} from './model'
import type { RolloutPolicy } from './policy'
import { triggerId } from './policy'
import { firing, pending } from './triggers'

/** GateLine is one condition at the end of a step with what was seen. */
export type GateLine = {
  readonly rule: string
  readonly name: string
  readonly result: 'pass' | 'hold' | 'marginal' | 'breach' | 'unknown'
  readonly seen: string
  readonly wanted: string
}

/** GateAnswer is whether a step may be left, with every condition that was asked. */
export type GateAnswer = {
  readonly isOpen: boolean
  readonly reason: HoldReason | null
  readonly lines: readonly GateLine[]
}

/** GateInput is all that a gate looks at. */
export type GateInput = {
  readonly policy: RolloutPolicy
  readonly step: Pick<Step, 'requests' | 'percent' | 'kind'>
  readonly triggers: Readonly<Record<string, Memory>>
  readonly recent: readonly Tick[]
  /** isConverged is null when the target could not be looked at. */
  readonly isConverged: boolean | null
  readonly track: Track
}

/** askGate judges one point in time; a condition that nobody could read never passes. */
export function askGate(input: GateInput): GateAnswer {
  const { policy, triggers } = input
  const held = firing(policy, triggers, 'hold')
  const waiting = pending(policy, triggers)
  const lines: GateLine[] = [
    {
      rule: 'R-GAT-01',
      name: 'Triggers',
      result: held.length + waiting.length === 0 ? 'pass' : 'hold',
      seen: triggersSeen(held.map(triggerId), waiting.map(triggerId)),
      wanted: 'none pending',
    },
    {
      rule: 'R-GAT-02',
      name: 'Target',
      result: input.isConverged === true ? 'pass' : input.isConverged === false ? 'hold' : 'unknown',
      seen:
        input.isConverged === true
          ? 'as asked for'
          : input.isConverged === false
            ? 'not there yet'
            : 'not read',
      wanted: 'as asked for',
    },
    samplesLine(input),
    ...policy.gate.signals.map((signal) => signalLine(input, signal)),
    comparisonLine(input),
  ]
  const reason = reasonOf(lines, held.length > 0)
  return { isOpen: reason === null, reason, lines }
}

function triggersSeen(held: readonly string[], waiting: readonly string[]): string {
  if (held.length > 0) return `firing: ${held.join(', ')}`
  return waiting.length > 0 ? `pending: ${waiting.join(', ')}` : 'none'
}

function reasonOf(lines: readonly GateLine[], isHeld: boolean): HoldReason | null {
  const bad = (rule: string): GateLine | undefined =>
    lines.find((line) => line.rule === rule && line.result !== 'pass')
  if (bad('R-GAT-01')) return isHeld ? 'firing-hold' : 'pending-trigger'
  if (bad('R-GAT-02')) return 'not-converged'
  if (bad('R-GAT-03')) return 'low-sample'
  const signals = lines.filter((line) => line.rule === 'R-GAT-04')
  if (signals.some((line) => line.result === 'breach' || line.result === 'marginal')) return 'marginal'
  if (signals.some((line) => line.result === 'unknown')) return 'no-evidence'
  return bad('R-GAT-05') ? 'comparison' : null
}

function samplesLine({ policy, step }: GateInput): GateLine {
  const { minSamples } = policy.gate
  return {
    rule: 'R-GAT-03',
    name: 'Samples',
    result: step.requests >= minSamples ? 'pass' : 'hold',
    seen: `${Math.round(step.requests)} requests`,
    wanted: `≥ ${minSamples}`,
  }
}

function windowOf({ policy, recent }: GateInput): readonly Tick[] {
  return recent.slice(-Math.max(1, Math.round((policy.gate.windowSeconds * 1_000) / TICK_MS)))
}

function signalLine(input: GateInput, signal: Signal): GateLine {
  const ticks = windowOf(input)
  const verdicts = ticks.map((tick) => verdictAt(input.policy, tick, { signal, track: input.track }))
  const values = ticks.flatMap((tick) => tick.tracks[input.track]?.values[signal] ?? [])
  const band = input.policy.bands[signal]
  const { name, unit } = SIGNAL_WORDS[signal]
  const last = values.at(-1)
  return {
    rule: 'R-GAT-04',
    name,
    result: worst(verdicts, Math.round((input.policy.gate.windowSeconds * 1_000) / TICK_MS)),
    seen: last === undefined ? 'no reading' : valueWords(signal, last),
    wanted: signal === 'health' ? 'passing' : `< ${band?.okBelow ?? '?'} ${unit}`.trim(),
  }
}

/** valueWords writes a figure with its unit. */
export function valueWords(signal: Signal, value: number): string {
  if (signal === 'health') return value >= 1 ? 'passing' : 'failing'
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0
  return `${value.toFixed(digits)} ${SIGNAL_WORDS[signal].unit}`.trim()
}

/** The window must be whole: a tick that is missing from it is not one that passed. */
function worst(verdicts: readonly Verdict[], ticks: number): GateLine['result'] {
  if (verdicts.includes('breach')) return 'breach'
  if (verdicts.includes('marginal')) return 'marginal'
  return verdicts.length >= ticks && verdicts.every(isFigure) ? 'pass' : 'unknown'
}

/** The comparison with the stable version can only turn a pass into a hold: it never rolls anything back. */
function comparisonLine({ policy, recent, track }: GateInput): GateLine {
  const ratio = track === 'canary' ? meanRatio(recent) : null
  return {
    rule: 'R-GAT-05',
    name: 'Against stable',
    result: ratio !== null && ratio >= policy.gate.comparisonRatio ? 'marginal' : 'pass',
    seen: ratio === null ? 'not compared' : `p95 × ${ratio.toFixed(2)}`,
    wanted: `< × ${policy.gate.comparisonRatio}`,
  }
}

const COMPARED_TICKS = 8

function meanRatio(recent: readonly Tick[]): number | null {
  const pairs = recent.flatMap((tick) => {
    const fresh = tick.tracks.canary?.values.p95
    const stable = tick.tracks.stable?.values.p95
    return fresh === undefined || stable === undefined || stable <= 0 ? [] : [{ fresh, stable }]
  })
  if (pairs.length < COMPARED_TICKS) return null
  const sum = (pick: (pair: { fresh: number; stable: number }) => number): number =>
    pairs.reduce((total, pair) => total + pick(pair), 0)
  return sum((pair) => pair.fresh) / sum((pair) => pair.stable)
}

/** stepRequests counts the requests of the ticks that lie in a step. */
export function stepRequests(ticks: readonly Tick[], track: Track, sinceMs: number): number {
  return (
    requestsOf(
      ticks.filter((tick) => tick.atMs >= sinceMs),
      track,
    ) ?? 0
  )
}
