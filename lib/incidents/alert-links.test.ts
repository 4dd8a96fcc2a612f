import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { Console } from '../console'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import type { CommandInput } from '../registry'
import { advanceAlertLinks } from './alert-links-advance'

let console: Console & { readonly clock: SteppedClock }
const LEASE = { name: 'test-links', epoch: 3 }
const POLICY = { agreeing: 2, windowMinutes: 30, pendingPerIncident: 20 }

beforeAll(async () => {
  console = await testConsole()
  await console.db.lease.create({
    data: { name: LEASE.name, epoch: BigInt(LEASE.epoch), owner: 'test', expiresAt: new Date(0) },
  })
})

afterAll(async () => {
  await console.close()
})

function look(epoch = LEASE.epoch) {
  return advanceAlertLinks(
    console,
    { policy: POLICY, heartbeat: 'Watchdog', lease: { ...LEASE, epoch } },
    console.clock.now(),
  )
}

async function fires(
  labels: Readonly<Record<string, string>> & { readonly alertname: string },
  more: {
    readonly fingerprint?: string
    readonly since?: Date
    readonly silencedBy?: string[]
    readonly resolvedAt?: Date
  } = {},
): Promise<string> {
  const since = more.since ?? console.clock.now()
  const { id } = await console.db.alert.create({
    data: {
      source: 'alertmanager',
      fingerprint: more.fingerprint ?? randomUUID(),
      startsAt: since,
      startsRaw: since.toISOString(),
      sinceAt: since,
      status: more.resolvedAt ? 'resolved' : 'firing',
      name: labels.alertname,
      severity: 'critical',
      level: 'P2',
      labels,
      annotations: { summary: `${labels.alertname} fires` },
      seen: 1,
      via: 'webhook',
      firstSeenAt: since,
      lastSeenAt: since,
      silencedBy: more.silencedBy ?? [],
      ...(more.resolvedAt ? { resolvedAt: more.resolvedAt, resolvedBy: 'sender' } : {}),
    },
  })
  return id
}

async function ends(id: string): Promise<void> {
  await console.db.alert.update({
    where: { id },
    data: { status: 'resolved', resolvedAt: console.clock.now(), resolvedBy: 'sender' },
  })
}

const someone = (...roles: readonly Role[]) => somebodyIn(console, roles)

/** An incident declared from one alert; every call has a rule and hosts of its own, so that tests do not meet. */
async function fromAlert(changes: Partial<CommandInput<'incidents.declare'>> = {}) {
  const rule = `Rule${randomUUID().slice(0, 8)}`
  const host = `host-${randomUUID().slice(0, 8)}`
  const first = await fires({ alertname: rule, host })
  const ana = await someone('commander')
  const { id, name } = await ana.does('incidents.declare', {
    title: 'From an alert',
    severity: 'P2',
    alerts: { ids: [first] },
    ...changes,
  })
  const states = async () => {
    const links = await console.db.incidentLink.findMany({ where: { incidentId: id, kind: 'alert' } })
    return Object.fromEntries(links.map((link) => [link.ref, link.state]))
  }
  const record = async () => (await ana.asks('incidents.timeline', { id, limit: 500 })).entries.toReversed()
  return { rule, host, first, ana, id, name, states, record }
}

describe('declaring from alerts', () => {
  it('links the alert at once and says so in the record', async () => {
    const { first, states, record } = await fromAlert()
    expect(await states()).toEqual({ [first]: 'linked' })
    expect((await record()).at(-1)).toMatchObject({
      kind: 'alerts-linked',
      source: 'human',
      body: { count: 1, alerts: [{ id: first }] },
    })
  })

  it('links every alert that fires of a group, and none that is over', async () => {
    const rule = `Group${randomUUID().slice(0, 8)}`
    const firing = await Promise.all([1, 2, 3].map((n) => fires({ alertname: rule, host: `h${n}` })))
    await fires({ alertname: rule }, { resolvedAt: console.clock.now() })
    const { states } = await fromAlert({ alerts: { group: { name: rule, level: 'P2' } } })
    expect(Object.keys(await states()).sort()).toEqual([...firing].sort())
  })
})

describe('the machine’s look', () => {
  it('I-ALR-02 I-ALR-03 I-ALR-08 links what surely belongs, proposes what may, one entry each', async () => {
    const { rule, host, first, states, record, ana, id } = await fromAlert()
    const sure = [await fires({ alertname: rule, host }), await fires({ alertname: rule, host })]
    const unsure = await fires({ alertname: rule, host: 'elsewhere' })
    await fires({ alertname: 'Unrelated', host: 'nowhere' })
    await look()
    expect(await states()).toEqual({
      [first]: 'linked',
      ...Object.fromEntries(sure.map((one) => [one, 'linked'])),
      [unsure]: 'proposed',
    })
    const machine = (await record()).filter((entry) => entry.source === 'machine')
    expect(machine).toMatchObject([
      {
        kind: 'alerts-linked',
        by: 'alerts',
        body: { count: 2, reasons: ['same rule and place as a linked alert'] },
      },
      { kind: 'alerts-proposed', by: 'alerts', body: { count: 1 } },
    ])
    const advice = await ana.asks('incidents.alertAdvice', { id })
    expect(advice.proposals).toMatchObject([{ id: unsure, reason: 'same rule as a linked alert' }])
    const before = (await record()).length
    await look()
    expect((await record()).length).toBe(before)
  })

  it('I-ALR-08 writes nothing under an epoch that is over', async () => {
    const { rule, host, states } = await fromAlert()
    const more = await fires({ alertname: rule, host })
    await look(LEASE.epoch - 1)
    expect(await states()).not.toHaveProperty(more)
    await look()
    expect(await states()).toHaveProperty(more, 'linked')
  })

  it('I-ALR-04 leaves silenced alerts, the heartbeat, old alerts, drills and taken alerts alone', async () => {
    const { rule, host, states } = await fromAlert()
    const silenced = await fires({ alertname: rule, host }, { silencedBy: ['s1'] })
    const old = await fires(
      { alertname: rule, host },
      { since: new Date(console.clock.now().getTime() - 31 * 60_000) },
    )
    const drill = await fromAlert({ drill: true })
    const forDrill = await fires({ alertname: drill.rule, host: drill.host })
    await look()
    expect(Object.keys(await states())).not.toContain(silenced)
    expect(Object.keys(await states())).not.toContain(old)
    expect(await drill.states()).toEqual({ [drill.first]: 'linked' })
    expect(Object.keys(await states())).not.toContain(forDrill)
    const taken = await fires({ alertname: rule, host })
    const other = await fromAlert({ alerts: { ids: [taken] } })
    await look()
    expect(await states()).not.toHaveProperty(taken)
    expect(await other.states()).toHaveProperty(taken, 'linked')
  })

  it('I-ALR-06 what a person unlinked stays out, a later episode too, until a person links it', async () => {
    const { rule, host, states, ana, id, record } = await fromAlert()
    const fingerprint = randomUUID()
    const alert = await fires({ alertname: rule, host }, { fingerprint })
    await look()
    expect(await states()).toHaveProperty(alert, 'linked')
    await ana.does('incidents.unlinkAlerts', { id, ids: [alert] })
    await look()
    expect(await states()).toHaveProperty(alert, 'unlinked')
    await ends(alert)
    console.clock.advanceMs(1_000)
    const later = await fires({ alertname: rule, host }, { fingerprint })
    await look()
    expect(await states()).not.toHaveProperty(later)
    await ana.does('incidents.linkAlerts', { id, alerts: { ids: [alert] } })
    expect(await states()).toHaveProperty(alert, 'linked')
    expect((await record()).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['alerts-unlinked', 'alerts-linked']),
    )
  })

  it('I-ALR-07 a proposal that ends by itself leaves the list', async () => {
    const { rule, ana, id } = await fromAlert()
    const alert = await fires({ alertname: rule, host: 'other' })
    await look()
    expect((await ana.asks('incidents.alertAdvice', { id })).proposals.length).toBe(1)
    await ends(alert)
    expect((await ana.asks('incidents.alertAdvice', { id })).proposals).toEqual([])
  })

  it('I-ALR-09 says that all linked alerts are over, and resolves nothing', async () => {
    const { first, ana, id } = await fromAlert()
    expect((await ana.asks('incidents.alertAdvice', { id })).allOverAtMs).toBeNull()
    await ends(first)
    await look()
    const advice = await ana.asks('incidents.alertAdvice', { id })
    expect(advice).toMatchObject({ linked: 1, firing: 0, allOverAtMs: console.clock.now().getTime() })
    expect(await ana.asks('incidents.byId', { ref: id })).toMatchObject({ status: 'investigating' })
    const { version } = await ana.asks('incidents.byId', { ref: id })
    await ana.does('incidents.setStatus', { id, version, to: 'resolved', waiver: 'test' })
    expect((await ana.asks('incidents.alertAdvice', { id })).allOverAtMs).toBeNull()
  })

  it('an alert says in which incidents it is', async () => {
    const { first, name, ana } = await fromAlert()
    expect(await ana.asks('incidents.ofAlert', { alertId: first })).toMatchObject([
      { name, state: 'linked', status: 'investigating' },
    ])
  })
})
