import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BUCKET_KEY_ID, BUCKET_SECRET, BucketStore } from '../../simulator/protocols/bucket'
import { openTargets } from '../connect-status'
import { copyRows } from '../jobs/status'
import { sqlOf } from '../platform/sql'
import { testConsole } from '../platform/testing/database'
import { advanceStatus } from './advance'
import { applyPublicUpdate } from './apply-store'
import type { EmergencyEntry } from './emergency'
import { withEntry } from './emergency'
import { idsOf, keepEntry } from './emergency-load'
import { sealPlaceOf } from './export-load'
import { LATE_AFTER_MS, pageOf } from './page-model'
import { keepRows, keptRows } from './projection-load'
import { loadPublicRows } from './public-load'
import { publicIdOf, readMaintenances } from './store'

let app: Awaited<ReturnType<typeof testConsole>>
let folder = ''
const store = new BucketStore('')
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const url = new URL(request.url ?? '/', 'http://bucket')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  const reply = store.reply({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: bytes.toString('utf8'),
    bytes,
    remote: '',
  })
  response.writeHead(reply.status, { 'content-type': reply.type, ...reply.headers }).end(reply.body)
})

const API = publicIdOf('component|api')
const URL_OF_PAGE = 'http://127.0.0.1:3000/status'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'status-'))
  app = await testConsole({ WATCHFLOOR_STATUS_DIR: folder })
  const at = app.clock.now()
  await app.db.statusComponent.create({
    data: { id: API, name: 'API', position: 0, createdAt: at, updatedAt: at },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const rowsNow = () => loadPublicRows(app.hot, { fallbackUrl: URL_OF_PAGE, now: app.clock.now() })

function places(secret = BUCKET_SECRET) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const config = { endpoint, region: 'auto', bucket: 'status', prefix: 'page', accessKeyId: BUCKET_KEY_ID }
  return [
    { id: 'folder', kind: 'folder' as const, name: 'Folder', config: {}, sealed: null },
    { id: 'r2', kind: 's3' as const, name: 'R2', config, sealed: app.seal.seal(secret, sealPlaceOf('r2')) },
  ]
}

async function copy(secret?: string): Promise<Record<string, unknown>> {
  const { targets, close } = openTargets(places(secret), {
    seal: app.seal,
    clock: app.clock,
    statusDir: folder,
  })
  const results: Record<string, unknown> = {}
  await copyRows(await rowsNow(), {
    targets,
    now: app.clock.now(),
    done: async (id, result) => {
      results[id] = result
    },
  })
  await close()
  return results
}

async function publish(changes: { readonly status?: 'investigating' | 'resolved' } = {}): Promise<void> {
  const { status = 'investigating' } = changes
  app.clock.advanceMs(1_000)
  await applyPublicUpdate({
    tx: sqlOf(app.hot),
    publication: {
      id: crypto.randomUUID(),
      incidentId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
      kind: 'update',
      audience: 'public',
      severity: 'P1',
      status,
      title: 'Jobs stop',
      body: 'Jobs stop on some GPUs.',
      nextUpdateAt: null,
      components:
        status === 'resolved'
          ? []
          : [{ componentId: API, name: 'API', from: 'operational', to: 'major_outage' }],
      corrects: null,
      drill: false,
    },
    now: app.clock.now(),
  })
}

it('S-COPY-01 a copy begins with what never changes, goes on with what others link to, and ends with its manifest', async () => {
  await publish()
  const results = await copy()
  expect(results).toMatchObject({ folder: { copied: { files: 16 } }, r2: { copied: { files: 16 } } })
  const order = store.writes.map((key) => key.replace('status/page/', ''))
  expect(order[0]).toMatch(/^files\/[0-9a-f]{32}\.html$/)
  expect(order.at(-1)).toBe('manifest.json')
  const place = (path: string): number => order.indexOf(path)
  const incident = order.find((path) => path.startsWith('incidents/')) ?? ''
  expect(place(incident)).toBeLessThan(place('index.html'))
  expect(place('history.html')).toBeLessThan(place('index.html'))
  expect(place('api/v2/summary.json')).toBeLessThan(place('manifest.json'))
  const index = await readFile(join(folder, 'public', 'index.html'), 'utf8')
  expect(index).toBe(store.read('status/page/index.html'))
  expect(index).toContain('Jobs stop')
  const manifest = JSON.parse(store.read('status/page/manifest.json') ?? '')
  expect(manifest.generated_at).toBe(app.clock.now().toISOString())
  expect(manifest.files['index.html']).toMatch(/^[0-9a-f]{64}$/)
})

it('S-COPY-02 what did not change is not written again', async () => {
  const before = store.writes.length
  app.clock.advanceMs(60_000)
  await copy()
  const again = store.writes.slice(before).map((key) => key.replace('status/page/', ''))
  expect(again.sort()).toEqual(['api/v2/status.json', 'api/v2/summary.json', 'index.html', 'manifest.json'])
})

it('S-COPY-03 a place that refuses is told with its reason, keeps its last whole copy and stops no other', async () => {
  const manifest = store.read('status/page/manifest.json')
  await publish()
  const results = await copy('a wrong secret')
  expect(results.r2).toMatchObject({ error: expect.stringMatching(/manifest\.json.*403/) })
  expect(results.folder).toMatchObject({ copied: { files: 16 } })
  expect(store.read('status/page/manifest.json')).toBe(manifest)
  expect(JSON.stringify(results)).not.toContain('a wrong secret')
  await publish({ status: 'resolved' })
})

it('S-COPY-04 a copy holds public rows only: no incident id, no person, no address of the console', async () => {
  const files = await readdir(join(folder, 'public'), { recursive: true })
  for (const file of files.filter((name) => /\.\w+$/.test(name)))
    expect(await readFile(join(folder, 'public', file), 'utf8')).not.toMatch(/6f9619ff|INC-\d|@northlight/)
})

const watched = async (isWatching: boolean): Promise<void> => {
  await app.hot.query(
    `INSERT INTO lease (name, epoch, owner, expires_at) VALUES ('collector', 1, 'x', now() + $1 * interval '1 hour')
     ON CONFLICT (name) DO UPDATE SET expires_at = EXCLUDED.expires_at`,
    [isWatching ? 1 : -1],
  )
}

const work = () => ({
  pool: app.hot,
  db: () => app.db,
  log: app.log,
  statusDir: folder,
  key: app.env.WATCHFLOOR_KEY,
})

it('S-GRN-04 a tick confirms while the collector watches, and not otherwise; a gap is drawn as one', async () => {
  await watched(true)
  const first = app.clock.now()
  await advanceStatus(work(), first)
  expect((await rowsNow()).page.confirmedAt).toEqual(first)
  await watched(false)
  app.clock.advanceMs(LATE_AFTER_MS + 60_000)
  await advanceStatus(work(), app.clock.now())
  expect((await rowsNow()).page.confirmedAt).toEqual(first)
  expect(pageOf(await rowsNow(), app.clock.now()).banner.indicator).not.toBe('none')
  await watched(true)
  await advanceStatus(work(), app.clock.now())
  const { changes, page } = await rowsNow()
  expect(page.confirmedAt).toEqual(app.clock.now())
  expect(changes.filter(({ to }) => to === 'unknown')).toEqual([
    { componentId: API, at: first, to: 'unknown' },
  ])
})

it('S-MNT-01 a window starts and ends by the clock, its components with it, and each step is told', async () => {
  const start = app.clock.now().getTime() + 60_000
  await app.db.maintenance.create({
    data: {
      id: publicIdOf('maintenance|disks'),
      name: 'Disks',
      status: 'scheduled',
      scheduledFor: new Date(start),
      scheduledUntil: new Date(start + 60_000),
      componentIds: [API],
      createdAt: app.clock.now(),
      createdBy: 'ana',
      updatedAt: app.clock.now(),
    },
  })
  const seen: unknown[] = []
  for (let minute = 0; minute < 3; minute += 1) {
    await advanceStatus(work(), app.clock.now())
    const page = pageOf(await rowsNow(), app.clock.now())
    seen.push([page.components[0]?.state, page.banner.indicator])
    app.clock.advanceMs(60_000)
  }
  expect(seen).toEqual([
    ['operational', 'none'],
    ['under_maintenance', 'maintenance'],
    ['operational', 'none'],
  ])
  const [window] = await readMaintenances(sqlOf(app.hot), new Date(0))
  expect(window).toMatchObject({ status: 'completed' })
  expect(await app.db.publicUpdate.count({ where: { maintenanceId: window?.id ?? '' } })).toBe(2)
})

function entryOf(changes: Partial<EmergencyEntry> = {}): EmergencyEntry {
  return {
    id: crypto.randomUUID(),
    at: app.clock.now().toISOString(),
    by: 'ana',
    incident: null,
    title: 'Everything is down',
    status: 'investigating',
    severity: 'P1',
    body: 'Our API answers nobody since 02:29 UTC.',
    nextUpdateAt: null,
    components: [{ id: API, to: 'major_outage' }],
    ...changes,
  }
}

it('S-EMG-01 what was published without the console is taken in once, as it was shown', async () => {
  const entry = entryOf()
  await keepRows(folder, await rowsNow())
  const kept = await keptRows(folder)
  expect(kept).toEqual(await rowsNow())
  const shown = kept ? pageOf(withEntry(kept, entry, idsOf(entry)), app.clock.now()) : undefined
  await keepEntry(folder, { entry, key: app.env.WATCHFLOOR_KEY })
  expect(await advanceStatus(work(), app.clock.now())).toBe(true)
  expect(await advanceStatus(work(), app.clock.now())).toBe(false)
  const page = pageOf(await rowsNow(), app.clock.now())
  expect(page.open).toEqual(shown?.open)
  expect(page.components[0]?.state).toBe('major_outage')
  expect(page.open[0]?.updates[0]?.isEmergency).toBe(true)
  const audit = await app.db.auditEntry.findMany({ where: { action: 'status.emergency' } })
  expect(audit.map(({ detail }) => detail)).toMatchObject([{ by: 'ana', entry: entry.id }])
  app.clock.advanceMs(1_000)
  const over = entryOf({ incident: idsOf(entry).incidentId, status: 'resolved', components: [] })
  await keepEntry(folder, { entry: over, key: app.env.WATCHFLOOR_KEY })
  await advanceStatus(work(), app.clock.now())
  expect(pageOf(await rowsNow(), app.clock.now()).banner.indicator).toBe('none')
})

it('S-EMG-02 an entry that is not signed by our key is refused and kept apart', async () => {
  const path = await keepEntry(folder, { entry: entryOf({ title: 'Forged' }), key: 'another key' })
  await advanceStatus(work(), app.clock.now())
  expect(pageOf(await rowsNow(), app.clock.now()).open).toEqual([])
  expect(await readFile(`${path}.refused`, 'utf8')).toContain('Forged')
})
