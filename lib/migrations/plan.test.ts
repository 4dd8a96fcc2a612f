import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { takeLease } from '../jobs/lease'
import { readMigrations, watchMigrations } from '../jobs/migrations'
import { type Crew, crewOf, openedBy, shifted } from './testing/going'

/** What Prometheus says next: the values of an instant vector, or a status that is no answer. */
let says: readonly number[] | number = [1]
let asked: string[] = []
let prometheus: Server
let crew: Crew
let epoch: number

vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  prometheus = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('query') ?? '')
    if (typeof says === 'number') return response.writeHead(says).end()
    const result = says.map((value) => ({ metric: { n: String(value) }, value: [1, String(value)] }))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }))
  })
  await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve))
  crew = await crewOf({ PROMETHEUS_URL: `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}` })
  epoch = (await takeLease(crew.app.hot, 'migrations', 'the test')) ?? 0
})

afterAll(async () => {
  await crew.app.close()
  prometheus.closeAllConnections()
  prometheus.close()
})

const watch = (held = epoch) => ({
  app: crew.app,
  lease: { name: 'migrations', epoch: held },
  now: crew.app.clock.now(),
})

const QUERY = { name: 'queue wait', expr: 'max(queue_wait_seconds)', unit: 's', ok: 5, breach: 10 }

async function planned() {
  const going = await openedBy(crew, false)
  const { number, see } = going
  const plan = async (changes: object) =>
    crew.ana.does('migrations.plan', {
      number,
      version: (await see()).version,
      plan: { startsOn: null, ...changes } as never,
    })
  /** A quarter of a minute of good traffic, in which Prometheus says this. */
  const tick = async (value: typeof says) => {
    says = value
    crew.app.clock.advanceMs(13_000)
    await going.traffic('new', { requests: 100, p95Ms: 90 })
    await readMigrations(watch())
  }
  const gate = async () => (await see()).traffic.gate
  return { ...going, plan, tick, gate }
}

it('MG-GATE-06 a gate reads the query that the plan names: good passes, and what could not be read never does', async () => {
  const { number, plan, tick, gate, see } = await planned()
  await plan({ queries: [QUERY] })
  await shifted({ crew, number }, 5)
  asked = []
  for (let at = 0; at < 42; at += 1) await tick([2])
  expect(new Set(asked)).toEqual(new Set([QUERY.expr]))
  expect(asked).toHaveLength(42)
  expect(await gate()).toMatchObject({ kind: 'pass' })
  await readMigrations(watch())
  expect(asked, 'each tick is asked once').toHaveLength(42)
  const signal = async () => (await gate())?.signals.find(({ title }) => title === QUERY.name)
  expect(await signal()).toMatchObject({ value: 2, unit: 's', rating: 'ok', limits: { ok: 5, breach: 10 } })
  for (const [silence, why] of [
    [500, 'Prometheus'],
    [[], 'no series'],
    [[1, 2], 'one number is needed'],
    [[Number.NaN], 'Prometheus'],
  ] as const) {
    for (let at = 0; at < 8; at += 1) await tick(silence)
    expect(await gate()).toMatchObject({
      kind: 'inconclusive',
      words: expect.stringContaining('is not known'),
    })
    expect((await signal())?.why).toContain(why)
    for (let at = 0; at < 2; at += 1) await tick([2])
    expect((await gate())?.kind).toBe('pass')
  }
  for (let at = 0; at < 21; at += 1) await tick([20])
  expect(await readMigrations(watch(epoch - 1))).toBe(0)
  expect(await watchMigrations(watch())).toBe(1)
  expect(await see()).toMatchObject({
    flag: { percent: 0 },
    rollback: { reason: expect.stringContaining('queue wait') },
  })
})

it('MG-GATE-06 the queries stand while traffic is shifted, and a plan that says nothing of them keeps them', async () => {
  const { number, plan, see } = await planned()
  await expect(plan({ queries: [{ ...QUERY, breach: 1 }] })).rejects.toMatchObject({ code: 'invalid' })
  await expect(plan({ queries: [QUERY, { ...QUERY, name: 'again' }] })).rejects.toMatchObject({
    code: 'invalid',
  })
  await plan({ queries: [QUERY] })
  await plan({ startsOn: '2026-12-01' })
  expect((await see()).plan.queries).toEqual([{ ...QUERY, holdSeconds: 300 }])
  await shifted({ crew, number }, 5)
  await expect(plan({ queries: [] })).rejects.toThrow('the queries of its gates stand')
  await plan({ startsOn: '2026-12-02' })
  expect((await see()).plan).toMatchObject({ startsOn: '2026-12-02', queries: [{ name: 'queue wait' }] })
})

it('MG-PLAN-01 a phase is owned by somebody of the house; a text that an older plan holds stays until somebody is chosen', async () => {
  const { number, plan, see } = await planned()
  const owners = async () => (await see()).phases.map(({ owner }) => owner?.name ?? null)
  await crew.app.db.migration.update({
    where: { number },
    data: { plan: { startsOn: null, owners: { setup: 'the platform team', data: 'bo' } } },
  })
  expect(await owners()).toEqual(['the platform team', null, 'bo', null])
  await plan({ owners: { traffic: crew.li.id, data: null } })
  expect(await owners()).toEqual(['the platform team', null, null, crew.li.handle])
  await expect(plan({ owners: { setup: 'the platform team' } })).rejects.toMatchObject({ code: 'invalid' })
  await expect(plan({ owners: { setup: randomUUID() } })).rejects.toMatchObject({ code: 'not_found' })
  await crew.app.db.person.update({
    where: { id: crew.li.id },
    data: { disabledAt: crew.app.clock.now() },
  })
  await expect(plan({ owners: { setup: crew.li.id } })).rejects.toThrow('can sign in here')
  await plan({ owners: { traffic: crew.li.id } })
  expect(await owners(), 'who left stays named').toEqual(['the platform team', null, null, crew.li.handle])
})
