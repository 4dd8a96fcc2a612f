import { afterAll, beforeAll, expect, it } from 'vitest'
import { somebodyIn } from '../access/testing/somebody'
import type { Console } from '../console'
import { declaredIn } from '../incidents/testing/declared'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'

const MINUTE_MS = 60_000
let app: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  app = await testConsole()
})

afterAll(async () => {
  await app.close()
})

async function ended(changes: Parameters<typeof declaredIn>[1] = {}) {
  const made = await declaredIn(app, changes)
  app.clock.advanceMs(5 * MINUTE_MS)
  await made.ana.does('incidents.acknowledge', { id: made.id })
  app.clock.advanceMs(25 * MINUTE_MS)
  const { version } = await made.page()
  await made.ana.does('incidents.setStatus', {
    id: made.id,
    version,
    to: 'resolved',
    reason: 'rates are back',
    waiver: 'nobody outside was told',
  })
  return made
}

it('N-FIG-2 N-FIG-5: counts real incidents, drills apart, and of restricted ones only for who may know', async () => {
  const { ana } = await ended({
    impactStartedAt: new Date(app.clock.now().getTime() - 3 * MINUTE_MS).toISOString(),
  })
  await ended({ drill: true, title: 'Practice' })
  const hidden = await ended({ visibility: 'restricted', title: 'Quiet quagga' })
  const seen = await ana.asks('insights.summary', {})
  expect(seen.incidents).toBe(1)
  const spreads = seen.figures.map(({ measure, spread }) => [
    measure,
    spread?.n ?? 0,
    spread?.medianMs ?? null,
  ])
  expect(spreads).toEqual([
    ['detect', 1, 3 * MINUTE_MS],
    ['acknowledge', 1, 5 * MINUTE_MS],
    ['mitigate', 1, 33 * MINUTE_MS],
    ['resolve', 1, 33 * MINUTE_MS],
  ])
  expect(JSON.stringify(seen)).not.toContain('quagga')
  expect((await hidden.ana.asks('insights.summary', {})).incidents).toBe(2)
  expect((await ana.asks('insights.summary', { kind: 'drill' })).incidents).toBe(1)
  expect((await ana.asks('insights.summary', { severity: 'P3' })).incidents).toBe(0)
})

it('leaf, component and provider host are read of the record, what was told and the linked alerts', async () => {
  const made = await ended()
  await app.hot.query(
    `INSERT INTO timeline_event (incident_id, seq, id, kind, source, actor, actor_name, occurred_at, received_at, body)
     VALUES ($1, 900, gen_random_uuid(), 'triage', 'machine', 'm', 'm', now(), now(), $2),
      ($1, 901, gen_random_uuid(), 'triage', 'machine', 'm', 'm', now(), now(), '{"causes": []}')`,
    [
      made.id,
      JSON.stringify({
        causes: [
          { leaf: 'card-gone', state: 'certain' },
          { leaf: 'x', state: 'possible' },
        ],
      }),
    ],
  )
  await app.hot.query(
    `INSERT INTO instance_record (id, machine_id, host_id, first_seen_at, last_listed_at, listed)
     VALUES ('9100005', '11', '4711', now(), now(), '{}')`,
  )
  const now = app.clock.now()
  const alert = await app.db.alert.create({
    data: {
      source: 'alertmanager',
      fingerprint: 'f',
      startsAt: now,
      startsRaw: '',
      sinceAt: now,
      status: 'firing',
      name: 'CardGone',
      severity: 'critical',
      level: 'P1',
      labels: { instance_id: '9100005' },
      annotations: {},
      seen: 1,
      via: 'webhook',
      firstSeenAt: now,
      lastSeenAt: now,
    },
  })
  await made.ana.does('incidents.linkAlerts', { id: made.id, alerts: { ids: [alert.id] } })
  const viewer = await somebodyIn(app, ['viewer'])
  const seen = await viewer.asks('insights.summary', { host: '4711' })
  expect(seen.incidents).toBe(1)
  const rows = Object.fromEntries(
    seen.cuts.map(({ grouping, rows: cut }) => [grouping, cut.map(({ key }) => key)]),
  )
  expect(rows).toMatchObject({ leaf: ['card-gone'], host: ['4711'] })
})
