import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import { type SteppedClock, steppedClock } from '../platform/clock'
import { t0, testConsole } from '../platform/testing/database'
import { hookIntake, MAX_BODY_BYTES, takeHook } from './hooks-collect'
import { SENDERS, type Sender } from './model'
import {
  alertmanagerBody,
  hookRequest,
  hookSecretsEnv,
  pagerDutyBody,
  SECRETS,
  signatureHeaders,
} from './testing/deliveries'

let console: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })
})

afterAll(async () => {
  await hookIntake(console).flush()
  await console.close()
})

const BODIES: Readonly<Record<Sender, string>> = {
  alertmanager: alertmanagerBody([{ labels: { alertname: 'Up' }, startsAt: t0.toISOString() }]),
  grafana: JSON.stringify({ version: '1', orgId: 1, alerts: [] }),
  pagerduty: pagerDutyBody({ type: 'incident.triggered', occurredAt: t0.toISOString() }),
  vast: JSON.stringify({ event_id: 'e1', notif_type: 'instance_stopped', timestamp: 1.5 }),
  generic: JSON.stringify({ type: 'alert.firing', data: { name: 'x', startsAt: t0.toISOString() } }),
}

async function post(sender: string, request: Request): Promise<{ status: number; text: string }> {
  const response = await takeHook(console, request, { sender })
  return { status: response.status, text: await response.text() }
}

async function stored(sender: Sender): Promise<number> {
  const { rows } = await console.hot.query<{ count: string }>(
    'SELECT count(*) FROM hook_inbox WHERE sender = $1',
    [sender],
  )
  return Number(rows[0]?.count)
}

describe.each(SENDERS)('the hook of %s', (sender) => {
  const [first, second] = SECRETS[sender]
  const body = BODIES[sender]
  const now = t0

  it('A-HOOK-02 takes what either of two secrets signed, and keeps it byte for byte', async () => {
    for (const secret of [first, second]) {
      const before = await stored(sender)
      expect(await post(sender, hookRequest({ sender, secret, body, now }))).toEqual({
        status: 202,
        text: '{"stored":true}',
      })
      expect(await stored(sender)).toBe(before + 1)
    }
    const { rows } = await console.hot.query<{ body: Buffer }>(
      'SELECT body FROM hook_inbox WHERE sender = $1 ORDER BY id DESC LIMIT 1',
      [sender],
    )
    expect(rows[0]?.body.toString('utf8')).toBe(body)
  })

  it.each([
    ['no signature', {}],
    ['an empty signature', blank(signatureHeaders({ sender, secret: first, body, now }))],
    ['another secret', signatureHeaders({ sender, secret: SECRETS.grafana[0].replace('0', '9'), body, now })],
    ['a signature of another body', signed(sender, { secret: first, body: `${body} `, now })],
    ['a signature that is too short', shortened(signatureHeaders({ sender, secret: first, body, now }))],
    ['a signature of odd characters', odd(signatureHeaders({ sender, secret: first, body, now }))],
  ])('A-HOOK-03 refuses %s with 401 and no detail, and stores nothing', async (_name, headers) => {
    const before = await stored(sender)
    const signing = { sender, secret: first, body, now }
    expect(await post(sender, hookRequest(signing, headers))).toEqual({
      status: 401,
      text: '{"error":"unauthorized"}',
    })
    expect(await stored(sender)).toBe(before)
  })

  it('A-HOOK-04 answers 400 to signed bytes that are no JSON', async () => {
    for (const broken of ['', '{', 'nul', '\u0000', '[1,]']) {
      const request = hookRequest({ sender, secret: first, body: broken, now })
      expect((await post(sender, request)).status, JSON.stringify(broken)).toBe(400)
    }
  })

  it('A-HOOK-05 answers 413 over the cap, told or not, and goes on serving', async () => {
    const big = `"${'x'.repeat(MAX_BODY_BYTES)}"`
    expect((await post(sender, hookRequest({ sender, secret: first, body: big, now }))).status).toBe(413)
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) })
    const chunked = new Request(`http://127.0.0.1:3000/api/hooks/${sender}`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
    } as RequestInit)
    expect((await post(sender, chunked)).status).toBe(413)
    expect((await post(sender, hookRequest({ sender, secret: first, body, now }))).status).toBe(202)
  })
})

function signed(
  sender: Sender,
  options: { readonly secret: string; readonly body: string; readonly now: Date },
): Record<string, string> {
  // A bearer token does not depend on the body, so for it the token itself is spoilt.
  if (sender === 'alertmanager') return { authorization: `Bearer ${options.secret}x` }
  return signatureHeaders({ sender, ...options })
}

function changed(headers: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /signature|authorization/.test(name) ? change(value) : value,
    ]),
  )
}

function blank(headers: Record<string, string>): Record<string, string> {
  return changed(headers, () => '')
}

function shortened(headers: Record<string, string>): Record<string, string> {
  return changed(headers, (value) => value.slice(0, -6))
}

function odd(headers: Record<string, string>): Record<string, string> {
  return changed(headers, (value) => `${value.slice(0, -3)}~~~`)
}

it.each(['grafana', 'vast', 'generic'] as const)(
  'A-HOOK-06 %s: a delivery signed more than five minutes from now is refused, one within is taken',
  async (sender) => {
    const body = BODIES[sender]
    const secret = SECRETS[sender][0]
    for (const [offsetMs, status] of [
      [-300_000, 202],
      [300_000, 202],
      [-301_000, 401],
      [301_000, 401],
    ] as const) {
      const now = new Date(t0.getTime() - (t0.getTime() % 1_000) + offsetMs)
      expect((await post(sender, hookRequest({ sender, secret, body, now }))).status, `${offsetMs}`).toBe(
        status,
      )
    }
  },
)

it.each(['pagerduty', 'vast', 'generic'] as const)(
  'A-HOOK-07 %s: the same delivery sent again is answered alike and stored once',
  async (sender) => {
    const signing = { sender, secret: SECRETS[sender][0], body: BODIES[sender], now: t0, id: randomUUID() }
    const before = await stored(sender)
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(sender, hookRequest(signing))))
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 202, 202])
    expect((await post(sender, hookRequest(signing))).status).toBe(202)
    expect(await stored(sender)).toBe(before + 1)
  },
)

it('A-HOOK-05 a body that does not come is answered with 408 in time', async () => {
  const silent = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) })
  const request = new Request('http://127.0.0.1:3000/api/hooks/alertmanager', {
    method: 'POST',
    body: silent,
    duplex: 'half',
  } as RequestInit)
  const response = await takeHook(console, request, { sender: 'alertmanager', bodyDeadlineMs: 20 })
  expect(response.status).toBe(408)
})

it('A-HOOK-01 a hook that does not exist is 404, and a sender without a secret is refused', async () => {
  expect((await post('slack', new Request('http://127.0.0.1/', { method: 'POST', body: '{}' }))).status).toBe(
    404,
  )
  const bare = await testConsole()
  const request = hookRequest({
    sender: 'alertmanager',
    secret: SECRETS.alertmanager[0],
    body: '{}',
    now: t0,
  })
  expect((await takeHook(bare, request, { sender: 'alertmanager' })).status).toBe(401)
  await hookIntake(bare).flush()
  await bare.close()
})

it('A-HOOK-08 when nothing can be stored the answer is 503 with Retry-After, never another 5xx', async () => {
  const away = await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })
  await away.close()
  const request = hookRequest({ sender: 'vast', secret: SECRETS.vast[0], body: BODIES.vast, now: t0 })
  const response = await takeHook({ ...away, clock: steppedClock(t0) }, request, { sender: 'vast' })
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('5')
})

it('A-HOOK-12 a new notification of the provider asks for a look at the fleet, a repeated one does not', async () => {
  const listener = new pg.Client({ connectionString: console.env.DATABASE_URL })
  await listener.connect()
  const heard: string[] = []
  listener.on('notification', (message) => heard.push(`${message.channel} ${message.payload}`))
  await listener.query('LISTEN watchfloor_look; LISTEN watchfloor_hooks')
  const signing = {
    sender: 'vast' as const,
    secret: SECRETS.vast[0],
    body: BODIES.vast,
    now: t0,
    id: 'event-1',
  }
  await post('vast', hookRequest(signing))
  await post('vast', hookRequest(signing))
  await listener.query('SELECT 1')
  await listener.end()
  expect(heard.sort()).toEqual(['watchfloor_hooks ', 'watchfloor_look vast'])
})

it('A-HOOK-09 every answer is counted by sender, minute and outcome', async () => {
  await hookIntake(console).flush()
  const { rows } = await console.hot.query<{ outcome: string; count: number }>(
    "SELECT outcome, count FROM hook_tally WHERE sender = 'alertmanager' ORDER BY outcome",
  )
  expect(rows).toEqual([
    { outcome: 'refused', count: 6 },
    { outcome: 'stored', count: 3 },
    { outcome: 'too-large', count: 2 },
    { outcome: 'too-slow', count: 1 },
    { outcome: 'unparsable', count: 5 },
  ])
})
