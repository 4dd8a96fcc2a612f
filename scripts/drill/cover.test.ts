import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRunbooks } from '@/lib/runbooks/load'
import { forestOf } from '@/lib/triage/load-forest'
import { TRIAGE_LEAVES } from '@/simulator/leaves'
import { loadScenario } from '@/simulator/scenario'
import { TRAPS } from '@/simulator/scenario-drill'
import { barsOf, leavesWithout } from './bars'
import type { DrillResult } from './run-drill'

const DIR = 'runbooks/scenarios'
const scenarios = readdirSync(DIR, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => loadScenario(join(DIR, name)))
const shelf = await createRunbooks({ dir: 'runbooks', now: new Date(0) })
const forest = forestOf(shelf.current())

test('D-COV-01 every leaf of the shipped trees is the truth of a scenario', () => {
  expect([...forest.leaves.keys()].sort()).toEqual([...TRIAGE_LEAVES].sort())
  expect(leavesWithout(scenarios, forest)).toEqual([])
})

test('D-COV-02 at least eight drills hold two faults, a lying or silent source, or a red herring, each of them at least once', () => {
  const hard = scenarios.filter((one) => (one.drill?.hard.length ?? 0) > 0)
  expect(hard.length).toBeGreaterThanOrEqual(8)
  expect(new Set(hard.flatMap((one) => one.drill?.hard ?? [])).size).toBe(4)
})

test.each(TRAPS)('D-COV-03 the trap %s is set by a drill', (trap) => {
  expect(scenarios.filter((one) => one.drill?.traps.includes(trap)).length).toBeGreaterThan(0)
})

test('D-COV-04 what participants are told names no leaf, no plane’s word of the truth and no scenario', () => {
  for (const { id, drill, truth } of scenarios.filter((one) => one.drill)) {
    const brief = drill?.brief.toLowerCase() ?? ''
    for (const { leaf } of truth) expect(brief, id).not.toContain(leaf.split('.')[1]?.replaceAll('-', ' '))
    expect(brief).not.toContain(id)
  }
})

test('D-COV-05 every scenario of the drills says what it trains', () => {
  const files = readdirSync(join(DIR, 'drills')).filter((name) => name.endsWith('.yaml'))
  const silent = files.filter((name) => !/^drill:$/m.test(readFileSync(join(DIR, 'drills', name), 'utf8')))
  expect(silent).toEqual([])
})

test('D-COV-06 a bar that a drill does not keep is not kept for all', () => {
  const [scenario] = scenarios.filter((one) => one.id === 'card-lost')
  if (!scenario) throw new Error('card-lost is gone')
  const result = (problems: readonly string[]): DrillResult => ({
    scenario: 'card-lost',
    title: '',
    ok: problems.length === 0,
    problems,
    headline: '',
    path: [],
    diagnosis: [],
    possible: [],
    unexplained: [],
    severity: null,
    evidence: [],
    firstSymptomSeconds: 60,
    secondsToDiagnosis: 40,
    found: [{ leaf: 'gpu.fell-off-bus', sufficientSeconds: 90, foundSeconds: 121 }],
    actions: [],
  })
  const broken = (problem: string): readonly string[] =>
    barsOf([{ scenario, result: result([problem]) }], forest)
      .filter(({ ok }) => !ok)
      .map(({ id }) => id)
  expect(broken('gpu.fell-off-bus was not found')).toContain('T1.a')
  expect(broken('host.offline was certain at 100 s, and is not so')).toContain('T1.b')
  expect(broken('a stands above b, which explains it')).toContain('T1.c')
  expect(broken('gpu.fell-off-bus was found 31 s after the sources allowed it')).toContain('T1.d')
  expect(broken('')).not.toContain('T1.a')
})
