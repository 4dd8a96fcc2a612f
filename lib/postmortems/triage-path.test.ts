import { expect, test } from 'vitest'
import { diagnose } from '../triage/diagnose'
import type { Looks } from '../triage/model'
import { type Moment, stepTo } from '../triage/moments'
import { calmLooks, lookOf } from '../triage/policy-cases'
import { shipped } from '../triage/testing/shipped'
import { walkedOf } from './triage-path'

const { forest } = await shipped()
const T0_MS = Date.UTC(2026, 10, 18, 2, 6)
const MINUTE_MS = 60_000

function looksAt(atMs: number, fails: boolean): Looks {
  if (!fails) return calmLooks(atMs)
  const seen = {
    'api.server-errors': 61,
    'api.error-ratio': 40,
    'page.incident': true,
    'page.operational': false,
    'planes.unwell': 2,
  }
  const looks = Object.fromEntries(
    Object.entries(seen).map(([name, value]) => [name, lookOf(name, value, atMs)]),
  )
  return { ...calmLooks(atMs), ...looks }
}

/** What a run keeps: failing, failing with a person's answer, and all well again. */
function recording(fails: readonly boolean[]) {
  const override = { answer: 'yes', by: 'ana', reason: 'ticket 88213', atMs: T0_MS + MINUTE_MS } as const
  const moments = fails.map((isFailing, place): Moment => {
    const atMs = T0_MS + place * MINUTE_MS
    const overrides: Moment['overrides'] = place === 1 ? { 'page-reports': override } : {}
    return { atMs, looks: looksAt(atMs, isFailing), overrides, memory: {} }
  })
  const steps = moments.map((moment, place) => ({
    atMs: moment.atMs,
    ...stepTo(moment, moments[place - 1]?.looks),
  }))
  const last = moments.at(-1)
  if (last === undefined) throw new Error('a recording needs a moment')
  const { diagnosis } = diagnose({ forest, looks: last.looks, overrides: {}, memory: {}, nowMs: last.atMs })
  return { forest, steps, diagnosis }
}

test('PM-REC-03 the cause is what triage last held, not that all is well at the end', () => {
  const { triage, firstSymptomAtMs } = walkedOf(recording([true, true, false, false]))
  expect(triage.causes[0]).toMatchObject({ leaf: 'provider.outage', explainedBy: null })
  expect(triage.causes.map(({ leaf }) => leaf)).not.toContain('none.resolved')
  expect(triage.path.length).toBeGreaterThan(1)
  expect(triage.path.find((step) => step.override !== null)).toMatchObject({
    verdict: 'overridden',
    override: { by: 'ana', reason: 'ticket 88213' },
  })
  expect(firstSymptomAtMs).not.toBeNull()
})

test('PM-REC-03 without any cause there is none, and it says so', () => {
  const { triage } = walkedOf(recording([false, false]))
  expect(triage.causes.filter(({ state }) => state === 'certain' || state === 'likely')).toEqual([])
  expect(triage.note).toBe('No cause was held certain or likely')
})
