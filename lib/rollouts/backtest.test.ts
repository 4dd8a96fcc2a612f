import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { backtest, type Series } from './backtest'
import { TICK_MS, type Tick } from './model'
import { ROLLOUT_POLICY, type TriggerRule, triggerId } from './policy'
import { foldTicks } from './triggers'

const policy = ROLLOUT_POLICY.parse(parse(readFileSync('runbooks/policy/rollouts.yaml', 'utf8')))
const rule: TriggerRule = {
  signal: 'error_ratio',
  track: 'canary',
  holdSeconds: 60,
  maxGapSeconds: 45,
  clearTicks: 2,
  minSamples: 20,
  mode: 'rollback',
}

type Seen = { readonly place: number; readonly value: number | null; readonly requests: number | null }

function seriesOf(seen: readonly Seen[]): Series {
  return {
    atMs: Float64Array.from(seen, (_, index) => index * TICK_MS),
    values: Float32Array.from(seen, ({ value }) => value ?? Number.NaN),
    requests: Float32Array.from(seen, ({ requests }) => requests ?? Number.NaN),
    places: Int16Array.from(seen, ({ place }) => place),
  }
}

/** The engine's own way: whole ticks folded one after the other, as a rollout that goes on does it. */
function firedByEngine(seen: readonly Seen[], place: number): number | null {
  const own = { ...policy, triggers: [rule] }
  let folded = foldTicks(own, { triggers: {}, recent: [] }, [])
  for (const [index, { place: of, value, requests }] of seen.entries()) {
    if (of !== place) continue
    const tick: Tick = {
      atMs: index * TICK_MS,
      tracks: {
        canary: {
          requests,
          values: value === null ? {} : { error_ratio: value },
          unseen: value === null ? { error_ratio: 'no_data' } : {},
        },
      },
    }
    folded = foldTicks(own, folded, [tick])
  }
  return folded.triggers[triggerId(rule)]?.firedMs ?? null
}

const tick = fc.record({
  place: fc.integer({ min: -1, max: 2 }),
  value: fc.constantFrom(null, 0.3, 4.9, 5, 5.1, 14, 14, 14),
  requests: fc.constantFrom(null, 0, 2, 11, 45),
})

describe('R-TRG-02 the past judged anew', () => {
  it('fires at the tick at which the engine would have, whatever was seen', () => {
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 120 }), (seen) => {
        const past = [0, 1, 2].map((place) => ({ name: `${place}`, outcome: 'succeeded', startedMs: 0 }))
        const answer = backtest(policy, rule, {}, { past, series: seriesOf(seen) })
        expect(answer.stretches.map(({ firedMs }) => firedMs)).toEqual(
          past.map((_, place) => firedByEngine(seen, place)),
        )
      }),
      { numRuns: 400 },
    )
  })

  it.each([
    [4.9, 4.9, null],
    [4.9, 4.8, 4 * TICK_MS],
    [5, 5, null],
  ])('a stored %d against a bound of %d fires at %s', (value, breachAbove, firedMs) => {
    const seen = Array.from({ length: 8 }, () => ({ place: 0, value, requests: 45 }))
    const past = [{ name: 'one', outcome: 'rolled_back', startedMs: 0 }]
    const answer = backtest(policy, rule, { breachAbove }, { past, series: seriesOf(seen) })
    expect(answer.stretches[0]).toMatchObject({ firedMs, isRight: firedMs !== null, ticks: 8 })
  })
})
