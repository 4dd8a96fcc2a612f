import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Crew, crewOf, openedBy, until } from './testing/going'

let crew: Crew

// Long ways of many deeds: a loaded machine needs more than the usual time.
vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  crew = await crewOf()
})

afterAll(() => crew.app.close())

it('MG-DATA-01 each batch counts once and in order; one that says something else is a conflict', async () => {
  const going = await openedBy(crew)
  const { number, see } = going
  await until(going, 'backfilling')
  await crew.ana.does('migrations.openPart', { number, part: 'jobs', expectedRows: 200 })
  const batch = (seq: number, good = 99) => ({
    seq,
    cursorTo: String(seq * 100),
    good,
    bad: [{ key: `k${seq}`, class: 'mapping' as const, reason: 'unknown status' }],
  })
  const report = (...batches: ReturnType<typeof batch>[]) =>
    crew.ana.does('migrations.reportBatches', { number, part: 'jobs', batches })
  await report(batch(1))
  expect(await report(batch(1), batch(2))).toMatchObject({ proceed: true, seq: 2, cursor: '200' })
  await expect(report(batch(2, 98))).rejects.toMatchObject({ code: 'conflict' })
  await expect(report(batch(4))).rejects.toMatchObject({ code: 'conflict' })
  expect((await see()).parts[0]).toMatchObject({ goodRows: 198, badRows: 2, waiting: 2, batches: 2 })
  await crew.ana.does('migrations.settleRows', {
    number,
    part: 'jobs',
    because: 'unknown status',
    to: 'retry',
    reason: 'status is mapped',
  })
  await crew.ana.does('migrations.reportRetries', {
    number,
    part: 'jobs',
    moved: ['k1'],
    failed: [{ key: 'k2', class: 'data', reason: 'no owner' }],
  })
  expect((await see()).parts[0]).toMatchObject({ goodRows: 199, badRows: 1, waiting: 1, retry: 0 })
})

it('MG-DATA-02 too many bad rows, or failed batches in a row, stop a part until a person says how many are tolerated', async () => {
  const going = await openedBy(crew)
  const { number, see } = going
  await until(going, 'backfilling')
  await crew.ana.does('migrations.openPart', { number, part: 'jobs' })
  const bad = Array.from({ length: 10 }, (_, at) => ({
    key: `k${at}`,
    class: 'data' as const,
    reason: 'no owner',
  }))
  const answer = await crew.ana.does('migrations.reportBatches', {
    number,
    part: 'jobs',
    batches: [{ seq: 1, cursorTo: '1000', good: 990, bad }],
  })
  expect(answer).toMatchObject({ proceed: false, why: expect.stringContaining('1.00 %') })
  const go = (toleratedPercent?: number) =>
    crew.ana.does('migrations.steerPart', {
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
    await crew.ana.does('migrations.reportBatches', { number, part: 'jobs', batches: failed }),
  ).toMatchObject({
    proceed: false,
    why: expect.stringContaining('3 batches failed'),
  })
  expect((await see()).parts[0]).toMatchObject({ state: 'stopped', goodRows: 990, badRows: 10 })
})

it('MG-DATA-03 what is settled by its reason is what was seen: rows that came since, and those of another class, wait', async () => {
  const going = await openedBy(crew)
  const { number } = going
  await until(going, 'backfilling')
  await crew.ana.does('migrations.openPart', { number, part: 'jobs' })
  const row = (key: string, kind: 'data' | 'mapping') => ({ key, class: kind, reason: 'no owner' })
  const report = (seq: number, bad: readonly ReturnType<typeof row>[]) =>
    crew.ana.does('migrations.reportBatches', {
      number,
      part: 'jobs',
      batches: [{ seq, cursorTo: String(seq), good: 0, bad: [...bad] }],
    })
  await report(1, [row('a', 'data'), row('b', 'mapping')])
  const waive = (atMost: number) =>
    crew.ana.does('migrations.settleRows', {
      number,
      part: 'jobs',
      because: 'no owner',
      class: 'data',
      atMost,
      to: 'waived',
      reason: 'test rows',
    })
  await report(2, [row('c', 'data')])
  await expect(waive(1)).rejects.toThrow('2 rows wait for this by now, not 1')
  expect(await waive(2)).toEqual({ rows: 2 })
  expect((await going.see()).parts[0]).toMatchObject({ waiting: 1, waived: 2 })
})

it('MG-DATA-01 parts that end at the same moment are both told', async () => {
  const going = await openedBy(crew)
  const { number } = going
  await until(going, 'backfilling')
  const parts = Array.from({ length: 6 }, (_, at) => `part-${at}`)
  for (const part of parts) await crew.ana.does('migrations.openPart', { number, part })
  await Promise.all(
    parts.map((part) =>
      crew.ana.does('migrations.reportBatches', { number, part, batches: [], isDone: true }),
    ),
  )
  const { events } = await going.see()
  expect(events.filter(({ kind }) => kind === 'part-done')).toHaveLength(parts.length)
})
