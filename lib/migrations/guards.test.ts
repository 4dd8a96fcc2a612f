import { describe, expect, it } from 'vitest'
import type { Facts } from './facts'
import { nextStep } from './machine'
import { STATES, type State } from './model'
import { DEFAULT_MIGRATIONS_POLICY as policy } from './policy'

const nowMs = Date.parse('2026-11-18T02:30:00.000Z')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Facts of which every state's next step asks no more. */
const GOOD: Facts = {
  inventory: {
    version: 1,
    root: '',
    files: { seen: 1, read: 1, tooLarge: 0, withUsage: 1 },
    seconds: 0,
    providers: [
      {
        id: 'vast',
        name: 'Vast.ai',
        findings: 1,
        files: 1,
        integrationPoints: 1,
        dependencies: [],
        credentials: [],
        customisations: [],
      },
    ],
    dataTypes: [{ name: 'jobs', records: 3 }],
    findings: [],
  },
  open: { setup: 0, adapter: 0, data: 0, traffic: 0 },
  approved: {
    assessment: ['manager'],
    validation: ['engineer', 'manager'],
    cutover: ['engineer', 'manager'],
  },
  flag: { isOn: true, percent: 0 },
  contract: { passed: 12, failed: 0 },
  writes: {
    requests: 50,
    wrong: 1,
    firstAtMs: nowMs - 30 * HOUR_MS,
    wrongAtMs: nowMs - 24 * HOUR_MS,
    lastAtMs: nowMs,
  },
  parts: [{ name: 'jobs', state: 'done' }],
  quarantined: 0,
  report: { verdict: 'passed', atMs: nowMs - HOUR_MS },
  dataChangedAtMs: nowMs - 2 * HOUR_MS,
  noise: { requests: 1_000, wrong: 1 },
  compared: { requests: 10_000, wrong: 20 },
  gate: {
    kind: 'pass',
    words: 'Every figure is within its limit.',
    signals: [],
    observedSeconds: 600,
    requests: 100,
  },
  reverse: { lagSeconds: 2, atMs: nowMs },
  restoredAtMs: nowMs - DAY_MS,
  oldSeenAtMs: nowMs - 20 * DAY_MS,
  oldToldAtMs: nowMs,
  rollback: {
    reason: 'users complain',
    by: 'li',
    startedAt: '2026-11-18T01:00:00.000Z',
    steps: (['flag', 'restart', 'restore', 'health'] as const).map((step) => ({
      step,
      at: '2026-11-18T01:00:00.000Z',
      by: 'li',
      evidence: 'seen',
      outcome: 'done' as const,
    })),
  },
  stateSinceMs: nowMs - 15 * DAY_MS,
}

const at100 = { flag: { isOn: true, percent: 100 } }
const waits = {
  ...GOOD.gate,
  kind: 'wait',
  words: '12 of 59 requests of the new side seen at this step.',
} as Facts['gate']
const fails = {
  ...GOOD.gate,
  kind: 'roll-back',
  words: 'The error rate is beyond its limit.',
} as Facts['gate']

function unmet(state: State, changes: Partial<Facts>): readonly string[] {
  const step = nextStep(state, { facts: { ...GOOD, ...changes }, policy, nowMs })
  return (step?.guards ?? []).filter(({ isMet }) => !isMet).map(({ words }) => words)
}

const back = (left: string): Partial<Facts> => ({
  rollback: GOOD.rollback && {
    ...GOOD.rollback,
    steps: GOOD.rollback.steps.filter(({ step }) => step !== left),
  },
})

describe('the next step is refused in words', () => {
  it.each<[State, string, Partial<Facts>, string]>([
    ['assessing', 'without an inventory', { inventory: null }, 'The inventory is missing'],
    [
      'assessing',
      'without a count',
      { inventory: GOOD.inventory && { ...GOOD.inventory, dataTypes: [{ name: 'jobs', records: null }] } },
      '0 of 1 data types have a record count',
    ],
    [
      'assessing',
      'without a data type',
      { inventory: GOOD.inventory && { ...GOOD.inventory, dataTypes: [] } },
      'No data type is named',
    ],
    [
      'assessing',
      'without a provider',
      { inventory: GOOD.inventory && { ...GOOD.inventory, providers: [] } },
      'what uses the provider',
    ],
    [
      'assessing',
      'without approval',
      { approved: { ...GOOD.approved, assessment: [] } },
      'waits for a manager',
    ],
    [
      'adapting',
      'with an open item of the setup',
      { open: { ...GOOD.open, setup: 1 } },
      'Setup: 3 of 4 items',
    ],
    [
      'adapting',
      'with an open item of the adapter',
      { open: { ...GOOD.open, adapter: 4 } },
      'Adapter layer: 0 of 4',
    ],
    [
      'adapting',
      'with traffic on the new side',
      { flag: { isOn: true, percent: 1 } },
      '100 % to the old side',
    ],
    ['adapting', 'without a run of the contract tests', { contract: null }, 'No run of the contract tests'],
    [
      'adapting',
      'with a contract test that fails',
      { contract: { passed: 11, failed: 1 } },
      '11 contract tests pass, 1 fail',
    ],
    [
      'adapting',
      'with contract tests that tested nothing',
      { contract: { passed: 0, failed: 0 } },
      '0 contract tests pass',
    ],
    ['dual-writing', 'with no write compared', { writes: null }, '0 writes to both sides'],
    [
      'dual-writing',
      'with a difference since less than 24 h',
      { writes: GOOD.writes && { ...GOOD.writes, wrongAtMs: nowMs - 23 * HOUR_MS } },
      'agreed for 23 of 24 h',
    ],
    [
      'dual-writing',
      'with silence since the first hour',
      { writes: GOOD.writes && { ...GOOD.writes, wrongAtMs: null, lastAtMs: nowMs - 29 * HOUR_MS } },
      'agreed for 1 of 24 h',
    ],
    ['backfilling', 'with no part', { parts: [] }, '0 of 0 parts are moved'],
    [
      'backfilling',
      'with a part that stopped',
      { parts: [{ name: 'jobs', state: 'stopped' }] },
      '0 of 1 parts are moved',
    ],
    ['backfilling', 'with rows in quarantine', { quarantined: 7 }, '7 rows wait in quarantine'],
    ['backfilling', 'with an open item', { open: { ...GOOD.open, data: 1 } }, 'Data: 2 of 3 items'],
    ['validating', 'without a report', { report: null }, 'There is no validation report'],
    [
      'validating',
      'with a report that failed',
      { report: { verdict: 'failed', atMs: nowMs } },
      'says: failed',
    ],
    ['validating', 'with a report of older data', { dataChangedAtMs: nowMs }, 'of the data as it is now'],
    ['validating', 'with rows in quarantine', { quarantined: 1 }, '1 rows wait in quarantine'],
    [
      'validating',
      'with one approval of two',
      { approved: { ...GOOD.approved, validation: ['manager'] } },
      'waits for an engineer',
    ],
    ['parallel-running', 'with the noise not measured', { noise: null }, 'compared with itself 0 of 1000'],
    [
      'parallel-running',
      'with too few comparisons',
      { compared: { requests: 9_999, wrong: 0 } },
      '9999 of 10000 times',
    ],
    ['parallel-running', 'with nothing compared', { compared: null }, '0 of 10000 times'],
    [
      'parallel-running',
      'with more differences than noise and agreed',
      { compared: { requests: 10_000, wrong: 21 } },
      '0.21 % of answers differ; 0.2 % are noise and agreed',
    ],
    [
      'parallel-running',
      'with an open item',
      { open: { ...GOOD.open, traffic: 2 } },
      'Traffic: 1 of 3 items',
    ],
    ['shifting', 'with a gate that waits', { gate: waits }, '12 of 59 requests'],
    ['shifting', 'with a gate that fails', { gate: fails }, 'beyond its limit'],
    ['shifting', 'with a gate that nobody asked', { gate: null }, 'The gate was not asked'],
    ['shifting', 'with the flag off', { flag: { isOn: false, percent: 1 } }, 'The flag is on'],
    ['shifting', 'at 100 % with a gate that fails', { ...at100, gate: fails }, 'beyond its limit'],
    [
      'shifting',
      'at 100 % before the bake is over',
      { ...at100, stateSinceMs: nowMs - 2 * DAY_MS },
      '2 of 3 days at 100 %',
    ],
    [
      'shifting',
      'at 100 % with no reverse sync',
      { ...at100, reverse: null },
      'Reverse sync was not reported',
    ],
    [
      'shifting',
      'at 100 % with reverse sync behind',
      { ...at100, reverse: { lagSeconds: 61, atMs: nowMs } },
      '61 s behind; at most 60 s',
    ],
    [
      'shifting',
      'at 100 % with reverse sync silent',
      { ...at100, reverse: { lagSeconds: 2, atMs: nowMs - HOUR_MS } },
      'last reported 60 min ago',
    ],
    ['awaiting-cutover', 'without a rehearsed restore', { restoredAtMs: null }, 'restored in a rehearsal'],
    ['awaiting-cutover', 'while the new side fails', { gate: fails }, 'beyond its limit'],
    [
      'awaiting-cutover',
      'without approvals',
      { approved: { ...GOOD.approved, cutover: [] } },
      'waits for an engineer and a manager',
    ],
    [
      'cut-over',
      'while the old side is still asked',
      { oldSeenAtMs: nowMs - 13 * DAY_MS },
      'idle for 13 of 14 days',
    ],
    [
      'cut-over',
      'while nobody counts the old side',
      { oldToldAtMs: nowMs - 2 * DAY_MS },
      'Nobody reported the old side',
    ],
    [
      'cut-over',
      'when nobody ever counted it',
      { oldToldAtMs: null, oldSeenAtMs: null },
      'Nobody reported the old side',
    ],
    ['traffic-rolled-back', 'without the restart', back('restart'), 'The service was restarted'],
    ['traffic-rolled-back', 'without the restore', back('restore'), 'The dated backup was restored'],
    ['traffic-rolled-back', 'without health', back('health'), 'Health is verified'],
  ])('MG-STEP-03 from %s %s', (state, _case, changes, words) => {
    const base = state === 'shifting' && 'flag' in changes ? at100 : {}
    expect(
      unmet(state, changes.flag?.isOn === false ? { flag: GOOD.flag } : base),
      'else it is open',
    ).toEqual([])
    const found = unmet(state, changes)
    expect(
      found.some((one) => one.includes(words)),
      found.join('; '),
    ).toBe(true)
  })

  it('MG-STEP-03 each state leads to one state, and the ends nowhere', () => {
    const ways = STATES.map((state) => [state, nextStep(state, { facts: GOOD, policy, nowMs })?.to ?? null])
    expect(Object.fromEntries(ways)).toEqual({
      assessing: 'adapting',
      adapting: 'dual-writing',
      'dual-writing': 'backfilling',
      backfilling: 'validating',
      validating: 'parallel-running',
      'parallel-running': 'shifting',
      shifting: 'shifting',
      'awaiting-cutover': 'cut-over',
      'cut-over': 'decommissioning',
      decommissioning: 'completed',
      completed: null,
      'traffic-rolled-back': 'parallel-running',
      'forward-fix': 'cut-over',
      'rolled-back': null,
    })
    const percents = [0, 1, 5, 10, 25, 50, 100].map((percent) => {
      const facts = { ...GOOD, flag: { isOn: true, percent } }
      const step = nextStep('shifting', { facts, policy, nowMs })
      return `${percent} ${step?.to} ${step?.percent}`
    })
    expect(percents).toEqual([
      '0 shifting 1',
      '1 shifting 5',
      '5 shifting 10',
      '10 shifting 25',
      '25 shifting 50',
      '50 shifting 100',
      '100 awaiting-cutover 100',
    ])
  })
})
