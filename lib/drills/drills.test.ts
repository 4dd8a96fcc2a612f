import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseScenario } from '../../simulator/scenario'
import { createSimulator, type Simulator } from '../../simulator/simulator'
import type { Role } from '../access/permissions'
import { drillsJob } from '../jobs/drills'
import type { Scope } from '../operation'
import { systemClock } from '../platform/clock'
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
import { advanceDrill } from './advance'

vi.setConfig({ testTimeout: 120_000 })

const CALM = `id: before
title: Before
world:
  gpus: 24
  instances: 8
  queues: [{ name: video-processing@gpu }, { name: video-processing@cpu }]
`

let app: Awaited<ReturnType<typeof testConsole>>
let simulator: Simulator

beforeAll(async () => {
  simulator = createSimulator({
    scenario: parseScenario(CALM, 'calm.yaml'),
    startMs: Date.parse('2026-11-18T02:00:00Z'),
    wallMs: () => performance.now(),
  })
  const { http } = await simulator.listen({ http: 0, grpc: 0 })
  const made = await testConsole()
  const env = { ...made.env, WATCHFLOOR_SIMULATOR_URL: `http://127.0.0.1:${http}` }
  const reachWorld = async () => (await import('../connect-world')).worldOf({ ...made, env })
  app = { ...made, env, db: made.db, reachWorld }
})

afterAll(async () => {
  await simulator.close()
  await app.close()
})

async function someone(...roles: readonly Role[]) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const { id } = await app.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  const scope = (): Scope => {
    const now = app.clock.now()
    const actor = { kind: 'person', id, handle, name: handle, roles, sessionId: 'test', authAt: now } as const
    return { console: app, actor, now, requestId: randomUUID() }
  }
  return {
    does: async <Name extends CommandName>(name: Name, input: CommandInput<Name>) =>
      (await runCommand(findCommand(name), scope(), input, randomUUID())) as CommandResult<Name>,
    asks: async <Name extends QueryName>(name: Name, input: QueryInput<Name>) =>
      (await runQuery(findQuery(name), scope(), input)) as QueryResult<Name>,
  }
}

const advance = (): Promise<boolean> =>
  advanceDrill(
    { db: app.db, reach: app.reachWorld, hint: async () => undefined, told: () => undefined },
    app.clock.now(),
  )

const effects = (): readonly string[] =>
  simulator
    .running()
    .world.effects.list()
    .map(({ event }) => event.event)

test('D-RUN-01 a drill plays in the running world at its speed, can be held, and gives the world back with a score', async () => {
  const ana = await someone('commander')
  const shelf = await ana.asks('drills.list', {})
  expect(shelf.whyNot).toBeNull()
  expect(shelf.faults).toEqual([])
  expect(shelf.scenarios.length).toBeGreaterThanOrEqual(40)

  const begun = await ana.does('drills.start', { scenario: 'page-lies', speed: 10 })
  expect(begun.incident).toMatch(/^DRILL-\d{4}$/)
  await expect(ana.does('drills.start', { scenario: 'card-lost' })).rejects.toMatchObject({
    code: 'conflict',
  })
  await advance()
  expect(simulator.running().world.scenario).toMatchObject({ id: 'page-lies', world: { gpus: 24 } })
  expect(effects()).toEqual([])

  // The first event stands at two minutes, which are twelve seconds here.
  app.clock.advanceMs(11_000)
  await advance()
  expect(effects()).toEqual([])
  await ana.does('drills.pause', { id: begun.id })
  app.clock.advanceMs(60_000)
  await advance()
  expect(effects()).toEqual([])
  await ana.does('drills.resume', { id: begun.id })
  app.clock.advanceMs(1_000)
  await advance()
  expect(effects()).toEqual(['provider-errors'])
  await advance()
  expect(effects()).toEqual(['provider-errors'])

  const seen = await ana.asks('drills.current', {})
  expect(seen.drill).toMatchObject({ state: 'running', incident: begun.incident, speed: 10 })
  expect(JSON.stringify(seen)).not.toContain('page-lies')
  expect(JSON.stringify(seen)).not.toContain('provider.')

  const { incidentId } = seen.drill ?? {}
  if (!incidentId) throw new Error('the drill has no incident')
  await ana.does('incidents.acknowledge', { id: incidentId })
  app.clock.advanceMs(60_000)
  await ana.does('drills.stop', { id: begun.id })
  await advance()
  expect(simulator.running().world.scenario.id).toBe('before')
  expect((await ana.asks('drills.current', {})).drill).toBeNull()
  const report = await ana.asks('drills.report', { id: begun.id })
  expect(report).toMatchObject({ state: 'ended', incident: { name: begun.incident, isOpen: true } })
  expect(report.score?.items.find(({ id }) => id === 'answered')?.points).toBe(10)
  expect(report.lines.map(({ words }) => words)).toEqual(
    expect.arrayContaining(['provider.errors begins', 'Acknowledged']),
  )
  const after = await ana.asks('drills.list', {})
  expect(after.past[0]).toMatchObject({ id: begun.id, percent: report.score?.percent })
  const counted = await ana.asks('incidents.list', {})
  expect(JSON.stringify(counted)).not.toContain(begun.incident)
})

test('D-RUN-02 the list and the drill that goes on tell nothing of what is true', async () => {
  const ana = await someone('responder')
  const shelf = await ana.asks('drills.list', {})
  const text = JSON.stringify(shelf.scenarios.map(({ id: _id, ...rest }) => rest))
  const { title, leaves } = await ana.asks('drills.spoiler', { scenario: 'card-lost' })
  expect(leaves).toEqual(['gpu.fell-off-bus'])
  expect(text).not.toContain(title)
  expect(text).not.toContain('gpu.fell-off-bus')
})

test('D-RUN-03 a console that watches a real world plays no drill, and says why', async () => {
  const ana = await someone('commander')
  const kept = { reachWorld: app.reachWorld }
  app = {
    ...app,
    reachWorld: async () =>
      (await import('../connect-world')).worldOf({
        ...app,
        env: { ...app.env, WATCHFLOOR_SIMULATED: false },
      }),
  }
  await expect(ana.does('drills.start', { scenario: 'card-lost' })).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect((await ana.asks('drills.list', {})).whyNot).toContain('real world')
  const env = { ...app.env, VAST_API_URL: 'https://console.vast.ai', VAST_API_KEY: 'not-a-real-key' }
  const real = await (await import('../connect-world')).worldOf({ ...app, env })
  await real.close()
  expect(real).toMatchObject({ kind: 'none', why: expect.stringContaining('Vast.ai') })
  app = { ...app, ...kept }
  const viewer = await someone('viewer')
  await expect(viewer.does('drills.start', { scenario: 'card-lost' })).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('D-RUN-04 two starts at once begin one drill, people may declare its incident, and a scenario that the world refuses ends it', async () => {
  const ana = await someone('commander')
  const [one, two] = await Promise.allSettled([
    ana.does('drills.start', { scenario: 'card-lost', declares: 'people' }),
    ana.does('drills.start', { scenario: 'card-lost', declares: 'people' }),
  ])
  expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected'])
  await advance()
  expect((await ana.asks('drills.current', {})).drill).toMatchObject({ incident: null, declaredBy: 'people' })
  await ana.does('incidents.declare', { title: 'Work stands still', severity: 'P2' })
  await advance()
  expect((await ana.asks('drills.current', {})).drill?.incident).toBeNull()
  const declared = await ana.does('incidents.declare', {
    title: 'A card is gone',
    severity: 'P2',
    drill: true,
  })
  await advance()
  const going = (await ana.asks('drills.current', {})).drill
  expect(going?.incident).toBe(declared.name)
  const row = await app.db.drill.findUniqueOrThrow({ where: { id: going?.id ?? '' } })
  const body = row.body as { readonly text: string }
  await app.db.drill.update({
    where: { id: row.id },
    data: { state: 'starting', body: { ...body, text: body.text.replace('title:', 'surprise: 1\ntitle:') } },
  })
  await advance()
  const [newest] = (await ana.asks('drills.list', {})).past
  expect(newest).toMatchObject({ state: 'failed', problem: expect.stringContaining('surprise') })
})

test('D-RUN-05 the worker’s job moves a drill on by itself', async () => {
  const ana = await someone('commander')
  const stop = await drillsJob({ ...app, db: app.db, clock: systemClock }).start({
    epoch: 1,
    held: () => true,
  })
  const { id } = await ana.does('drills.start', { scenario: 'card-hot', speed: 60 })
  await vi.waitFor(async () => expect((await ana.asks('drills.current', {})).drill?.state).toBe('running'), {
    timeout: 60_000,
  })
  await ana.does('drills.stop', { id })
  await vi.waitFor(async () => expect((await ana.asks('drills.current', {})).drill).toBeNull(), {
    timeout: 60_000,
  })
  await stop()
})
