import type { Signal, Tick, Track, Verdict } from './model'
import { bandOf, type RolloutPolicy, type TriggerRule } from './policy'

/** SAMPLE_TICKS is over how many ticks requests are counted for a trigger’s samples: two minutes. */
export const SAMPLE_TICKS = 8

/** judgeValue sets one figure against its band; a breach is looked for first. Undefined without a band. */
export function judgeValue(
  policy: RolloutPolicy,
  signal: Signal,
  value: number,
): 'ok' | 'marginal' | 'breach' {
  const band = bandOf(policy, signal)
  if (!band) return 'ok'
  if (band.isLessWorse) {
    if (value < band.breachAbove) return 'breach'
    return value >= band.okBelow ? 'ok' : 'marginal'
  }
  if (value > band.breachAbove) return 'breach'
  return value < band.okBelow ? 'ok' : 'marginal'
}

/** verdictAt is what a tick showed of one signal of one track; a figure that was not read is never ok. */
export function verdictAt(
  policy: RolloutPolicy,
  tick: Tick,
  of: { readonly signal: Signal; readonly track: Track },
): Exclude<Verdict, 'low_sample'> {
  const track = tick.tracks[of.track]
  const value = track?.values[of.signal]
  if (value === undefined || !Number.isFinite(value)) return track?.unseen[of.signal] ?? 'no_data'
  return judgeValue(policy, of.signal, value)
}

/** requestsOf counts the requests of a track over ticks; null when no tick knows. */
export function requestsOf(ticks: readonly Tick[], track: Track): number | null {
  const known = ticks.flatMap((tick) => tick.tracks[track]?.requests ?? [])
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}

/**
 * triggerVerdict is a tick as one trigger takes it: a figure of too few requests is no evidence. `recent` ends with the
 * tick itself.
 */
export function triggerVerdict(policy: RolloutPolicy, rule: TriggerRule, recent: readonly Tick[]): Verdict {
  const tick = recent.at(-1)
  if (!tick) return 'no_data'
  const verdict = verdictAt(policy, tick, rule)
  if (rule.minSamples === 0 || !isFigure(verdict)) return verdict
  const requests = requestsOf(recent.slice(-SAMPLE_TICKS), rule.track)
  return requests !== null && requests < rule.minSamples ? 'low_sample' : verdict
}

/** isFigure tells a verdict on a figure from the ones that say why there is none. */
export function isFigure(verdict: Verdict): verdict is 'ok' | 'marginal' | 'breach' {
  return verdict === 'ok' || verdict === 'marginal' || verdict === 'breach'
}
