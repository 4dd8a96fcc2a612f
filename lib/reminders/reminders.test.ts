import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../operation'
import { testConsole } from '../platform/testing/database'
import { findCommand } from '../registry'
import { runCommand, writeHints } from '../run'
import { advanceReminders } from './advance'
import { DEFAULT_REMINDERS_POLICY as policy } from './policy'

const MINUTE_MS = 60_000
let console: Awaited<ReturnType<typeof testConsole>>

beforeAll(async () => {
  console = await testConsole()
  const { hot } = console
  const now = console.clock.now()
  await hot.query(
    `INSERT INTO channel (id, kind, name, audiences, config, created_at, updated_at) VALUES
      ('ops', 'slack-bot', 'Operations', '["internal"]', '{}', $1, $1),
      ('pager', 'pagerduty', 'Pager', '["internal"]', '{}', $1, $1),
      ('page', 'statuspage', 'Page', '["public"]', '{}', $1, $1)`,
    [now],
  )
})

afterAll(async () => {
  await console.close()
})

let epoch = 0

/** The worker of this moment: asked again it is another one, which knows nothing but the database. */
async function worker() {
  epoch += 1
  const own = epoch
  await console.hot.query(
    `INSERT INTO lease (name, owner, epoch, expires_at) VALUES ('reminders', 'test', $1, now())
     ON CONFLICT (name) DO UPDATE SET epoch = $1`,
    [own],
  )
  const room = {
    hot: console.hot,
    policy,
    lease: { name: 'reminders', epoch: own },
    baseUrl: 'https://console.example',
    hint: (sql: Parameters<typeof writeHints>[0], ref: string, now: Date) =>
      writeHints(sql, [{ topic: 'reminders', ref }], now),
    told: () => undefined,
  }
  return () => advanceReminders(room, console.clock.now())
}

async function declared(changes: Readonly<Record<string, unknown>> = {}) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const person = await console.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: ['commander'] },
  })
  const actor: Actor = {
    kind: 'person',
    id: person.id,
    handle,
    name: handle,
    roles: ['commander'],
    sessionId: 'test',
    authAt: console.clock.now(),
  }
  const does = (name: string, input: unknown) =>
    runCommand(
      findCommand(name),
      { console, actor, now: console.clock.now(), requestId: randomUUID() },
      input,
      randomUUID(),
    ) as Promise<{ id: string; name: string }>
  const made = await does('incidents.declare', {
    title: 'Training jobs stop',
    severity: 'P2',
    answer: true,
    ...changes,
  })
  return { ...made, handle, does }
}

let seq = 0

/** An update that is out, as the room of publications leaves it. */
async function published(
  incidentId: string,
  next: number | null,
  audience = 'public',
  changes: { readonly state?: string } = {},
): Promise<void> {
  seq += 1
  const now = console.clock.now()
  const nextAt = next === null ? null : new Date(now.getTime() + next * MINUTE_MS)
  await console.hot.query(
    `INSERT INTO publication (id, incident_id, seq, kind, audience, severity, status, title, body, draft_body, next_update_at,
       components, facts, channel_ids, findings, lint_version, hash, state, author_id, author, released_at, created_at)
     VALUES ($1, $2, $3, 'update', $4, 'P2', 'investigating', 't', 'b', 'b', $5, '[]', '{}', '[]', '[]', '1', 'h', $6,
       'a', 'a', $7, $7)`,
    [randomUUID(), incidentId, seq, audience, nextAt, changes.state ?? 'released', now],
  )
}

async function steps(incidentId: string) {
  const { rows } = await console.hot.query<{ step: string; outcome: string; cleared: boolean }>(
    `SELECT step, outcome, cleared_at IS NOT NULL AS cleared FROM reminder WHERE incident_id = $1 ORDER BY fired_at, step`,
    [incidentId],
  )
  return rows
}

async function deliveries(incidentId: string) {
  const { rows } = await console.hot.query<{ channel: string; step: string; payload: unknown }>(
    'SELECT channel_id AS channel, step, payload FROM delivery WHERE incident_id = $1 ORDER BY created_at, seq',
    [incidentId],
  )
  return rows
}

describe('a promised update that does not come', () => {
  it('R-STEP-7 gets each of the four steps once, across restarts, and is cleared by publishing', async () => {
    const { id, name } = await declared()
    await published(id, 30)
    const at = async (minutes: number): Promise<void> => {
      console.clock.advanceMs(minutes * MINUTE_MS)
      await (await worker())()
      await (await worker())()
    }
    await at(24)
    expect(await steps(id)).toEqual([])
    await at(1)
    expect((await steps(id)).map(({ step }) => step)).toEqual(['nudge'])
    expect(await deliveries(id)).toEqual([])
    await at(5)
    expect((await steps(id)).map(({ step }) => step)).toEqual(['nudge', 'mention'])
    await at(5)
    await at(5)
    await at(60)
    expect((await steps(id)).map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'nudge fired',
      'mention fired',
      'page fired',
      'public fired',
    ])
    const sent = await deliveries(id)
    expect(sent.map(({ channel, step }) => `${channel} ${step}`)).toEqual(['ops post', 'pager post'])
    expect(JSON.stringify(sent[0]?.payload)).toContain('an update was promised to customers by 02:59 UTC')
    expect(sent[1]?.payload).toMatchObject({
      event_action: 'trigger',
      dedup_key: `console:${name}:next-update-overdue`,
    })
    await published(id, 30)
    await at(0)
    expect((await steps(id)).every(({ cleared }) => cleared)).toBe(true)
    const cleared = (await deliveries(id)).at(-1)
    expect(cleared).toMatchObject({
      channel: 'pager',
      step: 'resolve',
      payload: { event_action: 'resolve', dedup_key: `console:${name}:next-update-overdue` },
    })
    await at(10)
    expect(await steps(id)).toHaveLength(4)
  })

  it('R-STEP-8 two workers at once take a step once, and one that lost its lease takes none', async () => {
    const { id } = await declared()
    await published(id, 1)
    const stale = await worker()
    const fresh = await worker()
    console.clock.advanceMs(2 * MINUTE_MS)
    await Promise.all([stale(), fresh(), fresh()])
    expect((await steps(id)).map(({ step }) => step).sort()).toEqual(['mention', 'nudge'])
    expect(await deliveries(id)).toHaveLength(1)
  })

  it('R-STEP-9 is answered by an update that was sent elsewhere and recorded here, to the same audience only', async () => {
    const { id, does } = await declared()
    await published(id, 10, 'internal')
    console.clock.advanceMs(6 * MINUTE_MS)
    const run = await worker()
    await run()
    expect(await steps(id)).toHaveLength(1)
    await does('incidents.recordUpdate', { id, audience: 'executive', text: 'told by telephone' })
    await run()
    expect((await steps(id))[0]?.cleared).toBe(false)
    await does('incidents.recordUpdate', { id, audience: 'internal', text: 'told by telephone' })
    await run()
    expect((await steps(id))[0]?.cleared).toBe(true)
  })

  it('R-STEP-10 what waits for its release is not published', async () => {
    const { id } = await declared()
    await published(id, 10)
    await published(id, 60, 'public', { state: 'holding' })
    console.clock.advanceMs(6 * MINUTE_MS)
    await (await worker())()
    expect(await steps(id)).toHaveLength(1)
  })

  it('R-STEP-11 stands in the record, but for the nudge', async () => {
    const { id } = await declared()
    await published(id, 1)
    console.clock.advanceMs(7 * MINUTE_MS)
    await (await worker())()
    const { rows } = await console.hot.query<{ text: string }>(
      "SELECT body->>'text' AS text FROM timeline_event WHERE incident_id = $1 AND kind = 'reminder' ORDER BY seq",
      [id],
    )
    expect(rows.map(({ text }) => text.slice(0, 20))).toEqual([
      'Called in the channe',
      'Paged for the update',
    ])
  })
})
