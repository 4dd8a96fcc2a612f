import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { evaluate } from '../flags/evaluate'
import { flagBook } from '../flags/load-book'
import { takeLease } from '../jobs/lease'
import { watchMigrations } from '../jobs/migrations'
import { type Crew, crewOf, type Going, openedBy, shifted, until } from './testing/going'

let crew: Crew
let epoch: number

// Long ways of many deeds: a loaded machine needs more than the usual time.
vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  crew = await crewOf()
  epoch = (await takeLease(crew.app.hot, 'migrations', 'the test')) ?? 0
})

afterAll(() => crew.app.close())

const watch = (held = epoch) =>
  watchMigrations({ app: crew.app, lease: { name: 'migrations', epoch: held }, now: crew.app.clock.now() })

async function fails(going: Going, ticks: number): Promise<void> {
  for (let at = 0; at < ticks; at += 1) {
    crew.app.clock.advanceMs(13_000)
    await going.traffic('new', { requests: 100, errors: 20, p95Ms: 90 })
  }
}

it('MG-BACK-01 goes back to 0 % at once, and forward again only when the way back is written down', async () => {
  const going = await openedBy(crew)
  const { number, see, step, traffic, unmet } = going
  await until(going, 'shifting')
  await traffic('new', { requests: 100, p95Ms: 90 })
  await step()
  await crew.li.does('migrations.rollBackTraffic', { number, reason: 'users complain' })
  expect(await see()).toMatchObject({
    state: 'traffic-rolled-back',
    flag: { percent: 0 },
    rollback: { by: crew.li.handle },
  })
  expect(await unmet()).toEqual(['back-restart', 'back-restore', 'back-health'])
  const record = (input: object) =>
    crew.ana.does('migrations.recordRollback', { number, evidence: 'seen', ...input } as never)
  await expect(record({ step: 'restore' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(record({ step: 'health', outcome: 'not-needed' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(record({ step: 'health' })).rejects.toThrow('restart comes before health')
  await record({ step: 'restart' })
  await record({ step: 'restore', backupOn: '2026-11-17' })
  await record({ step: 'health' })
  await record({ step: 'restart' })
  expect(await unmet()).toEqual(['back-restore', 'back-health'])
  await record({ step: 'restore', outcome: 'not-needed' })
  await record({ step: 'health' })
  await step()
  expect((await see()).state).toBe('parallel-running')
})

it('MG-BACK-02 goes back by itself when a trigger fires, and not before', async () => {
  const going = await openedBy(crew, false)
  const { see } = going
  await shifted(going, 5)
  await fails(going, 15)
  expect(await watch()).toBe(0)
  expect((await see()).traffic.gate?.kind).toBe('hold')
  await fails(going, 8)
  expect(await watch()).toBe(1)
  expect(await see()).toMatchObject({
    state: 'traffic-rolled-back',
    flag: { percent: 0 },
    rollback: { by: 'migrations', reason: expect.stringContaining('error rate') },
  })
  expect(await watch()).toBe(0)
})

it('MG-BACK-02 a migration that cannot be judged keeps no other from going back, and a worker that was overtaken sends none', async () => {
  const [broken, going] = [await openedBy(crew, false), await openedBy(crew, false)]
  await shifted(broken, 5)
  await crew.app.db.migration.update({ where: { number: broken.number }, data: { plan: 'not a plan' } })
  await shifted(going, 5)
  await fails(going, 23)
  expect(await watch(epoch - 1)).toBe(0)
  expect((await going.see()).flag.percent).toBe(5)
  expect(await watch()).toBe(1)
  expect((await going.see()).flag.percent).toBe(0)
  await crew.app.db.migration.delete({ where: { number: broken.number } })
})

const FACADE_WRITES =
  'migration_window, migration_mismatch, migration_figure, migration_reading, migration_part, migration_batch, migration_quarantine'

it.each([1, 5, 10, 25, 50, 100])(
  'MG-BACK-03 from a share of %d everybody is sent back while nothing can be read or written of what the facade reports',
  async (percent) => {
    const going = await openedBy(crew, false)
    await shifted(going, percent)
    const slow = new pg.Client({ connectionString: crew.app.env.DATABASE_URL })
    await slow.connect()
    try {
      await slow.query('BEGIN')
      await slow.query(`LOCK TABLE ${FACADE_WRITES} IN ACCESS EXCLUSIVE MODE`)
      await crew.li.does('migrations.rollBackTraffic', { number: going.number, reason: 'users complain' })
    } finally {
      await slow.end()
    }
    const { state, flag } = await going.see()
    expect({ state, percent: flag.percent }).toEqual({ state: 'traffic-rolled-back', percent: 0 })
    crew.app.clock.advanceMs(200)
    const standing = (await flagBook(crew.app)).get(flag.key)
    const through = Array.from(
      { length: 200 },
      (_, at) => standing && evaluate(standing, `tenant-${at}`)?.value,
    )
    expect(new Set(through)).toEqual(new Set([false]))
  },
)
