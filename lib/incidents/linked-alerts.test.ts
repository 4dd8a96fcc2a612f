import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createInboxDrain, type InboxDrain } from '../alerts/advance-inbox'
import { hookIntake } from '../alerts/hooks-collect'
import { alertsPolicySchema } from '../alerts/policy'
import { hookSecretsEnv, SECRETS } from '../alerts/testing/deliveries'
import { type RealAlertmanager, startAlertmanager } from '../alerts/testing/real-alertmanager'
import { type Console, setConsole } from '../console'
import { lastHintSeq, readHints } from '../live/hints'
import type { Actor, AnyCommand, AnyQuery } from '../operation'
import { PLAIN_DOORS } from '../plain-doors'
import { systemClock } from '../platform/clock'
import { openPlainDoors } from '../platform/plain-doors'
import { testConsole } from '../platform/testing/database'
import type {
  CommandInput,
  CommandName,
  CommandResult,
  QueryInput,
  QueryName,
  QueryResult,
} from '../registry'
import { findCommand, findQuery } from '../registry'
import { runCommand, runQuery } from '../run'
import { hasProgram } from '../sources/testing/programs'
import { additionOf } from './hint-ref'

const PROGRAM = 'prometheus-alertmanager'
const policy = alertsPolicySchema.parse({})
let console: Console
let drain: InboxDrain
let ana: Actor
let web: Server
let hook: string

beforeAll(async () => {
  console = { ...(await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })), clock: systemClock }
  setConsole(console)
  drain = createInboxDrain(console, { policy: () => policy })
  const person = await console.db.person.create({
    data: { handle: 'ana', name: 'Ana', email: 'ana@northlight.example', roles: ['commander'] },
  })
  ana = {
    kind: 'person',
    id: person.id,
    handle: 'ana',
    name: 'Ana',
    roles: ['commander'],
    sessionId: 'test',
    authAt: new Date(),
  }
  openPlainDoors(PLAIN_DOORS)
  web = createServer((_request, response) => response.writeHead(404).end())
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${(web.address() as AddressInfo).port}/api/hooks/alertmanager`
})

afterEach(() => drain.drain())

afterAll(async () => {
  web.closeAllConnections()
  web.close()
  await hookIntake(console).flush()
  await console.close()
})

const scope = () => ({ console, actor: ana, now: console.clock.now(), requestId: randomUUID() })

async function does<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
): Promise<CommandResult<Name>> {
  return (await runCommand(
    findCommand(name) as AnyCommand,
    scope(),
    input,
    randomUUID(),
  )) as CommandResult<Name>
}

async function asks<Name extends QueryName>(name: Name, input: QueryInput<Name>): Promise<QueryResult<Name>> {
  return (await runQuery(findQuery(name) as AnyQuery, scope(), input)) as QueryResult<Name>
}

async function insertAlert(alert: {
  readonly name: string
  readonly level: string
  readonly status: string
}) {
  const { rows } = await console.hot.query<{ id: string }>(
    `INSERT INTO alert (source, fingerprint, starts_at, starts_raw, since_at, status, name, severity, level, labels,
       annotations, seen, via, first_seen_at, last_seen_at, resolved_at)
     VALUES ('generic', $1, now(), '', now(), $4, $2, '', $3, '{}', '{"summary":"told"}', 1, 'webhook', now(), now(),
       CASE WHEN $4 = 'resolved' THEN now() END) RETURNING id`,
    [randomUUID(), alert.name, alert.level, alert.status],
  )
  return rows[0]?.id ?? ''
}

describe('the alerts of an incident', () => {
  it('come a page at a time, most severe first, and are counted by state whatever is shown', async () => {
    const { id } = await does('incidents.declare', { title: 'many alerts', severity: 'P2' })
    const made: string[] = []
    for (let number = 0; number < 25; number += 1)
      made.push(
        await insertAlert({
          name: `A${number}`,
          level: number === 7 ? 'P1' : 'P3',
          status: number % 5 === 0 ? 'resolved' : 'firing',
        }),
      )
    for (const ref of made) await does('incidents.link', { id, kind: 'alert', ref })
    const first = await asks('incidents.alerts', { id })
    const second = await asks('incidents.alerts', { id, page: 1 })
    expect(first.counts).toEqual({ firing: 20, resolved: 5, unknown: 0 })
    expect(first.rows[0]).toMatchObject({ name: 'A7', level: 'P1', summary: 'told' })
    expect([first.rows.length, first.hasMore, second.rows.length, second.hasMore]).toEqual([
      20,
      true,
      5,
      false,
    ])
    expect(new Set([...first.rows, ...second.rows].map((row) => row.ref))).toEqual(new Set(made))
    const over = await asks('incidents.alerts', { id, status: 'resolved' })
    expect(over.rows.map((row) => row.status)).toEqual(Array.from({ length: 5 }, () => 'resolved'))
    expect(over.counts).toEqual(first.counts)
    expect((await asks('incidents.byId', { ref: id })).alertCount).toBe(25)
  })

  it('are unknown where a link leads to no alert of ours, and none without links', async () => {
    const { id } = await does('incidents.declare', { title: 'a stranger', severity: 'P3' })
    expect(await asks('incidents.alerts', { id })).toMatchObject({ rows: [], hasMore: false })
    for (const ref of ['PagerDuty Q1', randomUUID()])
      await does('incidents.link', { id, kind: 'alert', ref, title: 'seen' })
    const { rows, counts } = await asks('incidents.alerts', { id })
    expect(counts).toEqual({ firing: 0, resolved: 0, unknown: 2 })
    expect(rows).toMatchObject([
      { id: null, status: 'unknown', title: 'seen' },
      { id: null, status: 'unknown', title: 'seen' },
    ])
  })
})

describe('the hint of a change', () => {
  it('says where a note came to stand, and names the incident alone when more may have changed', async () => {
    const { id } = await does('incidents.declare', { title: 'hints', severity: 'P4' })
    const since = await lastHintSeq(console.hot)
    const { seq } = await does('incidents.addNote', { id, text: 'seen' })
    await does('incidents.recordUpdate', { id, audience: 'internal', text: 'told' })
    const refs = (await readHints(console.hot, since)).map((hint) => hint.ref)
    expect(refs.map((ref) => additionOf(ref))).toEqual([{ id, kind: 'note', seq }, undefined])
    expect(refs[1]).toBe(id)
  })
})

describe.skipIf(!hasProgram(PROGRAM))(`with a real Alertmanager (needs ${PROGRAM})`, () => {
  let alertmanager: RealAlertmanager

  beforeAll(async () => {
    alertmanager = await startAlertmanager({ url: hook, token: SECRETS.alertmanager[0] })
  })

  afterAll(() => alertmanager.stop())

  /** The delivery comes when Alertmanager sends it: looked for until it is there, or the test's time is over. */
  async function stored(name: string, status: string): Promise<{ readonly id: string }> {
    for (;;) {
      await drain.drain()
      const { rows } = await console.hot.query<{ id: string }>(
        'SELECT id FROM alert WHERE name = $1 AND status = $2',
        [name, status],
      )
      if (rows[0]) return rows[0]
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** An answer serves everybody until the next hint, which comes once a second at most. */
  async function untilShown(id: string, expected: Readonly<Record<string, number>>): Promise<void> {
    for (;;) {
      const { counts } = await asks('incidents.alerts', { id })
      if (JSON.stringify(counts) === JSON.stringify(expected)) return
      await drain.tellConsoles()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  it('an alert comes through the door, becomes an incident, ends, and the incident is resolved', async () => {
    const labels = { alertname: 'CardLost', severity: 'critical', gpu: '5' }
    await alertmanager.post([{ labels, annotations: { summary: 'the card is gone' } }])
    const alert = await stored('CardLost', 'firing')
    const { id, name } = await does('incidents.declare', {
      title: 'A card is gone',
      severity: 'P1',
      answer: true,
      origin: { kind: 'alert', ref: alert.id, title: 'CardLost' },
    })
    expect(await asks('incidents.alerts', { id })).toMatchObject({
      counts: { firing: 1, resolved: 0 },
      rows: [{ id: alert.id, name: 'CardLost', status: 'firing', level: 'P1' }],
    })
    await alertmanager.post([{ labels, endsAt: new Date(Date.now() - 1).toISOString() }])
    expect(await stored('CardLost', 'resolved')).toEqual(alert)
    await untilShown(id, { firing: 0, resolved: 1, unknown: 0 })
    const { version } = await asks('incidents.byId', { ref: name })
    await does('incidents.setStatus', { id, version, to: 'resolved', waiver: 'the alert is over' })
    expect(await asks('incidents.byId', { ref: name })).toMatchObject({
      status: 'resolved',
      phase: 'resolved',
    })
    const { entries } = await asks('incidents.timeline', { id })
    expect(entries.toReversed().map((entry) => entry.kind)).toEqual([
      'declared',
      'link',
      'acknowledged',
      'role',
      'status',
    ])
  })
})
