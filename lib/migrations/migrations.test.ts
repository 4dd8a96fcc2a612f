import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import type { Role } from '../access/permissions'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { watchMigrations } from '../jobs/migrations'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { GATES, type Gate, type State } from './model'
import { DEFAULT_MIGRATIONS_POLICY, migrationsPolicySchema } from './policy'

let app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }
let ana: Somebody
let li: Somebody
let raj: Somebody

// Long ways of many deeds: a loaded machine needs more than the usual time.
vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  app = await testConsole()
  const person = (...roles: readonly Role[]) => somebodyIn(app, roles)
  ;[ana, li, raj] = [await person('commander'), await person('responder'), await person('manager')]
})

afterAll(async () => {
  await app.close()
})

let flags = 0
const INVENTORY = {
  providers: [
    {
      id: 'vast',
      name: 'Vast.ai',
      findings: 40,
      files: 18,
      integrationPoints: 19,
      dependencies: ['vastai'],
      credentials: ['VAST_API_KEY'],
      customisations: [],
    },
  ],
  dataTypes: [{ name: 'renders', records: 300 }],
} as const

async function opened(isRehearsal = true) {
  flags += 1
  const { number } = await ana.does('migrations.create', {
    title: 'To the new provider',
    kind: 'competitor',
    fromProvider: 'old',
    toProvider: 'new',
    flagKey: `new-provider-${flags}`,
    isRehearsal,
  })
  const see = () => ana.asks('migrations.one', { number })
  const step = async (extra: { accept?: string; note?: string } = {}, who: Somebody = ana) => {
    app.clock.advanceMs(2_000)
    return who.does('migrations.advance', { number, version: (await see()).version, ...extra })
  }
  const unmet = async () =>
    ((await see()).next?.guards ?? []).filter(({ isMet }) => !isMet).map(({ id }) => id)
  const subject = async (gate: Gate) => (await see()).gates.find((one) => one.gate === gate)?.subject ?? ''
  const approve = async (gate: Gate) => {
    const about = { number, subject: await subject(gate) }
    for (const slot of GATES[gate]) {
      const who = slot === 'manager' ? raj : li
      if (gate === 'cutover')
        await who.does('migrations.approveCutover', { ...about, slot, comment: 'rehearsed' })
      else await who.does('migrations.approve', { ...about, gate, slot })
    }
  }
  const tickAll = async (phase: string) => {
    for (const item of (await see()).phases.find((one) => one.phase === phase)?.items ?? [])
      await ana.does('migrations.tick', { number, item: item.id, evidence: 'seen' })
  }
  const traffic = async (
    track: 'old' | 'new' | 'noise' | 'compare' | 'writes' | 'reverse',
    counted: { requests: number; errors?: number; mismatches?: number; p95Ms?: number; lagSeconds?: number },
  ) => {
    app.clock.advanceMs(2_000)
    const at = app.clock.now().toISOString()
    await ana.does('migrations.reportTraffic', {
      number,
      reporter: 'test',
      windows: [{ track, at, ...counted }],
    })
  }
  return { number, see, step, unmet, subject, approve, tickAll, traffic }
}

type Going = Awaited<ReturnType<typeof opened>>

const COUNTS = { oldCount: 3, newCount: 2, oldChecksum: 'a', newChecksum: 'a', sampled: 2, differing: 0 }
const SIDE = { requests: 1_000, errors: 1, p50Ms: 20, p95Ms: 80, p99Ms: 120 }

/** Takes a migration up to a state by the deeds of people and programs. */
async function until(going: Going, state: State): Promise<void> {
  const { number, see, step, approve, tickAll, traffic } = going
  const isThere = async () => (await see()).state === state
  if (await isThere()) return
  await ana.does('migrations.saveInventory', {
    number,
    inventory: { ...INVENTORY, dataTypes: [...INVENTORY.dataTypes] } as never,
  })
  await approve('assessment')
  await step()
  if (await isThere()) return
  for (const phase of ['setup', 'adapter']) await tickAll(phase)
  await ana.does('migrations.reportFigures', {
    number,
    figures: [{ kind: 'contract', body: { passed: 12, failed: 0 } }],
  })
  await step()
  if (await isThere()) return
  await traffic('writes', { requests: 50 })
  await step()
  if (await isThere()) return
  await tickAll('data')
  await ana.does('migrations.openPart', { number, part: 'renders', expectedRows: 3 })
  await ana.does('migrations.reportBatches', {
    number,
    part: 'renders',
    batches: [{ seq: 1, cursorTo: '3', good: 2, bad: [{ key: '2', class: 'data', reason: 'no owner' }] }],
    isDone: true,
  })
  await ana.does('migrations.settleRows', {
    number,
    part: 'renders',
    keys: ['2'],
    to: 'waived',
    reason: 'was a test row',
  })
  await step()
  if (await isThere()) return
  await ana.does('migrations.reportFigures', {
    number,
    figures: [
      { kind: 'counts', part: 'renders', body: COUNTS },
      { kind: 'performance', body: { old: SIDE, new: SIDE } },
    ],
  })
  await ana.does('migrations.validate', { number })
  await approve('validation')
  await step()
  if (await isThere()) return
  await tickAll('traffic')
  await traffic('noise', { requests: 1_000, mismatches: 1 })
  await traffic('compare', { requests: 10_000, mismatches: 5 })
  await step()
}

describe('a migration', () => {
  it('MG-STEP-01 goes from the assessment to completion only step by step, each with its conditions', async () => {
    const going = await opened()
    const { number, see, step, unmet, approve, traffic } = going
    expect(await unmet()).toEqual([
      'inventory',
      'inventory-providers',
      'inventory-counted',
      'approved-assessment',
    ])
    await expect(step()).rejects.toMatchObject({ code: 'conflict' })
    await until(going, 'shifting')
    for (const percent of [1, 5, 10, 25, 50, 100]) {
      expect((await see()).flag.percent).toBe(percent)
      await expect(step()).rejects.toMatchObject({ code: 'conflict' })
      await traffic('new', { requests: 100, p95Ms: 90 })
      if (percent === 100) await traffic('reverse', { requests: 10, lagSeconds: 2 })
      await step()
    }
    expect((await see()).state).toBe('awaiting-cutover')
    expect(await unmet()).toEqual(['restored', 'approved-cutover'])
    const restore = { kind: 'restore', body: { backupOn: '2026-11-17', minutes: 12 } } as const
    await ana.does('migrations.reportFigures', { number, figures: [restore] })
    await approve('cutover')
    await step()
    await expect(ana.does('migrations.abort', { number, reason: 'too late' })).rejects.toMatchObject({
      code: 'conflict',
    })
    await ana.does('migrations.sendBack', {
      number,
      version: (await see()).version,
      reason: 'one call fails',
    })
    expect((await see()).state).toBe('forward-fix')
    await expect(step()).rejects.toMatchObject({ code: 'invalid' })
    await step({ note: 'the call is mended' })
    await step()
    await step()
    expect(await see()).toMatchObject({ state: 'completed', next: null, flag: { percent: 100 } })
  })

  it('MG-BACK-01 goes back to 0 % at once, and forward again only when the way back is written down', async () => {
    const going = await opened()
    const { number, see, step, traffic, unmet } = going
    await until(going, 'shifting')
    await traffic('new', { requests: 100, p95Ms: 90 })
    await step()
    await li.does('migrations.rollBackTraffic', { number, reason: 'users complain' })
    expect(await see()).toMatchObject({
      state: 'traffic-rolled-back',
      flag: { percent: 0 },
      rollback: { by: li.handle },
    })
    expect(await unmet()).toEqual(['back-restart', 'back-restore', 'back-health'])
    const record = (input: object) =>
      ana.does('migrations.recordRollback', { number, evidence: 'seen', ...input } as never)
    await expect(record({ step: 'restore' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(record({ step: 'health', outcome: 'not-needed' })).rejects.toMatchObject({ code: 'invalid' })
    await record({ step: 'restart' })
    await record({ step: 'restore', backupOn: '2026-11-17' })
    await record({ step: 'health' })
    await step()
    expect((await see()).state).toBe('parallel-running')
  })

  it('MG-BACK-02 goes back by itself when a trigger fires, and not before', async () => {
    const going = await opened(false)
    const { see, traffic } = going
    await app.db.migration.updateMany({
      where: { number: going.number },
      data: { state: 'shifting', stateSince: app.clock.now(), shiftedSince: app.clock.now() },
    })
    const errors = async (ticks: number) => {
      for (let at = 0; at < ticks; at += 1) {
        app.clock.advanceMs(13_000)
        await traffic('new', { requests: 100, errors: 20, p95Ms: 90 })
      }
    }
    await errors(15)
    expect(await watchMigrations(app, app.clock.now())).toBe(0)
    expect((await see()).traffic.gate?.kind).toBe('hold')
    await errors(8)
    expect(await watchMigrations(app, app.clock.now())).toBe(1)
    expect(await see()).toMatchObject({
      state: 'traffic-rolled-back',
      flag: { percent: 0 },
      rollback: { by: 'migrations', reason: expect.stringContaining('error rate') },
    })
    expect(await watchMigrations(app, app.clock.now())).toBe(0)
  })

  it('MG-GATE-05 what the figures do not decide is accepted by somebody who did not shift, with a reason', async () => {
    const going = await opened()
    const { step, traffic, see } = going
    await until(going, 'shifting')
    await traffic('new', { requests: 100, errors: 2, p95Ms: 90 })
    expect((await see()).traffic.gate?.kind).toBe('inconclusive')
    const accept = 'two of a hundred are the old timeout that we know'
    await expect(step({ accept })).rejects.toMatchObject({ code: 'forbidden' })
    await step({ accept }, li)
    expect((await see()).flag.percent).toBe(5)
  })

  it('MG-APPR-01 an approval is bound to what was seen, and needs two people who did not open the migration', async () => {
    const going = await opened()
    const { number, subject, see } = going
    await ana.does('migrations.saveInventory', {
      number,
      inventory: { ...INVENTORY, dataTypes: [...INVENTORY.dataTypes] } as never,
    })
    const seen = await subject('assessment')
    const about = { number, gate: 'assessment', slot: 'manager', subject: seen } as const
    await expect(ana.does('migrations.approve', about)).rejects.toMatchObject({ code: 'forbidden' })
    await raj.does('migrations.approve', about)
    const approved = async () =>
      (await see()).gates.find(({ gate }) => gate === 'assessment')?.slots[0]?.counts
    expect(await approved()).toBe(true)
    await ana.does('migrations.plan', {
      number,
      version: (await see()).version,
      plan: { startsOn: '2026-12-01' },
    })
    expect(await approved()).toBe(false)
    await expect(raj.does('migrations.approve', about)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('MG-STEP-02 waits that are hours and days count by the clock', async () => {
    const going = await opened(false)
    const { number, unmet, traffic } = going
    await until(going, 'dual-writing')
    app.clock.advanceMs(15_000)
    await traffic('writes', { requests: 100 })
    expect(await unmet()).toEqual(['writes-quiet'])
    app.clock.advanceMs(23 * 3_600_000)
    await traffic('writes', { requests: 100, mismatches: 1 })
    app.clock.advanceMs(23 * 3_600_000)
    expect(await unmet()).toEqual(['writes-quiet'])
    app.clock.advanceMs(3_600_000)
    expect(await unmet()).toEqual([])
    expect(number).toBeGreaterThan(0)
  })
})

describe('data', () => {
  it('MG-DATA-01 each batch counts once and in order; one that says something else is a conflict', async () => {
    const going = await opened()
    const { number, see } = going
    await until(going, 'backfilling')
    await ana.does('migrations.openPart', { number, part: 'jobs', expectedRows: 200 })
    const batch = (seq: number, good = 99) => ({
      seq,
      cursorTo: String(seq * 100),
      good,
      bad: [{ key: `k${seq}`, class: 'mapping' as const, reason: 'unknown status' }],
    })
    const report = (...batches: ReturnType<typeof batch>[]) =>
      ana.does('migrations.reportBatches', { number, part: 'jobs', batches })
    await report(batch(1))
    expect(await report(batch(1), batch(2))).toMatchObject({ proceed: true, seq: 2, cursor: '200' })
    await expect(report(batch(2, 98))).rejects.toMatchObject({ code: 'conflict' })
    await expect(report(batch(4))).rejects.toMatchObject({ code: 'conflict' })
    expect((await see()).parts[0]).toMatchObject({ goodRows: 198, badRows: 2, waiting: 2, batches: 2 })
    await ana.does('migrations.settleRows', {
      number,
      part: 'jobs',
      because: 'unknown status',
      to: 'retry',
      reason: 'status is mapped',
    })
    await ana.does('migrations.reportRetries', {
      number,
      part: 'jobs',
      moved: ['k1'],
      failed: [{ key: 'k2', class: 'data', reason: 'no owner' }],
    })
    expect((await see()).parts[0]).toMatchObject({ goodRows: 199, badRows: 1, waiting: 1, retry: 0 })
  })

  it('MG-DATA-02 too many bad rows, or failed batches in a row, stop a part until a person says how many are tolerated', async () => {
    const going = await opened()
    const { number, see } = going
    await until(going, 'backfilling')
    await ana.does('migrations.openPart', { number, part: 'jobs' })
    const bad = Array.from({ length: 10 }, (_, at) => ({
      key: `k${at}`,
      class: 'data' as const,
      reason: 'no owner',
    }))
    const answer = await ana.does('migrations.reportBatches', {
      number,
      part: 'jobs',
      batches: [{ seq: 1, cursorTo: '1000', good: 990, bad }],
    })
    expect(answer).toMatchObject({ proceed: false, why: expect.stringContaining('1.00 %') })
    const go = (toleratedPercent?: number) =>
      ana.does('migrations.steerPart', {
        number,
        part: 'jobs',
        to: 'running',
        reason: 'known',
        toleratedPercent,
      })
    await expect(go()).rejects.toMatchObject({ code: 'invalid' })
    await go(2)
    const failed = [2, 3, 4].map((seq) => ({ seq, cursorTo: '1000', good: 0, problem: 'the target refuses' }))
    expect(
      await ana.does('migrations.reportBatches', { number, part: 'jobs', batches: failed }),
    ).toMatchObject({
      proceed: false,
      why: expect.stringContaining('3 batches failed'),
    })
    expect((await see()).parts[0]).toMatchObject({ state: 'stopped', goodRows: 990, badRows: 10 })
  })

  it('MG-REP-01 a report is passed only if every check passed; what nobody reported is no pass', async () => {
    const going = await opened()
    const { number, see } = going
    await until(going, 'validating')
    expect(await ana.does('migrations.validate', { number })).toMatchObject({ seq: 1, verdict: 'failed' })
    const [report] = (await see()).reports
    const open = report?.checks.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id)
    expect(open).toEqual(['counts:renders', 'checksum:renders', 'sample:renders', 'performance', 'errors'])
    const slow = { ...SIDE, p95Ms: 100 }
    await ana.does('migrations.reportFigures', {
      number,
      figures: [
        { kind: 'counts', part: 'renders', body: { ...COUNTS, newChecksum: 'b' } },
        { kind: 'performance', body: { old: SIDE, new: slow } },
      ],
    })
    await ana.does('migrations.validate', { number })
    const failed = (await see()).reports[0]?.checks.filter(({ verdict }) => verdict === 'failed') ?? []
    expect(failed.map(({ id }) => id)).toEqual(['checksum:renders', 'performance'])
    expect(failed.map(({ advice }) => advice).join(' ')).toMatch(/check the transform.*add caching/)
    const file = await ana.asks('migrations.reportFile', { number, seq: 2 })
    expect(new TextDecoder().decode(file.bytes)).toContain('| Checksum of renders | failed | a old, b new |')
    await expect(app.db.migrationReport.deleteMany({})).rejects.toThrow('append-only')
  })
})

it('the shipped file says what counts without it', () => {
  const shipped: unknown = parse(readFileSync('runbooks/policy/migrations.yaml', 'utf8'))
  expect(migrationsPolicySchema.parse(shipped)).toEqual(DEFAULT_MIGRATIONS_POLICY)
})

it('every rule on migrations is proven by a test', () => {
  const rules = readFileSync('docs/rules/migrations.md', 'utf8')
  const files = [
    'lib/migrations/migrations.test.ts',
    'lib/migrations/traffic-gate.test.ts',
    'scripts/assess/assess.test.mjs',
  ]
  const tests = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  const ids = [...rules.matchAll(/\*\*(MG-(?!FLAG)[A-Z]+-\d{2})\*\*/g)].map((match) => match[1] ?? '')
  expect(ids.filter((id) => !tests.includes(`'${id} `))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})
