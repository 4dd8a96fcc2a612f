import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Role } from '@/lib/access/permissions'
import { parseRecorded } from '@/lib/drills/recorded'
import { diagnosisText, pathOf, replay } from '@/lib/drills/replay'
import type { RatedScene } from '@/lib/health/scene'
import { triageOf } from '@/lib/jobs/triage'
import { Encoded, type Scope } from '@/lib/operation'
import { testConsole } from '@/lib/platform/testing/database'
import { findCommand, findQuery } from '@/lib/registry'
import { runCommand, runQuery } from '@/lib/run'
import { createRunbooks } from '@/lib/runbooks/load'
import type { Triage } from '@/lib/triage/advance'
import { forestOf, storedForest } from '@/lib/triage/load-forest'
import type { Diagnosis } from '@/lib/triage/model'
import { loadScenario, ScenarioError } from '@/simulator/scenario'
import { createSimulator } from '@/simulator/simulator'
import { exportIncident } from './export-incident'
import { openEyes } from './eyes'
import { loadRecorded, runRecorded } from './run-recorded'
import { createVirtualTime, type VirtualTime } from './virtual-time'

vi.setConfig({ testTimeout: 240_000 })

const shelf = await createRunbooks({ dir: 'runbooks', now: new Date(0) })
const forest = forestOf(shelf.current())
const T0_MS = Date.parse('2026-11-21T09:00:00Z')
const STEP_MS = 10_000

let app: Awaited<ReturnType<typeof testConsole>>

beforeAll(async () => {
  app = await testConsole()
})

afterAll(async () => {
  await app.close()
})

async function someone(time: VirtualTime, ...roles: readonly Role[]) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const { id } = await app.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  const scope = (): Scope => {
    const now = time.clock.now()
    const actor = { kind: 'person', id, handle, name: handle, roles, sessionId: 'test', authAt: now } as const
    return { console: app, actor, now, requestId: randomUUID() }
  }
  return {
    does: async (name: string, input: unknown) =>
      runCommand(findCommand(name), scope(), input, randomUUID()) as Promise<{ readonly id: string }>,
    asks: async (name: string, input: unknown) => runQuery(findQuery(name), scope(), input),
  }
}

async function until<T>(read: () => Promise<T | undefined | null | false>): Promise<T> {
  for (;;) {
    const value = await read()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A scenario is watched as the worker watches it, up to an instant; `at` does something in between. */
async function live(
  file: string,
  declared: Record<string, unknown>,
  at: Readonly<
    Record<number, (around: { id: string; ana: Awaited<ReturnType<typeof someone>> }) => Promise<unknown>>
  > = {},
) {
  const scenario = loadScenario(file)
  const time = createVirtualTime(T0_MS)
  const simulator = createSimulator({ scenario, startMs: T0_MS, speed: 1, wallMs: time.offsetMs })
  const { grpc } = await simulator.listen({ http: 0, grpc: 0 })
  const eyes = openEyes({ scenario, simulator, grpcPort: grpc, time, policy: shelf.current().health })
  const begin = (): Triage =>
    triageOf({ ...app, clock: time.clock }, { forest: () => forest, ports: {}, held: () => true })
  let triage = begin()
  await time.runUntil(100_000)
  const ana = await someone(time, 'commander')
  const { id } = await ana.does('incidents.declare', { title: 'Calls fail', severity: 'P2', ...declared })
  for (let atMs = 110_000; atMs <= 240_000; atMs += STEP_MS) {
    await time.runUntil(atMs)
    await at[atMs]?.({ id, ana })
    if (atMs === 170_000) {
      // Another worker takes over: what it does not remember it must read.
      await triage.stop()
      triage = begin()
    }
    const { rated, planes } = eyes.sight(forest, {})
    triage.onScene({ rated, planes } as RatedScene, shelf.current().health, time.clock.now())
    await until(() =>
      app.db.triageRun.findFirst({ where: { incidentId: id, diagnosedAt: time.clock.now() } }),
    )
  }
  await triage.stop()
  await eyes.close()
  await simulator.close()
  const run = await app.db.triageRun.findUniqueOrThrow({ where: { incidentId: id } })
  return { id, ana, time, stored: run.diagnosis as unknown as Diagnosis }
}

test('D-EXP-01 an exported incident replays to the path, diagnosis and evidence that its run stored, byte for byte', async () => {
  const answer = (given: 'yes' | 'no' | 'machine') => ({
    question: 'page-reports',
    answer: given,
    reason: 'ticket 88213',
  })
  const { id, ana, stored } = await live(
    'runbooks/scenarios/drills/card-and-provider.yaml',
    {},
    {
      150000: ({ id: incidentId, ana: who }) => who.does('triage.override', { incidentId, ...answer('yes') }),
      180000: ({ id: incidentId, ana: who }) =>
        who.does('triage.override', { incidentId, ...answer('machine') }),
      200000: ({ id: incidentId, ana: who }) => who.does('triage.override', { incidentId, ...answer('no') }),
    },
  )
  const file = (await ana.asks('drills.export', { incidentId: id })) as Encoded
  expect(file).toBeInstanceOf(Encoded)
  const text = new TextDecoder().decode(file.bytes)
  const parsed = parseRecorded(text, 'export.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const recorded = parsed.value
  const trees = storedForest(recorded.trees.forest, recorded.trees.hash)
  if (!trees) throw new Error('the exported trees cannot be walked')
  const again = replay(recorded, trees)
  expect(diagnosisText(again.diagnosis)).toBe(diagnosisText(stored))
  expect(pathOf(again.diagnosis)).toEqual(pathOf(stored))
  expect(recorded.events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['declared', 'triage', 'triage-override']),
  )

  const out = join(mkdtempSync(join(tmpdir(), 'drill-')), 'export.yaml')
  const row = await app.db.incident.findUniqueOrThrow({ where: { id } })
  const said = await exportIncident({
    incident: `INC-${row.number}`,
    out,
    databaseUrl: app.env.DATABASE_URL,
  })
  expect(said).toContain(`${recorded.moments.length} moments`)
  expect(readFileSync(out, 'utf8')).toBe(text)
  const result = runRecorded(loadRecorded(out), out)
  expect(result).toMatchObject({ ok: true, problems: [] })
  expect(result.recorded?.replayed).toBe(result.recorded?.stored)
  expect(result.diagnosis.map(({ leaf }) => leaf)).toContain('gpu.fell-off-bus')
  expect(JSON.stringify(runRecorded(loadRecorded(out), out))).toBe(JSON.stringify(result))

  // What was seen differently comes out differently, and is said.
  writeFileSync(out, text.replace(/sha256: "?[0-9a-f]{64}"?/, `sha256: "${'0'.repeat(64)}"`))
  expect(runRecorded(loadRecorded(out), out).problems).toEqual([
    'the replay differs from what the run stored',
  ])
})

test('D-EXP-02 an export holds no secret, and a restricted incident is for those who may know of it', async () => {
  const secret = `sk-canary-${randomUUID()}`
  const { id, ana, time } = await live('runbooks/scenarios/drills/page-lies.yaml', {
    title: `Calls fail with Bearer ${secret}`,
    visibility: 'restricted',
  })
  const text = new TextDecoder().decode(
    ((await ana.asks('drills.export', { incidentId: id })) as Encoded).bytes,
  )
  expect(text).not.toContain(secret)
  const other = await someone(time, 'commander')
  await expect(other.asks('drills.export', { incidentId: id })).rejects.toMatchObject({ code: 'not_found' })
  const viewer = await someone(time, 'viewer')
  await expect(viewer.asks('drills.export', { incidentId: id })).rejects.toMatchObject({ code: 'forbidden' })
  const { number } = await app.db.incident.findUniqueOrThrow({ where: { id } })
  const out = join(mkdtempSync(join(tmpdir(), 'drill-')), 'export.yaml')
  await expect(
    exportIncident({ incident: `INC-${number}`, out, databaseUrl: app.env.DATABASE_URL }),
  ).rejects.toThrow('restricted')
  const { id: silent } = await ana.does('incidents.declare', { title: 'Unanswered', severity: 'P3' })
  await expect(ana.asks('drills.export', { incidentId: silent })).rejects.toMatchObject({ code: 'not_found' })
})

test.each([
  ['a recorded one', 'kind: recorded\nid: inc-0001\nsurprise: 1\n', /file\.yaml:3:1: surprise/],
  [
    'a played one',
    'id: made\ntitle: Made\nsurprise: 1\nworld:\n  gpus: 3\n  instances: 1\n  queues: [{ name: q }]\n',
    /file\.yaml:3:1: unknown key "surprise"/,
  ],
])('D-EXP-03 an unknown key in %s is refused by name, with file and line', (_name, text, reason) => {
  const dir = mkdtempSync(join(tmpdir(), 'drill-'))
  const file = join(dir, 'file.yaml')
  writeFileSync(file, text)
  const load = (): unknown => (text.startsWith('kind') ? loadRecorded(file) : loadScenario(file))
  expect(load).toThrow(ScenarioError)
  expect(load).toThrow(reason)
})
