import { describe, expect, it } from 'vitest'
import { DEFAULT_REMINDERS_POLICY as policy } from './policy'
import { dueSteps, isKept, promisesOf, stepKey, type Telling, type Told } from './promises'

const MINUTE_MS = 60_000
const t0Ms = Date.parse('2026-11-18T14:00:00Z')
const dueAtMs = t0Ms + 30 * MINUTE_MS

function told(minute: number, changes: Partial<Told> = {}): Told {
  return { audience: 'public', atMs: t0Ms + minute * MINUTE_MS, nextAtMs: dueAtMs, ...changes }
}

function telling(...updates: readonly Told[]): Telling {
  return { isDrill: false, isRestricted: false, isOver: false, told: updates }
}

function stepsAt(minute: number, what: Telling, done: readonly string[] = []) {
  const due = dueSteps(what, { policy, done: new Set(done), nowMs: t0Ms + minute * MINUTE_MS })
  return due.map(({ step, outcome }) => (outcome === 'fired' ? step : `(${step})`))
}

describe('promises', () => {
  it('R-PRO-1 the newest update of an audience is what it was promised', () => {
    const later = t0Ms + 50 * MINUTE_MS
    expect(promisesOf(telling(told(0), told(20, { nextAtMs: later })))).toEqual([
      { dueAtMs: later, audiences: ['public'], toldAtMs: t0Ms + 20 * MINUTE_MS },
    ])
  })

  it('R-PRO-2 one instant promised to two audiences is one promise', () => {
    const [promise] = promisesOf(telling(told(0), told(1, { audience: 'internal' })))
    expect(promise?.audiences).toEqual(['internal', 'public'])
  })

  it('R-PRO-3 an update that names no next time ends the promise, and so does the end of the incident', () => {
    expect(promisesOf(telling(told(0), told(5, { nextAtMs: null })))).toEqual([])
    expect(promisesOf({ ...telling(told(0)), isOver: true })).toEqual([])
    expect(isKept(telling(told(0)), dueAtMs)).toBe(false)
    expect(isKept({ ...telling(told(0)), isOver: true }, dueAtMs)).toBe(true)
  })
})

describe('steps', () => {
  it.each([
    [24.99, []],
    [25, ['nudge']],
    [29.99, ['nudge']],
    [30, ['(nudge)', 'mention']],
    [35, ['(nudge)', 'mention', 'page']],
    [39.99, ['(nudge)', 'mention', 'page']],
    [40, ['(nudge)', 'mention', 'page', 'public']],
  ])('R-STEP-1 after %d minutes, with nothing done yet, %j are due', (minute, expected) => {
    expect(stepsAt(minute, telling(told(0)))).toEqual(expected)
  })

  it('R-STEP-2 what was done is not done again', () => {
    expect(stepsAt(36, telling(told(0)), [stepKey(dueAtMs, 'nudge'), stepKey(dueAtMs, 'mention')])).toEqual([
      'page',
    ])
  })

  it('R-STEP-3 an update to the same audience ends them, one to another audience does not', () => {
    const next = { nextAtMs: t0Ms + 90 * MINUTE_MS }
    expect(stepsAt(40, telling(told(0), told(29, next)))).toEqual([])
    expect(stepsAt(40, telling(told(0), told(29, { ...next, audience: 'internal' })))).toHaveLength(4)
  })

  it('R-STEP-4 only a promise to the public reaches the public page', () => {
    expect(stepsAt(60, telling(told(0, { audience: 'executive' })))).toEqual(['(nudge)', 'mention', 'page'])
  })

  it('R-STEP-5 a drill pages nobody and says nothing in public', () => {
    expect(stepsAt(60, { ...telling(told(0)), isDrill: true })).toEqual(['(nudge)', 'mention'])
  })

  it('R-STEP-6 of a restricted incident no channel hears', () => {
    expect(stepsAt(26, { ...telling(told(0)), isRestricted: true })).toEqual(['nudge'])
    expect(stepsAt(60, { ...telling(told(0)), isRestricted: true })).toEqual(['(nudge)'])
  })
})
