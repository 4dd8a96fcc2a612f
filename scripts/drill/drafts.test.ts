import { expect, test } from 'vitest'
import { createRunbooks } from '@/lib/runbooks/load'
import { forestOf } from '@/lib/triage/load-forest'
import { loadScenario } from '@/simulator/scenario'
import { draftBars, draftOf } from './drafts'

const shelf = await createRunbooks({ dir: 'runbooks', now: new Date(0) })
const around = { forest: forestOf(shelf.current()), policy: shelf.current().health }

test('what any source showed in a played outage stands in its draft, in order, with the silences', {
  timeout: 120_000,
}, async () => {
  const result = await draftOf(loadScenario('runbooks/scenarios/runaway-caller.yaml'), around)
  expect(result).toMatchObject({ ok: true, missing: [], disordered: [], durations: [], unmarked: [] })
  expect(result.shown).toBeGreaterThan(0)
  expect(result.gaps).toBeGreaterThan(0)
})

test('one event that stands nowhere breaks the bar of all', () => {
  const whole = {
    scenario: 'x',
    ok: true,
    shown: 4,
    truths: 1,
    gaps: 1,
    rows: 9,
    missing: [],
    disordered: [],
    durations: [],
    unmarked: [],
  }
  expect(draftBars([whole]).every(({ ok }) => ok)).toBe(true)
  const broken = draftBars([whole, { ...whole, ok: false, missing: ['page provider'] }])
  expect(broken.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(['D1.a'])
})
