import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import { Encoded } from '../operation'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { advanceEvidence } from './advance'
import type { EvidencePorts } from './ports'
import { untar } from './tar'
import { verifyArchive } from './verify-archive'

let app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  app = await testConsole()
})

afterAll(async () => {
  await app.close()
})

const someone = (...roles: readonly Role[]) => somebodyIn(app, roles)

const PORTS: EvidencePorts = {
  metrics: {
    queries: [
      { name: 'good', expr: 'up', unit: '', meaning: 'up' },
      { name: 'bad', expr: 'down', unit: '', meaning: 'down' },
    ],
    range: async (expr) =>
      expr === 'up'
        ? { ok: true, latencyMs: 1, drift: [], value: [{ labels: {}, points: [[1, 1]] }] }
        : { ok: false, why: 'source_unreachable', detail: 'timeout' },
  },
  cluster: {
    look: async () => ({ ok: false, why: 'source_refused', detail: 'HTTP 403' }),
    logs: async () => ({
      ok: true,
      latencyMs: 1,
      drift: [],
      value: [
        { pod: 'a-1', text: '2026-11-18T02:29:00Z said\n2026-11-18T03:30:00Z after the end\n', problem: '' },
        { pod: 'a-2', text: '', problem: 'HTTP 404' },
      ],
    }),
  },
  configuration: async () => ({ prometheus: { settings: { url: 'http://p' }, hasSecret: true } }),
  runbooks: async () => ({ hash: 'h', files: [{ path: 'policy/health', value: { a: 1 } }] }),
}

async function build(ports: EvidencePorts = PORTS): Promise<void> {
  await advanceEvidence({
    db: app.db,
    pool: app.hot,
    clock: app.clock,
    log: app.log,
    held: () => true,
    open: async () => ({ ports, close: async () => undefined }),
    told: () => undefined,
  })
}

async function setup(visibility: 'internal' | 'restricted' = 'internal') {
  const ana = await someone('commander', 'responder')
  const { id, name } = await ana.does('incidents.declare', { title: 'Outage', severity: 'P1', visibility })
  await ana.does('incidents.addNote', { id, text: 'drain is half done' })
  const bundles = async () => (await ana.asks('evidence.ofIncident', { incidentId: id })).bundles
  const archive = async (bundleId: string): Promise<Encoded> => {
    const got = await ana.asks('evidence.archive', { incidentId: id, bundleId })
    if (!(got instanceof Encoded)) throw new Error('an archive is bytes')
    return got
  }
  return { ana, id, name, bundles, archive }
}

test('E-JOB-01 one click: the worker builds it, the record and a pin hold the manifest’s digest, and it verifies', async () => {
  const { ana, id, name, bundles, archive } = await setup()
  const asked = await ana.does('evidence.collect', { incidentId: id })
  expect(await ana.does('evidence.collect', { incidentId: id })).toEqual({ ...asked, repeated: true })
  await build()
  const [bundle, ...others] = await bundles()
  expect(others).toEqual([])
  expect(bundle).toMatchObject({ state: 'ready', askedBy: ana.handle, step: 6, problem: '' })
  const got = await archive(asked.bundleId)
  expect(got.filename).toBe(`${name}-evidence-20261118T0229Z.tar.gz`)
  const verdict = verifyArchive(got.bytes)
  expect(verdict.problems).toEqual([])
  expect(verdict.manifestSha256).toBe(bundle?.manifestSha256)
  const pins = (await ana.asks('incidents.timeline', { id, filter: 'pins' })).entries
  expect(pins.map(({ body }) => body.value)).toEqual([expect.stringContaining(verdict.manifestSha256)])
  expect(await app.db.evidencePin.count({ where: { incidentId: id } })).toBe(1)
  const files = untar(gunzipSync(got.bytes)) ?? []
  const paths = files.map(({ path }) => path)
  for (const path of ['record/timeline.jsonl', 'record/timeline.md', 'triage/run.json', 'metrics/good.json'])
    expect(paths).toContain(path)
  const pod = files.find(({ path }) => path === 'logs/kubernetes/a-1.log')
  expect(new TextDecoder().decode(pod?.bytes)).toBe('2026-11-18T02:29:00Z said\n')
})

test('E-MISS-01 what a source does not give is named with its reason, and so is what nobody connected', async () => {
  const { ana, id, archive } = await setup()
  const { bundleId } = await ana.does('evidence.collect', { incidentId: id })
  await build()
  const missing = verifyArchive((await archive(bundleId)).bytes).manifest?.missing ?? []
  const whyOf = (what: string): string | undefined => missing.find((one) => one.what === what)?.why
  expect(whyOf('metrics/bad.json')).toBe('source unreachable: timeout')
  expect(whyOf('cluster.json')).toBe('source refused: HTTP 403')
  expect(whyOf('logs/kubernetes/a-2.log')).toBe('HTTP 404')
  expect(whyOf('logs/instances/')).toBe('no agent has ever reported')
  expect(whyOf('health/end.json')).toContain('no checkpoint')
  const bare = await ana.does('evidence.collect', { incidentId: id })
  await build({ configuration: PORTS.configuration, runbooks: () => Promise.reject(new Error('no files')) })
  const without = verifyArchive((await archive(bare.bundleId)).bytes).manifest?.missing ?? []
  expect(without).toContainEqual(
    expect.objectContaining({ what: 'metrics/', why: 'Prometheus is not connected' }),
  )
  expect(without).toContainEqual(expect.objectContaining({ what: 'configuration/policy/', why: 'no files' }))
})

test('E-JOB-02 a worker that ends in the middle loses nothing: the next one builds it, the third end gives it up', async () => {
  const { ana, id, bundles } = await setup()
  const { bundleId } = await ana.does('evidence.collect', { incidentId: id })
  await app.db.evidenceBundle.update({ where: { id: bundleId }, data: { state: 'building', attempts: 2 } })
  await build()
  expect((await bundles())[0]).toMatchObject({ id: bundleId, state: 'ready' })
  const again = await ana.does('evidence.collect', { incidentId: id })
  await app.db.evidenceBundle.update({
    where: { id: again.bundleId },
    data: { state: 'building', attempts: 3 },
  })
  await build()
  expect((await bundles())[0]).toMatchObject({ id: again.bundleId, state: 'failed' })
})

test('E-SEC-01 the bundle of a restricted incident is for whom it names, and for nobody else', async () => {
  const { ana, id, archive } = await setup('restricted')
  const { bundleId } = await ana.does('evidence.collect', { incidentId: id })
  await build()
  expect((await archive(bundleId)).bytes.length).toBeGreaterThan(100)
  const outsider = await someone('responder', 'commander', 'manager')
  const refused = { code: 'not_found' }
  await expect(outsider.asks('evidence.ofIncident', { incidentId: id })).rejects.toMatchObject(refused)
  await expect(outsider.asks('evidence.archive', { incidentId: id, bundleId })).rejects.toMatchObject(refused)
  await expect(outsider.does('evidence.collect', { incidentId: id })).rejects.toMatchObject(refused)
  // A bundle is not to be had through an incident that one may see.
  const other = await outsider.does('incidents.declare', { title: 'Another', severity: 'P3' })
  await expect(outsider.asks('evidence.archive', { incidentId: other.id, bundleId })).rejects.toMatchObject(
    refused,
  )
})
