import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import type { Console } from '../console'
import type { Actor, AnyCommand, AnyQuery } from '../operation'
import type { SteppedClock } from '../platform/clock'
import { t0, testConsole } from '../platform/testing/database'
import { runCommand, runQuery } from '../run'
import { createInboxDrain, type InboxDrain } from './advance-inbox'
import { hookIntake, takeHook } from './hooks-collect'
import type { Sender } from './model'
import { alertsOperations } from './operations'
import { DEFAULT_ALERTS_POLICY } from './policy'
import { alertmanagerBody, type Firing, hookRequest, hookSecretsEnv, SECRETS } from './testing/deliveries'

let console: Console & { readonly clock: SteppedClock }
let drain: InboxDrain
let personId: string

beforeAll(async () => {
  console = await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })
  drain = createInboxDrain(console, { policy: () => DEFAULT_ALERTS_POLICY })
  const person = await console.db.person.create({
    data: { handle: 'mona', name: 'Mona', email: 'mona@example.test', roles: ['admin', 'responder'] },
  })
  personId = person.id
})

afterAll(async () => {
  await hookIntake(console).flush()
  await console.close()
})

function actor(roles: readonly Role[] = ['admin', 'responder']): Actor {
  return {
    kind: 'person',
    id: personId,
    handle: 'mona',
    name: 'Mona',
    roles,
    sessionId: 's',
    authAt: console.clock.now(),
  }
}

function scope() {
  // Answers of a board are shared until a hint or for two seconds: each look of a test has a time of its own.
  console.clock.advanceMs(2_000)
  return { console, actor: actor(), now: console.clock.now(), requestId: randomUUID() }
}

type Operation = (typeof alertsOperations)[number]
type Named<Name extends string> = Extract<Operation, { name: Name }>

function found<Name extends Operation['name']>(name: Name): Named<Name> {
  return alertsOperations.find((operation) => operation.name === name) as Named<Name>
}

async function ask<Name extends Extract<Operation, { type: 'query' }>['name']>(
  name: Name,
  input: object = {},
) {
  const query = found(name)
  return (await runQuery(query as unknown as AnyQuery, scope(), input)) as Awaited<
    ReturnType<(typeof query)['run']>
  >
}

async function tell(name: Operation['name'], input: object): Promise<Record<string, unknown>> {
  return (await runCommand(found(name) as unknown as AnyCommand, scope(), input, randomUUID())) as Record<
    string,
    unknown
  >
}

async function deliver(sender: Sender, body: string, secret: string = SECRETS[sender][0]): Promise<number> {
  const response = await takeHook(console, hookRequest({ sender, secret, body, now: console.clock.now() }), {
    sender,
  })
  await drain.drain()
  return response.status
}

function firing(name: string, count: number, changes: Partial<Firing> = {}): string {
  return alertmanagerBody(
    Array.from({ length: count }, (_, index) => ({
      labels: { alertname: name, severity: 'critical', gpu: String(index), token: 'sk-very-secret-token' },
      fingerprint: `${name}-${index}`,
      startsAt: t0.toISOString(),
      ...changes,
    })),
  )
}

async function clear(): Promise<void> {
  await console.hot.query('TRUNCATE alert, hook_inbox, hook_quarantine, alert_notice, alert_memory')
}

describe('the board of alerts', () => {
  it('A-BRD-01 a storm of one rule is one group; of many rules at most 50, and the rest is counted', async () => {
    await clear()
    await deliver('alertmanager', firing('GpuHot', 300))
    for (let rule = 0; rule < 60; rule += 1) await deliver('alertmanager', firing(`Rule ${rule}`, 2))
    const board = await ask('alerts.groups')
    expect(board.groups).toHaveLength(50)
    expect(board.more).toEqual({ groups: 11, alerts: 22 })
    expect(board.groups.find((group) => group.name === 'GpuHot')).toMatchObject({
      level: 'P1',
      count: 300,
      seen: 300,
    })
  })

  it('A-BRD-02 filters narrow groups and rows alike', async () => {
    await clear()
    await deliver('alertmanager', firing('GpuHot', 3))
    await deliver(
      'alertmanager',
      firing('DiskFull', 2, { labels: { alertname: 'DiskFull', severity: 'warning' } }).replace(
        '"DiskFull-1"',
        '"DiskFull-9"',
      ),
    )
    expect((await ask('alerts.groups', { level: 'P3' })).groups.map((group) => group.name)).toEqual([
      'DiskFull',
    ])
    expect((await ask('alerts.groups', { text: 'gpuhot' })).groups).toHaveLength(1)
    expect((await ask('alerts.groups', { source: 'grafana' })).groups).toEqual([])
    const list = await ask('alerts.list', { name: 'GpuHot' })
    expect(list.rows).toHaveLength(3)
    expect((await ask('alerts.list', { text: '%' })).rows).toEqual([])
  })

  it('A-BRD-04 one answer serves everybody who asks at the same time, and none outlives a hint of a change', async () => {
    await clear()
    const query = found('alerts.groups') as unknown as AnyQuery
    const look = async (): Promise<number> => {
      const at = { console, actor: actor(), now: console.clock.now(), requestId: randomUUID() }
      return ((await runQuery(query, at, {})) as { groups: unknown[] }).groups.length
    }
    await deliver('alertmanager', firing('GpuHot', 1))
    await drain.tellConsoles()
    expect(await look()).toBe(1)
    await deliver('alertmanager', firing('DiskFull', 1))
    console.clock.advanceMs(1_000)
    expect(await look()).toBe(1)
    await drain.tellConsoles()
    expect(await look()).toBe(2)
  })

  it('A-BRD-03 labels are shown with secrets masked', async () => {
    const { rows } = await ask('alerts.list', { name: 'GpuHot' })
    const detail = await ask('alerts.detail', { id: rows[0]?.id })
    expect(detail.labels).toMatchObject({ alertname: 'GpuHot', token: '[redacted]' })
  })

  it('A-ACK-01 acknowledging a group or single alerts is kept with name and time, once, and can be taken back', async () => {
    await clear()
    await deliver('alertmanager', firing('GpuHot', 3))
    const group = { group: { name: 'GpuHot', level: 'P1' } }
    const [first] = (await ask('alerts.list')).rows
    expect(await tell('alerts.acknowledge', { target: { ids: [first?.id] }, note: 'on it' })).toEqual({
      acknowledged: 1,
    })
    expect(await tell('alerts.acknowledge', { target: group })).toEqual({ acknowledged: 2 })
    expect(await tell('alerts.acknowledge', { target: group })).toEqual({ acknowledged: 0 })
    const detail = await ask('alerts.detail', { id: first?.id })
    expect(detail).toMatchObject({ ackedBy: 'Mona', ackNote: 'on it' })
    expect((await ask('alerts.groups')).groups[0]).toMatchObject({ count: 3, acked: 3 })
    expect(await tell('alerts.withdrawAcknowledgement', { target: group })).toEqual({ withdrawn: 3 })
    expect((await ask('alerts.groups', { acked: true })).groups).toEqual([])
  })

  it('A-ACK-02 further deliveries keep the acknowledgement, a new episode has none', async () => {
    await clear()
    await deliver('alertmanager', firing('GpuHot', 1))
    await tell('alerts.acknowledge', { target: { group: { name: 'GpuHot', level: 'P1' } } })
    await deliver('alertmanager', firing('GpuHot', 1))
    expect((await ask('alerts.list')).rows[0]).toMatchObject({ seen: 2, ackedBy: 'Mona' })
    await deliver(
      'alertmanager',
      firing('GpuHot', 1, { startsAt: new Date(t0.getTime() + 60_000).toISOString() }),
    )
    expect((await ask('alerts.list')).rows).toMatchObject([{ seen: 1, ackedBy: null }])
  })
})

describe('the quarantine', () => {
  it('A-QUA-04 what is held can be read with secrets masked, driven again and set aside', async () => {
    await clear()
    const body = JSON.parse(firing('GpuHot', 2))
    body.alerts[1].startsAt = 'yesterday'
    body.alerts[1].annotations = { api_key: 'abcdefghijkl' }
    await deliver('alertmanager', JSON.stringify(body))
    const [held] = await ask('alerts.quarantine')
    expect(held).toMatchObject({ position: 1, reason: 'startsAt is not an instant', state: 'held' })
    const raw = await ask('alerts.quarantineRaw', { id: held?.id })
    expect(raw.text).toContain('"startsAt": "yesterday"')
    expect(raw.text).not.toContain('abcdefghijkl')
    expect(await tell('alerts.redrive', { id: held?.id })).toMatchObject({ understood: false })
    expect(await ask('alerts.quarantine')).toHaveLength(1)

    body.alerts[1].startsAt = t0.toISOString()
    await console.hot.query('UPDATE hook_inbox SET body = $1', [Buffer.from(JSON.stringify(body))])
    expect(await tell('alerts.redrive', { id: held?.id })).toEqual({
      understood: true,
      reason: null,
      alerts: 1,
    })
    expect((await ask('alerts.list')).rows.map((row) => row.seen)).toEqual([1, 1])
    await expect(tell('alerts.redrive', { id: held?.id })).rejects.toMatchObject({ code: 'conflict' })
    await expect(tell('alerts.dismiss', { id: held?.id })).rejects.toMatchObject({ code: 'conflict' })

    await deliver('generic', '{"type":"nobody.knows"}')
    const [other] = await ask('alerts.quarantine')
    await tell('alerts.dismiss', { id: other?.id })
    expect(await ask('alerts.quarantine')).toEqual([])
    expect(await ask('alerts.quarantine', { state: 'dismissed' })).toHaveLength(1)
  })
})

describe('hook secrets', () => {
  it('A-SEC-01 a token made here works, is stored as a hash, rotates without a gap, and ends', async () => {
    const made = await tell('alerts.createHookSecret', { sender: 'alertmanager', name: 'cluster east' })
    expect(String(made.secret)).toMatch(/^wfh_[\w-]{43}$/)
    const next = await tell('alerts.createHookSecret', { sender: 'alertmanager', name: 'cluster east, next' })
    console.clock.advanceMs(2_001)
    for (const { secret } of [made, next])
      expect(await deliver('alertmanager', firing('Rotated', 1), String(secret))).toBe(202)
    await expect(
      tell('alerts.createHookSecret', { sender: 'alertmanager', name: 'third' }),
    ).rejects.toMatchObject({
      code: 'conflict',
    })
    const { rows } = await console.hot.query('SELECT * FROM hook_secret')
    expect(JSON.stringify(rows)).not.toContain(String(made.secret))
    await tell('alerts.revokeHookSecret', { id: made.id })
    console.clock.advanceMs(2_001)
    expect(await deliver('alertmanager', firing('Rotated', 1), String(made.secret))).toBe(401)
    expect(await deliver('alertmanager', firing('Rotated', 1), String(next.secret))).toBe(202)
    expect(JSON.stringify(await ask('alerts.hooks'))).not.toContain(String(next.secret))
  })

  it('A-SEC-02 signing secrets are sealed and sign; those that the sender makes must be entered', async () => {
    const generic = await tell('alerts.createHookSecret', { sender: 'generic', name: 'script' })
    expect(String(generic.secret)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    await tell('alerts.createHookSecret', {
      sender: 'vast',
      name: 'account',
      secret: 'from-the-provider-1234',
    })
    console.clock.advanceMs(2_001)
    const body = '{"event_id":"1"}'
    expect(await deliver('generic', '{"type":"x"}', String(generic.secret))).toBe(202)
    expect(await deliver('vast', body, 'from-the-provider-1234')).toBe(202)
    const { rows } = await console.hot.query('SELECT * FROM hook_secret')
    expect(JSON.stringify(rows)).not.toContain('from-the-provider-1234')
    await expect(tell('alerts.createHookSecret', { sender: 'pagerduty', name: 'x' })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('A-SEC-03 the audit trail names the secret by id and never holds it', async () => {
    const { rows } = await console.hot.query(
      "SELECT action, subject, detail FROM audit_entry WHERE action LIKE 'alerts.%'",
    )
    expect(JSON.stringify(rows)).toContain('hook:alertmanager')
    expect(JSON.stringify(rows)).not.toMatch(/wfh_|whsec_|from-the-provider/)
  })
})
