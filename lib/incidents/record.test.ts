import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { SteppedClock } from '../platform/clock'
import { t0, testConsole } from '../platform/testing/database'
import { refusal } from '../platform/testing/refusal'
import type { CommandInput } from '../registry'
import { declaredIn, untilAnswered } from './testing/declared'

let console: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const someone = (...roles: readonly Role[]) => somebodyIn(console, roles)
const declared = (changes?: Partial<CommandInput<'incidents.declare'>>) => declaredIn(console, changes)

describe('the record', () => {
  it('I-REC-01 is contiguous under 20 writers at once, each note there once', async () => {
    const { id, record } = await declared()
    const writers = await Promise.all(Array.from({ length: 20 }, () => someone('responder')))
    const written = await Promise.all(
      writers.map(async (writer) => {
        const places: number[] = []
        for (const turn of [1, 2, 3]) {
          const note = { id, text: `${writer.handle} ${turn}` }
          places.push((await untilAnswered((key) => writer.does('incidents.addNote', note, key))).seq)
        }
        return places
      }),
    )
    expect(new Set(written.flat()).size).toBe(60)
    const entries = await record()
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_entry, index) => index + 1))
    expect(new Set(entries.map((entry) => entry.body.text)).size).toBe(61)
  }, 60_000)

  it('writes once for the same idempotency key, and once for the same entry id ever after', async () => {
    const { ana, id, record } = await declared()
    const key = randomUUID()
    const entryId = randomUUID()
    const note = { id, entryId, text: 'said once' }
    const first = await ana.does('incidents.addNote', note, key)
    expect(await ana.does('incidents.addNote', note, key)).toEqual(first)
    expect(await ana.does('incidents.addNote', note)).toEqual({ seq: first.seq, repeated: true })
    expect((await record()).filter((entry) => entry.kind === 'note')).toHaveLength(1)
  })

  it('refuses an entry id of another incident', async () => {
    const one = await declared()
    const other = await declared()
    const entryId = randomUUID()
    await one.ana.does('incidents.addNote', { id: one.id, entryId, text: 'here' })
    const error = await refusal(one.ana.does('incidents.addNote', { id: other.id, entryId, text: 'there' }))
    expect(error.code).toBe('key_reused')
  })

  it.each([
    ['UPDATE', 'UPDATE timeline_event SET actor = actor'],
    ['DELETE', 'DELETE FROM timeline_event'],
    ['TRUNCATE', 'TRUNCATE timeline_event'],
  ])('refuses %s by the database itself', async (_word, statement) => {
    await declared()
    await expect(console.hot.query(statement)).rejects.toThrow(/append-only/)
  })

  it('shows when it happened and how late it was told', async () => {
    const { ana, id, record } = await declared()
    await ana.does('incidents.addNote', { id, text: 'first call', claimedAt: '2026-11-18T02:13:00Z' })
    expect((await record()).at(-1)).toMatchObject({
      atMs: Date.parse('2026-11-18T02:13:00Z'),
      receivedAtMs: t0.getTime(),
      claimed: '2026-11-18T02:13:00Z',
      skewMs: 16 * 60_000 + 41_000,
      doubt: null,
    })
  })

  it('cuts by key, comms, machine and pins, and pages without holes', async () => {
    const { ana, id } = await declared()
    await ana.does('incidents.addNote', { id, text: 'a note' })
    await ana.does('incidents.pinEvidence', { id, title: 'p99', value: '4,620 ms', source: 'Prometheus' })
    await ana.does('incidents.recordUpdate', { id, audience: 'internal', text: 'We look into it.' })
    const kinds = async (filter: 'key' | 'all' | 'comms' | 'machine' | 'pins') =>
      (await ana.asks('incidents.timeline', { id, filter })).entries.map((entry) => entry.kind)
    expect(await kinds('all')).toEqual(['update', 'pin', 'note', 'declared'])
    expect(await kinds('key')).toEqual(['update', 'pin', 'declared'])
    expect(await kinds('comms')).toEqual(['update'])
    expect(await kinds('machine')).toEqual([])
    expect(await kinds('pins')).toEqual(['pin'])
    const first = await ana.asks('incidents.timeline', { id, limit: 3 })
    const rest = await ana.asks('incidents.timeline', { id, limit: 3, before: first.entries.at(-1)?.seq })
    expect([...first.entries, ...rest.entries].map((entry) => entry.seq)).toEqual([4, 3, 2, 1])
    const later = await ana.asks('incidents.timeline', { id, after: 2 })
    expect(later.entries.map((entry) => entry.seq)).toEqual([4, 3])
  })

  it('marks the time in which a source told nothing', async () => {
    const { page } = await declared({ impactStartedAt: '2026-11-18T02:00:00Z' })
    const row = (minute: number, after: string) => ({
      at: new Date(Date.parse('2026-11-18T02:00:00Z') + minute * 60_000),
      kind: 'source',
      subject: 'prometheus',
      before: 'clear',
      after,
      reason: 'timeout 10 s',
    })
    await console.db.healthEvent.createMany({
      data: [row(-3, 'unknown'), row(4, 'clear'), row(14, 'unknown')],
    })
    expect((await page()).gaps).toEqual([
      {
        source: 'prometheus',
        fromMs: Date.parse('2026-11-18T02:00:00Z'),
        toMs: Date.parse('2026-11-18T02:04:00Z'),
        reason: 'timeout 10 s',
      },
      {
        source: 'prometheus',
        fromMs: Date.parse('2026-11-18T02:14:00Z'),
        toMs: undefined,
        reason: 'timeout 10 s',
      },
    ])
  })
})

describe('overwrites', () => {
  it('I-REC-02 shows both versions when two change one field, and overwrites nothing', async () => {
    const { ana, id, page } = await declared({ severity: 'P3' })
    const li = await someone('commander')
    const { version } = await page()
    await li.does('incidents.setSeverity', { id, version, to: 'P1' })
    const error = await refusal(ana.does('incidents.setSeverity', { id, version, to: 'P2' }))
    expect(error).toMatchObject({
      code: 'conflict',
      current: { field: 'severity', theirs: 'P1', yours: 'P2', by: li.handle, version: version + 1 },
    })
    expect((await page()).severity).toBe('P1')
  })

  it('lets two change different fields at once', async () => {
    const { ana, id, page } = await declared()
    const { version } = await page()
    await ana.does('incidents.setTitle', { id, version, to: 'Inference 503s, EU and US' })
    await ana.does('incidents.setSeverity', { id, version, to: 'P2', reason: 'US is back' })
    expect(await page()).toMatchObject({ title: 'Inference 503s, EU and US', severity: 'P2' })
  })

  it('of ten who change the title at once one wins and nine are told', async () => {
    const { ana, id, page, record } = await declared()
    const { version } = await page()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        ana.does('incidents.setTitle', { id, version, to: `title ${index}` }),
      ),
    )
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect((await record()).filter((entry) => entry.kind === 'title')).toHaveLength(1)
  }, 60_000)

  it('raises without a reason and lowers only with one', async () => {
    const { ana, id, page } = await declared({ severity: 'P2' })
    await ana.does('incidents.setSeverity', { id, version: (await page()).version, to: 'P1' })
    const { version } = await page()
    const error = await refusal(ana.does('incidents.setSeverity', { id, version, to: 'P3' }))
    expect(error).toMatchObject({ code: 'invalid', issues: [{ path: 'reason' }] })
    await ana.does('incidents.setSeverity', { id, version, to: 'P3', reason: 'fallback carries it' })
  })

  it('acknowledging and noting never conflict with an overwrite', async () => {
    const { ana, id, page } = await declared()
    const { version } = await page()
    await ana.does('incidents.setTitle', { id, version, to: 'another title' })
    await ana.does('incidents.acknowledge', { id })
    await ana.does('incidents.addNote', { id, text: 'still here' })
    expect((await page()).version).toBe(version + 1)
  })
})
