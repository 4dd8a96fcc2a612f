import { describe, expect, it } from 'vitest'
import { steppedClock } from '../platform/clock'
import type { Probed } from './executor'
import { createLookBudget, type LookShare } from './look-budget'
import { type Effect, isLookDue, probeWaitMs, questionEffect, verdictOf } from './verify'

const applied = (effect: 'reached' | 'pending' | 'failed'): Probed => ({
  kind: 'applied',
  effect,
  detail: `target: ${effect}`,
})
const told = (effect: Effect['effect']): Effect => ({ effect, detail: `triage: ${effect}` })
const LOST: Probed = { kind: 'not-applied', detail: 'no mark any more' }

const now = { state: 'applied', sinceSentMs: 1_000, withinMs: 60_000 } as const

describe('ACT-VER-01 the effect', () => {
  it.each([
    ['both witnesses say so', applied('reached'), told('reached'), 'effect-reached'],
    ['the target alone is asked and says so', applied('reached'), undefined, 'effect-reached'],
    ['the triage alone is asked and says so', undefined, told('reached'), 'effect-reached'],
    ['the triage does not say so yet', applied('reached'), told('pending'), undefined],
    ['the target does not say so yet', applied('pending'), told('reached'), undefined],
    ['the target fails it, whatever the triage says', applied('failed'), told('reached'), 'effect-failed'],
    ['the mark is gone after it was accepted', LOST, undefined, undefined],
    ['nobody can look', undefined, undefined, undefined],
  ])('when %s', (_name, probed, question, event) => {
    expect(verdictOf({ ...now, probed, question })?.event).toBe(event)
  })
})

describe('ACT-VER-02 an effect that does not come', () => {
  const waiting = { probed: applied('pending'), question: undefined, withinMs: 60_000 }

  it.each([
    ['in its time is waited for', 'applied', 59_999, undefined],
    ['after its time is late', 'applied', 60_000, 'effect-late'],
    ['is late once only', 'pending', 600_000, undefined],
  ] as const)('%s', (_name, state, sinceSentMs, event) => {
    expect(verdictOf({ ...waiting, state, sinceSentMs })?.event).toBe(event)
  })

  it('and comes after all is reached', () => {
    const late = { ...waiting, probed: applied('reached'), state: 'pending', sinceSentMs: 600_000 } as const
    expect(verdictOf(late)?.event).toBe('effect-reached')
  })
})

describe('ACT-VER-01 the triage’s answer', () => {
  const sentAt = new Date(10_000)
  const promise = { question: 'api-429', answer: 'no' } as const
  const answers = (answer: string, observedAtMs: number | null) =>
    new Map([['api-429', { answer, observedAtMs }]])

  it.each([
    ['as promised, seen since', answers('no', 10_001), 'reached'],
    ['as promised, but seen before it was sent', answers('no', 10_000), 'pending'],
    ['as promised, but resting on nothing', answers('no', null), 'pending'],
    ['another one', answers('yes', 10_001), 'pending'],
    ['unknown', answers('unknown', 10_001), 'pending'],
    ['none yet', new Map(), 'pending'],
    ['no triage at all', undefined, 'pending'],
  ])('%s', (_name, given, effect) => {
    expect(questionEffect(promise, given, sentAt)?.effect).toBe(effect)
  })

  it('is not asked where none is promised', () => {
    expect(questionEffect({ question: null, answer: null }, answers('no', 1), sentAt)).toBeUndefined()
  })
})

describe('ACT-VER-03 how often a run is looked at', () => {
  it('is every two seconds at first and at least once a minute later', () => {
    expect([0, 19_999, 20_000, 60_000, 180_000, 1_799_999, 1_800_000].map(probeWaitMs)).toEqual([
      2_000, 2_000, 5_000, 10_000, 20_000, 20_000, 60_000,
    ])
  })

  it('is also at the end of the promised time, once', () => {
    const run = { sentAtMs: 0, withinMs: 90_000, nowMs: 90_000 }
    expect(isLookDue({ ...run, probedAtMs: 85_000 })).toBe(true)
    expect(isLookDue({ ...run, probedAtMs: 90_000, nowMs: 91_000 })).toBe(false)
  })

  /** The looks at runs that were all sent at once, oldest look first, asked each second for five minutes. */
  function looksOf(runs: number, share: LookShare | undefined): readonly number[][] {
    const clock = steppedClock(new Date(0))
    const budget = createLookBudget(clock.monotonicMs)
    const looks = Array.from({ length: runs }, (): number[] => [])
    for (let second = 0; second <= 300; second += 1, clock.advanceMs(1_000)) {
      const nowMs = second * 1_000
      for (const mine of looks.toSorted((a, b) => (a.at(-1) ?? -1) - (b.at(-1) ?? -1)))
        if (
          isLookDue({ nowMs, sentAtMs: 0, probedAtMs: mine.at(-1), withinMs: 240_000 }) &&
          budget.take(share)
        )
          mine.push(nowMs)
    }
    return looks
  }

  it('uses up a fraction of the calls that every two seconds would', () => {
    const [mine = []] = looksOf(1, undefined)
    expect(mine.filter((at) => at < 20_000)).toHaveLength(10)
    expect(mine).toHaveLength(10 + 8 + 12 + 7)
  })

  it('never takes more of an allowance than its share, however many runs there are, and starves none', () => {
    const looks = looksOf(5, { of: 'provider', everyMs: 4_000 })
    const all = looks.flat().sort((a, b) => a - b)
    expect(all.every((at, nth) => nth === 0 || at - (all[nth - 1] ?? 0) >= 4_000)).toBe(true)
    const counts = looks.map((mine) => mine.length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })
})
