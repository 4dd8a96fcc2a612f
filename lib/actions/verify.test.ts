import { describe, expect, it } from 'vitest'
import type { Probed } from './executor'
import { type Effect, probeWaitMs, questionEffect, verdictOf } from './verify'

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

it('looks often at first and at least once a minute later', () => {
  expect([0, 299_999, 300_000, 1_800_000].map(probeWaitMs)).toEqual([2_000, 2_000, 10_000, 60_000])
})
