import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { diagnose } from './diagnose'
import { branchTargets, type Forest, growForest, hasBranches } from './forest'
import type { LeafState, Look, Looks, Memory, Override } from './model'
import { CLEAR, treeSchema } from './policy'
import { lookOf, stateIn } from './policy-cases'
import { checkForest } from './policy-check'
import { PROBES } from './probes'
import { shipped } from './testing/shipped'
import { walk } from './walk'

// A loaded machine may take its time: nothing here judges how long it took.
vi.setConfig({ testTimeout: 120_000 })

const nowMs = 1_800_000_000_000
const { forest, trees } = await shipped()
const RUNS = { numRuns: 150 }

const numbers = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 12_000 }),
  fc.float({ min: 0, max: 100, noNaN: true }),
)

function lookArb(name: string): fc.Arbitrary<Look | undefined> {
  return fc.oneof(
    { weight: 5, arbitrary: numbers.map((value) => lookOf(name, value, nowMs)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(numbers, numbers)
        .map(([a, b]) => lookOf(name, [Math.min(a, b), Math.max(a, b)], nowMs)),
    },
    { weight: 2, arbitrary: fc.constant(lookOf(name, 'unknown', nowMs)) },
    { weight: 1, arbitrary: numbers.map((value) => lookOf(name, value, nowMs - 3_600_000)) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

const looksArb: fc.Arbitrary<Looks> = fc.record(
  Object.fromEntries(PROBES.map(({ name }) => [name, lookArb(name)])),
)

const overridesArb: fc.Arbitrary<Record<string, Override>> = fc
  .array(
    fc.tuple(fc.constantFrom(...forest.questions.keys()), fc.constantFrom('yes' as const, 'no' as const)),
    { maxLength: 3 },
  )
  .map((pairs) =>
    Object.fromEntries(
      pairs.map(([id, answer]) => [id, { answer, by: 'ana', reason: 'seen by eye', atMs: nowMs }]),
    ),
  )

const memoryArb: fc.Arbitrary<Memory> = fc
  .array(fc.tuple(fc.constantFrom(...forest.questions.keys()), fc.integer({ min: 0, max: 2_000 })), {
    maxLength: 8,
  })
  .map((pairs) =>
    Object.fromEntries(
      pairs.map(([id, seconds]) => [id, { answer: 'yes' as const, sinceMs: nowMs - seconds * 1000 }]),
    ),
  )

const momentArb = fc.record({ looks: looksArb, overrides: overridesArb, memory: memoryArb })

function run(
  moment: { readonly looks: Looks; readonly overrides: Record<string, Override>; readonly memory: Memory },
  on: Forest = forest,
) {
  return diagnose({ forest: on, nowMs, ...moment }).diagnosis
}

const RANK: Readonly<Record<LeafState, number>> = { excluded: 0, possible: 0, likely: 1, certain: 2 }

test('T-LAW-01 taking evidence away never makes a leaf more certain, and never excludes one that stood', () => {
  fc.assert(
    fc.property(
      momentArb,
      fc.uniqueArray(fc.constantFrom(...PROBES.map(({ name }) => name)), { maxLength: 30 }),
      (moment, gone) => {
        const before = run(moment)
        const looks = { ...moment.looks }
        for (const name of gone) looks[name] = lookOf(name, 'unknown', nowMs)
        const after = run({ ...moment, looks })
        for (const leaf of forest.leaves.keys()) {
          const [was, is] = [stateIn(before, leaf), stateIn(after, leaf)]
          expect(RANK[is], `${leaf}: ${was} → ${is}`).toBeLessThanOrEqual(RANK[was])
          if (is === 'excluded') expect(was, leaf).toBe('excluded')
        }
      },
    ),
    RUNS,
  )
})

test('T-LAW-02 an unknown or stale answer lights neither branch: what lies behind it is possible at most', () => {
  fc.assert(
    fc.property(momentArb, (moment) => {
      const found = run(moment)
      const asked = new Map(found.asked.map((it) => [it.id, it]))
      const lit = new Set<string>(forest.roots)
      for (const id of forest.questions.keys()) {
        const question = forest.questions.get(id)
        const answer = asked.get(id)?.answer
        if (!question || found.reach[id] !== 'lit' || (answer !== 'yes' && answer !== 'no')) continue
        for (const target of branchTargets(question, answer)) lit.add(target)
      }
      for (const [id, reach] of Object.entries(found.reach)) {
        if (reach === 'lit') expect(lit, `${id} is lit behind an unknown`).toContain(id)
        else if (forest.leaves.has(id)) expect(RANK[stateIn(found, id)], id).toBe(0)
      }
    }),
    RUNS,
  )
})

test('T-LAW-03 the walk is total: every answer leads to a question, a leaf or a clear end, and it always ends', () => {
  for (const question of forest.questions.values()) {
    if (!hasBranches(question)) continue
    for (const branch of ['yes', 'no', 'unknown'] as const) {
      const targets = branchTargets(question, branch)
      expect(targets.length, `${question.id} ${branch}`).toBeGreaterThan(0)
      for (const id of targets)
        expect(id === CLEAR || forest.questions.has(id) || forest.leaves.has(id), id).toBe(true)
    }
  }
  fc.assert(
    fc.property(momentArb, (moment) => run(moment).causes.length <= forest.leaves.size),
    RUNS,
  )
})

test('T-LAW-04 the same moment gives the same diagnosis, byte for byte', () => {
  fc.assert(
    fc.property(
      momentArb,
      (moment) => JSON.stringify(run(moment)) === JSON.stringify(run(structuredClone(moment))),
    ),
    { numRuns: 50 },
  )
})

test('T-LAW-05 a cause never stands below what it explains', () => {
  fc.assert(
    fc.property(momentArb, (moment) => {
      const order = run(moment).causes.map((cause) => cause.leaf)
      for (const cause of run(moment).causes) {
        if (cause.explainedBy !== null)
          expect(order.indexOf(cause.explainedBy)).toBeLessThan(order.indexOf(cause.leaf))
      }
    }),
    RUNS,
  )
})

test('T-LAW-06 only the machine’s own fresh answers make a leaf certain', () => {
  fc.assert(
    fc.property(momentArb, (moment) => {
      const found = run(moment)
      const asked = new Map(found.asked.map((it) => [it.id, it]))
      for (const cause of found.causes.filter((it) => it.state === 'certain')) {
        for (const id of forest.leaves.get(cause.leaf)?.requires ?? []) {
          expect(asked.get(id)?.override, id).toBeNull()
          expect(asked.get(id)?.machine, id).toBe('yes')
        }
      }
    }),
    RUNS,
  )
})

/** Trees whose questions lead forwards only: each may end clear, at its own leaf, or at a later question. */
const forestArb = fc
  .array(
    fc.record({
      yes: fc.nat(9),
      no: fc.nat(9),
      probe: fc.constantFrom(...PROBES.map(({ name }) => name)),
      limit: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rows) => {
    const target = (at: number, step: number): string =>
      at + step + 1 < rows.length ? `q${at + step + 1}` : `plane.l${at}`
    const tree = treeSchema.parse({
      title: 'Made',
      order: 1,
      roots: rows.map((_, at) => `q${at}`),
      questions: rows.map((row, at) => ({
        id: `q${at}`,
        ask: `q${at}?`,
        probe: row.probe,
        when: { above: row.limit },
        yes: [`plane.l${at}`],
        no: [target(at, row.no) === `plane.l${at}` ? CLEAR : target(at, row.no)],
        unknown: 'both',
      })),
      leaves: rows.map((_, at) => ({
        id: `plane.l${at}`,
        title: `l${at}`,
        plane: 'host',
        severity: 'P3',
        means: 'made',
        requires: [`q${at}`],
        explains: at + 1 < rows.length ? [`plane.l${at + 1}`] : [],
        actions: [{ id: 'watch.on', title: 'Watch' }],
        checklist: 'list',
      })),
      checklists: [
        {
          id: 'list',
          title: 'List',
          kind: 'read-do',
          items: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, text: id })),
        },
      ],
    })
    return { tree, forest: growForest([{ name: 'made', tree }], 'made') }
  })

test('T-LAW-07 what the check passes can be walked: made trees keep the laws of unknown and of taking away', () => {
  fc.assert(
    fc.property(
      forestArb,
      looksArb,
      fc.constantFrom(...PROBES.map(({ name }) => name)),
      ({ tree, forest: made }, looks, gone) => {
        expect(checkForest([{ file: 'made', value: tree }])).toEqual([])
        const before = diagnose({ forest: made, looks, overrides: {}, memory: {}, nowMs }).diagnosis
        const after = diagnose({
          forest: made,
          looks: { ...looks, [gone]: undefined },
          overrides: {},
          memory: {},
          nowMs,
        }).diagnosis
        for (const leaf of made.leaves.keys())
          expect(RANK[stateIn(after, leaf)]).toBeLessThanOrEqual(RANK[stateIn(before, leaf)])
      },
    ),
    { numRuns: 100 },
  )
})

test('T-LAW-08 with no look at all nothing is certain, likely or lit beyond the roots', () => {
  const walked = walk(forest, new Map())
  expect(
    [...walked.reach]
      .filter(([, how]) => how === 'lit')
      .map(([id]) => id)
      .sort(),
  ).toEqual([...forest.roots].sort())
  const found = run({ looks: {}, overrides: {}, memory: {} })
  expect(found.causes.filter((cause) => cause.state !== 'possible')).toEqual([])
  expect(found.severity).toBeNull()
})

test('T-TREE-01 the shipped trees pass their own check', () => {
  expect(checkForest(trees)).toEqual([])
})
