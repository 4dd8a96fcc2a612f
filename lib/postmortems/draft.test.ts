import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { emptyState } from '../health/publisher'
import { packSnapshot } from '../health/store'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { figuresOf, lengthOf, spansOf, turnsOf } from './corrected'
import { recordSchema } from './record-schema'

const MINUTE_MS = 60_000

let app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }
let ana: Somebody
let mei: Somebody

beforeAll(async () => {
  app = await testConsole()
  ana = await somebodyIn(app, ['commander', 'comms', 'responder'])
  mei = await somebodyIn(app, ['reviewer'])
})

afterAll(async () => {
  await app.close()
})

function wait(minutes: number): void {
  app.clock.advanceMs(minutes * MINUTE_MS)
}

function at(beganMs: number, minutes: number): Date {
  return new Date(beganMs + minutes * MINUTE_MS)
}

/** An outage of which every instant is known: impact at 0, page at 6, declared at 10, answered at 12, better at 40, over at 60. */
async function outage() {
  wait(24 * 60)
  const beganMs = app.clock.now().getTime()
  await app.db.healthEvent.createMany({
    data: [
      {
        at: at(beganMs, 0),
        kind: 'api',
        subject: 'errorRatio',
        before: 'clear',
        after: 'breach',
        reason: '38 % of calls fail',
      },
      {
        at: at(beganMs, 2),
        kind: 'source',
        subject: 'dcgm',
        before: 'clear',
        after: 'unknown',
        reason: 'no answer in 5 s',
      },
      ...[0, 1, 2, 3, 4, 5, 6].map((gpu) => ({
        at: at(beganMs, 4),
        kind: 'gpu',
        subject: `9100005/${gpu}`,
        before: 'clear',
        after: 'breach',
        reason: `XID 79 ${gpu} times`,
      })),
      {
        at: at(beganMs, 6),
        kind: 'page',
        subject: 'provider',
        before: 'clear',
        after: 'breach',
        reason: 'Elevated errors',
      },
      { at: at(beganMs, 9), kind: 'source', subject: 'dcgm', before: 'unknown', after: 'clear', reason: '' },
      {
        at: at(beganMs, 38),
        kind: 'api',
        subject: 'errorRatio',
        before: 'breach',
        after: 'clear',
        reason: '0.4 %',
      },
    ],
  })
  await app.db.apiMinute.createMany({
    data: Array.from({ length: 30 }, (_, minute) => ({
      minuteAt: new Date(Math.floor(beganMs / MINUTE_MS) * MINUTE_MS + minute * MINUTE_MS),
      serverErrors: 100,
      errorRatio: minute < 20 ? 38 : 2,
      p99: 6_000,
    })),
  })
  const state = emptyState({ seq: 1, simulated: true })
  await app.db.healthCheckpoint.create({
    data: { seq: BigInt(beganMs), epoch: 1n, at: at(beganMs, 5), body: Buffer.from(packSnapshot(state)) },
  })
  wait(10)
  const { id } = await ana.does('incidents.declare', {
    title: 'Inference 503s, EU pool',
    impact: 'Customers could not start videos',
    severity: 'P1',
    visibility: 'internal',
    impactStartedAt: new Date(beganMs).toISOString(),
  } as never)
  wait(2)
  await ana.does('incidents.acknowledge', { id })
  await ana.does('incidents.addNote', {
    id,
    text: 'EU egress only',
    claimedAt: at(beganMs, 3).toISOString(),
  } as never)
  wait(28)
  const { version } = await ana.asks('incidents.byId', { ref: id })
  await ana.does('incidents.setStatus', { id, version, to: 'monitoring' } as never)
  wait(20)
  const later = await ana.asks('incidents.byId', { ref: id })
  await ana.does('incidents.setStatus', {
    id,
    version: later.version,
    to: 'resolved',
    waiver: 'told by hand',
  } as never)
  return { id, beganMs }
}

test('PM-REC-01 PM-TIM-01 PM-TIM-02 PM-TIM-03 PM-TIM-04 PM-MIL-01 PM-IMP-01 PM-IMP-02 a draft counts what a hand counts, in order, with what was not seen', async () => {
  const { id, beganMs } = await outage()
  expect((await mei.asks('postmortems.ofIncident', { incidentId: id })).isProposed).toBe(true)
  expect((await mei.asks('postmortems.proposed', {})).incidents.map((one) => one.id)).toContain(id)
  const { number, isNew } = await mei.does('postmortems.draft', { incidentId: id })
  expect(isNew).toBe(true)
  expect(await ana.does('postmortems.draft', { incidentId: id })).toMatchObject({ number, isNew: false })
  const view = await mei.asks('postmortems.one', { number })
  const record = recordSchema.parse(view.record)

  // Durations as a hand counts them.
  const turns = turnsOf(record, [])
  const minutes = Object.fromEntries(
    turns.map((turn) => [turn.key, turn.atMs === null ? null : (turn.atMs - beganMs) / MINUTE_MS]),
  )
  expect(minutes).toEqual({
    impact: 0,
    detected: 0,
    declared: 10,
    acknowledged: 12,
    'first-public': null,
    mitigated: 40,
    resolved: 60,
  })
  expect(lengthOf(turns)).toBe('1h 00m')
  expect(spansOf(turns).map((span) => (span.ms === null ? null : span.ms / MINUTE_MS))).toEqual([
    0, 12, 40, 60,
  ])

  // Order by event, with provenance; the late note stands where it happened.
  const instants = record.timeline.map((row) => row.eventAtMs)
  expect(instants).toEqual(instants.toSorted((a, b) => a - b))
  const note = record.timeline.find((row) => row.text.includes('EU egress only'))
  expect(note).toMatchObject({
    eventAtMs: beganMs + 3 * MINUTE_MS,
    receivedAtMs: beganMs + 12 * MINUTE_MS,
    by: ana.handle,
  })
  expect(note?.link?.href).toContain('?entry=')

  // Seven cards that fail together are one row; a silent source is a gap; two stories are both told.
  expect(record.timeline.filter((row) => row.text.startsWith('7 GPUs'))).toHaveLength(1)
  expect(record.timeline.filter((row) => row.kind === 'gap')).toMatchObject([
    { sourceName: 'dcgm', eventAtMs: beganMs + 2 * MINUTE_MS, toMs: beganMs + 9 * MINUTE_MS },
  ])
  expect(record.timeline.filter((row) => row.kind === 'disagreement').map((row) => row.text)).toEqual([
    expect.stringContaining('page showed no trouble'),
  ])

  // Figures with their method; what no source counts is unknown and says why.
  const figures = Object.fromEntries(figuresOf(record, []).map((one) => [one.key, one]))
  expect(figures['requests-failed']).toMatchObject({ value: 3_000, unknown: '' })
  expect(figures['requests-failed']?.method).toContain('minutes have no reading')
  expect(figures['time-above-limit']?.value).toBe(20 * MINUTE_MS)
  expect(figures['gpus-down']?.value).toBe(0)
  expect(figures.users).toMatchObject({ value: null, unknown: 'Nobody has stated a formula' })
  expect(view.sections.find((one) => one.key === 'summary')?.body).toContain(
    'Customers could not start videos',
  )
  expect(record.meta.responders).toContain(ana.handle)
  expect(record.meta.responders).not.toContain(mei.handle)
})

test('PM-REC-04 the chart of a week with six queues reaches its last hour', async () => {
  wait(24 * 60)
  const nowMs = app.clock.now().getTime()
  const { id } = await ana.does('incidents.declare', {
    title: 'Jobs wait for days',
    severity: 'P2',
    impactStartedAt: new Date(nowMs - 7 * 24 * 60 * MINUTE_MS).toISOString(),
  })
  await app.hot.query(
    `INSERT INTO queue_minute (queue, minute_at, backlog_max)
     SELECT 'queue-' || queue, date_trunc('minute', $1::timestamptz) - minute * interval '1 minute',
       CASE WHEN queue = 6 AND minute = 30 THEN 4711 ELSE queue END
     FROM generate_series(1, 6) AS queue, generate_series(0, 10079) AS minute`,
    [new Date(nowMs)],
  )
  const { number } = await mei.does('postmortems.draft', { incidentId: id })
  const { record } = await mei.asks('postmortems.one', { number })
  const chart = record.charts.find(({ key }) => key === 'queue')
  expect(chart?.series.map(({ name }) => name)[0]).toBe('queue-6')
  expect(chart?.series[0]?.values.slice(-4)).toContain(4_711)
})

test('PM-IMP-03 a correction needs a reason and the version that was seen, and what was counted stays beside it', async () => {
  const { id } = await outage()
  const made = await mei.does('postmortems.draft', { incidentId: id })
  const first = await mei.asks('postmortems.one', { number: made.number })
  const wish = {
    id: made.id,
    of: 'figure',
    key: 'requests-failed',
    value: 2_900,
    version: first.version,
  } as const
  await expect(mei.does('postmortems.correct', { ...wish, reason: ' ' })).rejects.toThrow('say why')
  await expect(mei.does('postmortems.correct', { ...wish, key: 'resolved', reason: 'x' })).rejects.toThrow(
    'of this kind',
  )
  await mei.does('postmortems.correct', { ...wish, reason: 'A hundred were retries.' })
  await expect(mei.does('postmortems.correct', { ...wish, reason: 'Again.' })).rejects.toThrow(
    'changed meanwhile',
  )
  const view = await mei.asks('postmortems.one', { number: made.number })
  const [figure] = figuresOf(view.record, view.corrections)
  expect(figure).toMatchObject({ value: 2_900, counted: 3_000, correction: { by: mei.handle } })
  expect(view.version).toBe(first.version + 1)
  const { version } = await mei.does('postmortems.readAgain', { id: made.id, version: view.version })
  expect(version).toBe(view.version + 1)
  expect((await mei.asks('postmortems.one', { number: made.number })).corrections).toHaveLength(1)
})

test('PM-REC-02 the postmortem of a restricted incident is known to nobody whom the incident does not name', async () => {
  const { id } = await outage()
  const { version } = await ana.asks('incidents.byId', { ref: id })
  const { number } = await ana.does('postmortems.draft', { incidentId: id })
  await ana.does('incidents.setVisibility', { id, version, to: 'restricted' })
  await expect(mei.asks('postmortems.one', { number })).rejects.toThrow('no postmortem')
  await expect(mei.asks('postmortems.ofIncident', { incidentId: id })).rejects.toThrow('no such incident')
  expect((await ana.asks('postmortems.one', { number })).number).toBe(number)
})

test('PM-REC-02 the audit trail of a restricted postmortem says nothing of a correction and its reason', async () => {
  const { id } = await outage()
  const made = await ana.does('postmortems.draft', { incidentId: id })
  const { version } = await ana.asks('incidents.byId', { ref: id })
  await ana.does('incidents.setVisibility', { id, version, to: 'restricted' })
  const wish = { id: made.id, of: 'figure', key: 'requests-failed', value: 1, version: 1 } as const
  const corrected = await ana.does('postmortems.correct', { ...wish, reason: 'The zebra tenant retried.' })
  await ana.does('postmortems.readAgain', { id: made.id, version: corrected.version })
  const boss = await somebodyIn(app, ['admin', 'manager'])
  const other = await somebodyIn(app, ['manager'])
  const trail = async (by: typeof boss): Promise<string> =>
    JSON.stringify((await by.asks('audit.list', { limit: 50 })).rows)
  expect(await trail(boss)).toContain('zebra')
  expect(await trail(other)).not.toContain('zebra')
  expect(await trail(other)).not.toContain(made.id)
})

test('PM-REC-01 a record that is read again is found and counted by what it says now', async () => {
  const { id } = await outage()
  const { id: postmortemId, number } = await mei.does('postmortems.draft', { incidentId: id })
  const before = await mei.asks('postmortems.one', { number })
  const { version } = await ana.asks('incidents.byId', { ref: id })
  await ana.does('incidents.setSeverity', { id, version, to: 'P2', reason: 'One pool alone.' })
  await mei.does('postmortems.readAgain', { id: postmortemId, version: before.version })
  const after = await mei.asks('postmortems.one', { number })
  expect(before.severity).toBe('P1')
  expect(after).toMatchObject({ severity: 'P2', record: { meta: { severity: 'P2' } } })
})
