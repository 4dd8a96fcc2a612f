import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'undici'
import { bundlePath } from '../../scripts/lib/building.mjs'
import { run as runProgram } from '../../scripts/lib/commands.mjs'
import { monotonicMs, progress, until } from '../clock'
import { getAll } from '../get-load'
import { startOwnPostgres } from '../own-postgres'
import { atLeast, atMost, type Bar, rounded, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import type { Measured, Suite } from '../suite'

const PAGE_MAX_BYTES = 50_000
const OFFERED_PER_SECOND = 2_000

function statusRig(options: { readonly build: boolean; readonly postgres?: string }): Promise<Rig> {
  return startRig({
    scenario: scenarioPath('calm'),
    agents: 0,
    spares: 0,
    floor: false,
    ...options,
    prepare: async ({ folder }) => ({ WATCHFLOOR_STATUS_DIR: join(folder, 'status') }),
  })
}

const statusFolder = (rig: Rig): string => join(rig.folder, 'status')

/** Trouble in the middle of an incident with a dozen updates: the page at its heaviest hour. */
async function seedIncident(rig: Rig): Promise<void> {
  const { pool } = rig.database
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM status_component ORDER BY position LIMIT 1',
  )
  const words = { [rows[0]?.id ?? '']: 'partial_outage' }
  await pool.query(
    `INSERT INTO public_incident (id, incident_id, name, status, impact, started_at, created_at, updated_at, next_update_at, words)
     VALUES ('benchincident', $1, 'Some video processing fails in Europe', 'identified', 'major', now() - interval '2 hours',
       now() - interval '2 hours', now(), now() + interval '20 minutes', $2)`,
    [randomUUID(), JSON.stringify(words)],
  )
  await pool.query(
    `INSERT INTO public_update (id, incident_id, status, body, at)
     SELECT 'benchupdate' || n, 'benchincident', 'identified', $1, now() - n * interval '9 minutes' FROM generate_series(0, 11) n`,
    [
      'About 38 % of video processing requests in Europe fail. Other regions work as usual. We are moving work to backup capacity.',
    ],
  )
  await pool.query(`UPDATE status_component SET state = 'partial_outage' WHERE id = $1`, [rows[0]?.id])
  await pool.query('UPDATE status_page SET sequence = sequence + 1')
}

/** status asks for the public page as a crowd does while something is down (bar C8). */
export const status: Suite = {
  name: 'status',
  workload: `calm world, public page with five components, 90 days and an open incident of twelve updates, from the web process’s cached route; ${OFFERED_PER_SECOND} requests a second offered by the clock on 32 connections, then as many as 16 connections can ask for`,
  run: async ({ quick, build }) => {
    const rig = await statusRig({ build })
    try {
      return await measure(rig, quick)
    } finally {
      await rig.stop()
    }
  },
}

async function measure(rig: Rig, quick: boolean): Promise<Measured> {
  await seedIncident(rig)
  const url = `${rig.base}/status`
  await until(
    'the page shows the incident',
    async () => (await text(url)).includes('Some video processing fails in Europe'),
    20_000,
  )
  const seconds = quick ? 2 : 10
  await getAll({ url, connections: 16, seconds: 1 })
  progress(`offering ${OFFERED_PER_SECOND} requests a second for ${seconds} s`)
  const offered = await getAll({ url, connections: 32, seconds, perSecond: OFFERED_PER_SECOND })
  progress('asking for as many as it answers')
  const most = await getAll({ url, connections: 16, seconds })
  const summary = await getAll({
    url: `${rig.base}/api/v2/summary.json`,
    connections: 16,
    seconds: quick ? 1 : 5,
  })
  const html = await text(url)
  const sizeBytes = Buffer.byteLength(html)
  const latency = spreadOf(offered.latenciesMs)
  const bars: readonly Bar[] = [
    atMost({
      id: 'C8',
      figure: 'weight of the page',
      value: sizeBytes,
      limit: PAGE_MAX_BYTES,
      unit: 'bytes',
    }),
    atLeast({
      id: 'C8',
      figure: 'answers a second',
      value: most.answers / most.seconds,
      limit: 2_000,
      unit: '/s',
    }),
    atMost({
      id: 'C8',
      figure: `p99 at ${OFFERED_PER_SECOND} requests a second`,
      value: latency.p99 ?? undefined,
      limit: 20,
      unit: 'ms',
    }),
    atMost({
      id: 'C8',
      figure: 'answers other than 200',
      value: offered.refused + most.refused,
      limit: 0,
      unit: 'answers',
    }),
  ]
  const figures = {
    page: { sizeBytes, scripts: html.match(/<script/g)?.length ?? 0 },
    offered: { perSecond: rounded(offered.answers / offered.seconds), latencyMs: latency },
    most: { perSecond: rounded(most.answers / most.seconds), latencyMs: spreadOf(most.latenciesMs) },
    summaryJson: { perSecond: rounded(summary.answers / summary.seconds), sizeBytes: summary.bytes },
  }
  return { figures, bars, postgres: rig.database.version }
}

async function text(url: string): Promise<string> {
  // A connection of its own: one that lay idle may be closed just when it is used again.
  return (await request(url, { reset: true })).body.text()
}

/** statusFaults kills the console and its database and asks whether the page outlives them (bar C7). */
export const statusFaults: Suite = {
  name: 'status',
  workload:
    'the copies of the page in the worker’s folder and in an S3-compatible bucket; web, worker and database are killed; then an update is published by the emergency command alone',
  run: async ({ build }) => {
    const postgres = await startOwnPostgres()
    const rig = await statusRig({ build, postgres: postgres.url })
    try {
      return await survive(rig, postgres.stop)
    } finally {
      // The database that it would drop is gone with its server.
      await rig.stop().catch(() => rmSync(rig.folder, { recursive: true, force: true }))
      await postgres.stop()
    }
  },
}

async function survive(rig: Rig, killDatabase: () => Promise<void>): Promise<Measured> {
  const copy = join(statusFolder(rig), 'public')
  const bucket = `${rig.simulatorBase}/bucket/status`
  const readers: Readonly<Record<string, (path: string) => Promise<string>>> = {
    folder: (path) => readFile(join(copy, path), 'utf8'),
    bucket: (path) => text(`${bucket}/${path}`),
  }
  const everywhere = async (path: string, holds: (body: string) => boolean): Promise<number> => {
    const bodies = await Promise.all(Object.values(readers).map((read) => read(path).catch(() => '')))
    return bodies.filter(holds).length
  }
  await until(
    'both copies are made',
    async () => (await everywhere('manifest.json', (body) => body.includes('generated_at'))) === 2,
    60_000,
  )
  progress('killing web, worker and database')
  for (const program of [rig.web, rig.worker]) process.kill(-program.pid, 'SIGKILL')
  await killDatabase()
  const answering = await everywhere('index.html', (body) => body.includes('<h2>Components'))
  const tellingAge = await everywhere(
    'index.html',
    (body) => /Checked \d+ \w+, [\d:]+ UTC/.test(body) && /data-at="\d{4}-/.test(body),
  )
  const title = 'The console and its database are down'
  const startedMs = monotonicMs()
  const { code, output, errors } = await runProgram(
    process.execPath,
    [
      bundlePath('status-emergency'),
      ...['--title', title, '--by', 'ana', '--severity', 'P1', '--next', '+20', '--json'],
      ...['--body', 'API requests fail for all customers. We are restoring the service from a copy.'],
      ...['--component', 'API=major_outage'],
    ],
    { env: { WATCHFLOOR_STATUS_DIR: statusFolder(rig), NODE_ENV: 'production' } },
  )
  const tookMs = monotonicMs() - startedMs
  if (code !== 0) progress(`the emergency command failed: ${errors}${output}`)
  const published = await everywhere(
    'index.html',
    (body) => body.includes(title) && !body.includes('All systems operational'),
  )
  const machines = await everywhere('api/v2/summary.json', (body) => body.includes('"indicator":"critical"'))
  const all = Object.keys(readers).length
  const bars: readonly Bar[] = [
    atLeast({
      id: 'C7',
      figure: 'copies that answer with everything killed',
      value: answering,
      limit: all,
      unit: 'of 2',
    }),
    atLeast({ id: 'C7', figure: 'copies that tell their age', value: tellingAge, limit: all, unit: 'of 2' }),
    atLeast({
      id: 'C7',
      figure: 'copies with the emergency update',
      value: published,
      limit: all,
      unit: 'of 2',
    }),
    atLeast({ id: 'C7', figure: 'copies whose JSON says it', value: machines, limit: all, unit: 'of 2' }),
    atMost({ id: 'C7', figure: 'time of the emergency command', value: tookMs, limit: 10_000, unit: 'ms' }),
  ]
  return { figures: { tookMs: rounded(tookMs) }, bars }
}
