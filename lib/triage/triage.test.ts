import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import { emptyBook } from '../health/fleet-book'
import { DEFAULT_HEALTH_POLICY } from '../health/policy'
import { createScene } from '../health/scene'
import { triageOf } from '../jobs/triage'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import type { Reading } from '../sources/reading'
import type { Triage } from './advance'
import type { Forest } from './forest'
import type { TriagePorts } from './ports'
import { shipped } from './testing/shipped'

// A loaded machine may take its time: nothing here judges how long it took.
vi.setConfig({ testTimeout: 120_000 })

let app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }
let forest: Forest
let triage: Triage

beforeAll(async () => {
  app = await testConsole()
  forest = (await shipped()).forest
})

afterAll(async () => {
  await triage?.stop()
  await app.close()
})

let asks = 0
/** A metrics source that counts how often it is asked, and does not answer. */
const metrics: NonNullable<TriagePorts['metrics']> = {
  ask: async () => {
    asks += 1
    return { ok: false, why: 'source_unreachable', detail: 'timeout' }
  },
  compare: async () => ({ ok: false, why: 'source_unreachable', detail: 'timeout' }),
}

async function someone(...roles: readonly Role[]) {
  const person = await somebodyIn(app, roles)
  return {
    ...person,
    run: async (incidentId: string | null) => (await person.asks('triage.run', { incidentId })).run,
  }
}

/** A scene in which the integration counts 61 answers 5xx a minute, and the page says what is given. */
function sceneWith(page: 'none' | 'major') {
  const scene = createScene()
  const now = app.clock.now()
  const known = <T>(value: T): Reading<T> => ({
    kind: 'known',
    value,
    unit: '',
    source: 'test',
    observedAt: now,
  })
  scene.setApi({
    serverErrorsPerMinute: known(61),
    authErrorsPerMinute: known(0),
    rateLimitedPerMinute: known(0),
    errorRatioPercent: known(40),
    latencyMsP95: known(300),
    latencyMsP99: known(700),
  })
  scene.setPage({ indicator: known(page), description: '', incidents: [], machineReadable: true })
  return scene.rate({ now, policy: DEFAULT_HEALTH_POLICY, sources: [], book: emptyBook() })
}

async function until<T>(read: () => Promise<T | undefined | null | false>): Promise<T> {
  for (;;) {
    const value = await read()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function see(page: 'none' | 'major'): void {
  triage.onScene(sceneWith(page), DEFAULT_HEALTH_POLICY, app.clock.now())
}

test('T-RUN-01 a declared incident gets its triage, a person’s answer stands beside the machine’s, and the record is told', async () => {
  triage = triageOf(app, { forest: () => forest, ports: { metrics }, held: () => true })
  const ana = await someone('commander')
  const viewer = await someone('viewer')
  const { id } = await ana.does('incidents.declare', { title: 'Inference fails', severity: 'P2' })
  expect(await ana.run(id)).toMatchObject({ diagnosedAtMs: null, headline: 'The first look is under way.' })

  see('none')
  const first = await until(async () => {
    const found = await viewer.run(id)
    return found?.diagnosedAtMs ? found : null
  })
  expect(first.forestHash).toBe(forest.hash)
  expect(first.causes[0]).toMatchObject({ leaf: 'provider.errors', state: 'possible' })
  expect(first.questions['api-5xx']).toMatchObject({
    answer: 'yes',
    evidence: {
      value: '61 /min',
      predicate: '> 10 /min',
      source: 'Prometheus',
      observedAtMs: app.clock.now().getTime(),
    },
  })

  const answer = {
    incidentId: id,
    question: 'page-reports',
    answer: 'yes',
    reason: 'ticket 88213 confirms',
  } as const
  await expect(viewer.does('triage.override', answer)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(ana.does('triage.override', { ...answer, reason: '' })).rejects.toMatchObject({
    code: 'invalid',
  })
  await expect(ana.does('triage.override', { ...answer, question: 'page-lies' })).rejects.toMatchObject({
    code: 'invalid',
  })

  app.clock.advanceMs(20_000)
  await ana.does('triage.override', answer)
  see('none')
  const second = await until(async () => {
    const found = await ana.run(id)
    return found?.causes[0]?.leaf === 'provider.outage' ? found : null
  })
  expect(second.questions['page-reports']).toMatchObject({
    answer: 'yes',
    machine: 'no',
    override: { by: ana.handle, reason: 'ticket 88213 confirms' },
  })
  expect(second.history.find((it) => it.question === 'page-reports')).toMatchObject({
    before: 'no',
    after: 'yes',
    by: ana.handle,
  })
  const record = await ana.asks('incidents.timeline', { id, filter: 'all' })
  const told = record.entries.map((entry) => `${entry.kind} ${entry.by}`)
  expect(told.filter((it) => it.startsWith('triage-override'))).toEqual([`triage-override ${ana.handle}`])

  await ana.does('triage.override', { ...answer, answer: 'machine' })
  triage.wake()
  await until(async () => (await ana.run(id))?.questions['page-reports']?.override === null)
  expect((await ana.run(id))?.questions['page-reports']).toMatchObject({ answer: 'no', machine: 'no' })
})

test('T-RUN-02 the board has a triage of its own, and starting one twice changes nothing', async () => {
  const ana = await someone('commander')
  see('major')
  const board = await until(async () => {
    const found = await ana.run(null)
    return found?.diagnosedAtMs ? found : null
  })
  expect(board.forestHash).toBe(forest.hash)
  const { id } = await ana.does('incidents.declare', { title: 'Again', severity: 'P3' })
  const one = await ana.does('triage.start', { incidentId: id })
  expect(await ana.does('triage.start', { incidentId: id })).toEqual(one)
  await expect(ana.does('triage.start', { incidentId: randomUUID() })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('T-RUN-03 a restricted incident’s triage is not found by those whom it does not name', async () => {
  const ana = await someone('commander')
  const bo = await someone('commander')
  const { id } = await ana.does('incidents.declare', {
    title: 'Leak',
    severity: 'P2',
    visibility: 'restricted',
  })
  await expect(bo.run(id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(bo.does('triage.start', { incidentId: id })).rejects.toMatchObject({ code: 'not_found' })
  expect(await ana.run(id)).not.toBeNull()
})

test('T-RUN-04 fifty people who look cost the sources no look more than one does', async () => {
  const ana = await someone('commander')
  const { id } = await ana.does('incidents.declare', { title: 'Watched', severity: 'P2' })
  const before = asks
  const beganMs = performance.now()
  await Promise.all(Array.from({ length: 50 }, () => ana.run(id)))
  const ownTurns = Math.ceil((performance.now() - beganMs) / 15_000)
  expect(asks - before).toBeLessThanOrEqual(ownTurns)
})
