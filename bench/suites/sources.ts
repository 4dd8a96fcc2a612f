import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { parse, stringify } from 'yaml'
import { root } from '../../scripts/lib/checkout.mjs'
import { pause, progress, until } from '../clock'
import { peakRssMiB, usageOf } from '../cpu'
import { type Cell, greenCells, tooOld } from '../green'
import { atMost, spreadOf } from '../report'
import { type Rig, startRig } from '../rig'
import { fetchSnapshot } from '../snapshot'
import type { Measured, Suite } from '../suite'

const FAULTS = [
  'refused',
  'blackhole',
  'slow',
  'unauthorized',
  'forbidden',
  'rate-limited',
  'server-error',
  'html',
  'truncated',
  'wrong-types',
  'nulls',
  'stale',
  'huge',
] as const
type Fault = (typeof FAULTS)[number]

/** Lane is what one injected fault breaks: the simulator's sources, and whose cells and rows depend on them. */
type Lane = {
  readonly name: string
  readonly inject: readonly string[]
  readonly cells: readonly string[]
  /** rows are the sources' own lines on the board, which must say that they are not live. */
  readonly rows: readonly string[]
  /** without are faults that this protocol cannot show. */
  readonly without: readonly Fault[]
  /** undated names faults under which the source still answers in time and does not date its answers. */
  readonly undated: readonly Fault[]
}

const LANES: readonly Lane[] = [
  { name: 'vast', inject: ['vast'], cells: ['vast'], rows: ['vast'], without: [], undated: ['stale'] },
  {
    name: 'prometheus and dcgm',
    inject: ['prometheus'],
    cells: ['prometheus', 'dcgm'],
    rows: ['prometheus', 'dcgm'],
    without: [],
    undated: [],
  },
  {
    name: 'temporal',
    inject: ['temporal'],
    cells: ['temporal'],
    rows: ['temporal'],
    without: ['wrong-types', 'huge'],
    undated: ['stale'],
  },
  {
    name: 'statuspage',
    inject: ['statuspage'],
    cells: ['statuspage'],
    rows: ['statuspage'],
    without: [],
    undated: ['stale'],
  },
  {
    name: 'services',
    inject: ['services', 'integration'],
    cells: ['services'],
    rows: [],
    without: [],
    undated: ['stale'],
  },
  { name: 'agent', inject: ['agent'], cells: ['agent'], rows: [], without: [], undated: ['slow', 'huge'] },
]

const QUICK: readonly Fault[] = ['refused', 'html', 'nulls']
const AT_ONCE = 4
/** How old a reading may be in this run, in seconds; the shipped limits are minutes. */
const LIMITS: Readonly<Record<string, number>> = {
  vast: 9,
  prometheus: 4,
  dcgm: 4,
  agent: 4,
  temporal: 4,
  statuspage: 4,
  services: 4,
}
/** Ages are judged once per 5 s cycle, and the snapshot's seconds are whole. */
const GRACE_SECONDS = 7
const SLOW_MS = 30_000
const RECOVERY_MS = 60_000
const MEMORY_LIMIT_MIB = 50

/** sources breaks every source in every way and looks whether anything stays green on old readings (bar A6). */
export const sources: Suite = {
  name: 'sources',
  workload:
    'a small world (24 GPUs on 10 instances, three of them seen by their agents alone); sources read every second, readings count for 4 s (the provider’s list for 9 s); each source × fault holds until its readings must have run out, at most four sources broken at once; one injection into Prometheus covers DCGM too',
  run: async ({ quick, build }) => {
    const rig = await startRig({
      scenario: fileURLToPath(new URL('../faults.yaml', import.meta.url)),
      agents: 3,
      spares: 0,
      floor: false,
      build,
      prepare: async ({ folder, database, simulator }) => {
        await shortIntervals(database.pool, simulator)
        return {
          DCGM_INTERVAL_MS: '1000',
          VAST_PAGE_INTERVAL_MS: '500',
          WATCHFLOOR_RUNBOOKS: shortPolicy(folder),
        }
      },
      agentIntervalSeconds: 1,
    })
    try {
      return await measure(rig, quick ? QUICK : FAULTS)
    } finally {
      await rig.stop()
    }
  },
}

/** The shipped policy with short-lived readings, so that a matrix of faults takes minutes and not hours. */
function shortPolicy(folder: string): string {
  const runbooks = join(folder, 'runbooks')
  cpSync(join(root, 'runbooks'), runbooks, { recursive: true })
  const file = join(runbooks, 'policy', 'health.yaml')
  const policy = parse(readFileSync(file, 'utf8')) as { freshness: Record<string, number> }
  Object.assign(policy.freshness, {
    dcgmMaxAgeSeconds: LIMITS.dcgm,
    agentMaxAgeSeconds: LIMITS.agent,
    vastMaxAgeSeconds: LIMITS.vast,
    temporalMaxAgeSeconds: LIMITS.temporal,
    serviceMaxAgeSeconds: LIMITS.services,
    metricsMaxAgeSeconds: LIMITS.prometheus,
    providerPageMaxAgeSeconds: LIMITS.statuspage,
  })
  writeFileSync(file, stringify(policy))
  return runbooks
}

async function shortIntervals(
  pool: Rig['database']['pool'],
  simulator: { readonly httpPort: number; readonly grpcPort: number; readonly env: object },
): Promise<void> {
  const base = `http://127.0.0.1:${simulator.httpPort}`
  const env = simulator.env as { readonly HEALTH_URLS: string; readonly WATCHFLOOR_QUEUES: string }
  const urls = Object.entries(JSON.parse(env.HEALTH_URLS) as Record<string, string>)
  const settings = {
    prometheus: { url: `${base}/prometheus`, intervalMs: 1_000, dcgmIntervalMs: 1_000 },
    temporal: {
      address: `127.0.0.1:${simulator.grpcPort}`,
      namespace: 'default',
      intervalMs: 1_000,
      queues: JSON.parse(env.WATCHFLOOR_QUEUES),
    },
    statuspage: { url: `${base}/statuspage`, format: 'statuspage', intervalMs: 1_000 },
    services: {
      intervalMs: 1_000,
      services: urls.map(([id, url]) => ({
        id,
        name: id,
        kind: id === 'integration' ? 'integration' : 'app',
        url,
      })),
    },
  }
  for (const [id, value] of Object.entries(settings)) {
    await pool.query(
      `INSERT INTO setting (key, value, version, updated_at, updated_by) VALUES ($1, $2, 1, now(), 'bench')`,
      [`source:${id}`, JSON.stringify(value)],
    )
  }
}

type Outcome = {
  readonly lane: string
  readonly fault: Fault
  readonly old: readonly string[]
  readonly stillGreen: readonly string[]
  readonly late: readonly string[]
  readonly recoveryMs: number | null
}

type Matrix = { readonly broken: Set<Lane>; readonly settling: Set<Lane>; readonly outcomes: Outcome[] }

async function measure(rig: Rig, faults: readonly Fault[]): Promise<Measured> {
  const hasSnapshot = async (): Promise<boolean> => (await fetchSnapshot(rig.base, rig.cookie)) !== undefined
  await until('the console has a snapshot', hasSnapshot, 60_000, 500)
  await until('every source is live and green', async () => isWhole(await stateOf(rig), LANES), 60_000, 500)
  const before = usageOf([rig.worker.pid]).rssMiB
  const waiting = faults.flatMap((fault) =>
    LANES.filter((lane) => !lane.without.includes(fault)).map((lane) => ({ lane, fault })),
  )
  const total = waiting.length
  const matrix: Matrix = { broken: new Set(), settling: new Set(), outcomes: [] }
  const work = async (): Promise<void> => {
    for (;;) {
      const at = waiting.findIndex(({ lane }) => !matrix.broken.has(lane) && !matrix.settling.has(lane))
      const next = at < 0 ? undefined : waiting.splice(at, 1)[0]
      if (next) {
        const outcome = await breakOne(rig, next, matrix)
        matrix.outcomes.push(outcome)
        progress(
          `${matrix.outcomes.length} of ${total}: ${outcome.lane}, ${outcome.fault}${wordsOf(outcome)}`,
        )
      } else if (waiting.length === 0) return
      else await pause(200)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  rig.assertAlive()
  const after = usageOf([rig.worker.pid]).rssMiB
  const { outcomes } = matrix
  const count = (pick: (outcome: Outcome) => readonly string[]): number =>
    outcomes.filter((outcome) => pick(outcome).length > 0).length
  return {
    postgres: rig.database.version,
    figures: {
      cells: outcomes.length,
      lanes: LANES.map(({ name }) => name),
      faults,
      wrong: outcomes.filter((outcome) => wordsOf(outcome) !== ''),
      recoveryMs: spreadOf(outcomes.flatMap(({ recoveryMs }) => recoveryMs ?? [])),
      workerRssMiB: { before, after, peak: peakRssMiB(rig.worker.pid) },
    },
    bars: [
      atMost({
        id: 'A6.a',
        figure: 'faults under which something stays green on readings past their limit',
        value: count(({ old }) => old),
        limit: 0,
        unit: `of ${outcomes.length} source × fault`,
      }),
      atMost({
        id: 'A6.b',
        figure: 'faults under which the broken source’s own cells stay green',
        value: count(({ stillGreen }) => stillGreen),
        limit: 0,
        unit: `of ${outcomes.length}`,
      }),
      atMost({
        id: 'A6.c',
        figure: 'faults that make another source late',
        value: count(({ late }) => late),
        limit: 0,
        unit: `of ${outcomes.length}`,
      }),
      atMost({
        id: 'A6.d',
        figure: `sources that do not come back within ${RECOVERY_MS / 1000} s`,
        value: outcomes.filter(({ recoveryMs }) => recoveryMs === null).length,
        limit: 0,
        unit: `of ${outcomes.length}`,
      }),
      atMost({
        id: 'A6.e',
        figure: 'processes that ended',
        value: [rig.web, rig.worker].filter(({ ended }) => ended).length,
        limit: 0,
        unit: 'processes',
      }),
      atMost({
        id: 'A6.f',
        figure: 'memory that the worker has gained over the matrix',
        value: after - before,
        limit: MEMORY_LIMIT_MIB,
        unit: 'MiB',
      }),
    ],
  }
}

function wordsOf({ old, stillGreen, late, recoveryMs }: Outcome): string {
  const words = [
    ...old.map((what) => `green on an old reading: ${what}`),
    ...stillGreen.map((what) => `still green: ${what}`),
    ...late.map((what) => `late: ${what}`),
    ...(recoveryMs === null ? ['did not come back'] : []),
  ]
  return words.length === 0
    ? ''
    : ` ✗ ${words.slice(0, 3).join('; ')}${words.length > 3 ? ` and ${words.length - 3} more` : ''}`
}

async function breakOne(
  rig: Rig,
  cell: { readonly lane: Lane; readonly fault: Fault },
  matrix: Matrix,
): Promise<Outcome> {
  const { lane, fault } = cell
  const limit = Math.max(...lane.cells.map((source) => LIMITS[source] ?? 0))
  const holdMs = (limit + GRACE_SECONDS) * 1000
  matrix.broken.add(lane)
  await inject(rig, cell, holdMs + 1_500)
  const endsMs = performance.now() + holdMs + 1_500
  await pause(holdMs)
  const state = await stateOf(rig)
  const now = Date.now() / 1000
  const cells = greenCells(state)
  const own = cells.filter(({ source }) => lane.cells.includes(source))
  const others = LANES.filter((other) => !matrix.broken.has(other) && !matrix.settling.has(other))
  const rows = new Set(others.flatMap((other) => other.rows))
  const late = state.board.sources
    .filter((row) => rows.has(row.id) && row.state !== 'live')
    .map((row) => `${row.id} ${row.state}, answered ${Math.round(now - row.okAt)} s ago (${row.detail})`)
  const old = tooOld(cells, { limits: LIMITS, now, grace: GRACE_SECONDS }).map(describe)
  await pause(Math.max(0, endsMs - performance.now()))
  matrix.broken.delete(lane)
  matrix.settling.add(lane)
  const clearedMs = performance.now()
  const recovered = await until(
    'recovered',
    async () => isWhole(await stateOf(rig), [lane]),
    RECOVERY_MS,
    500,
  ).then(
    () => true,
    () => false,
  )
  matrix.settling.delete(lane)
  return {
    lane: lane.name,
    fault,
    old,
    stillGreen: lane.undated.includes(fault) ? [] : own.map(describe),
    late,
    recoveryMs: recovered ? performance.now() - clearedMs : null,
  }
}

function describe({ source, what, at }: Cell): string {
  return `${what} (${source}, ${at === 0 ? 'never read' : `${Math.round(Date.now() / 1000 - at)} s old`})`
}

async function inject(
  rig: Rig,
  { lane, fault }: { readonly lane: Lane; readonly fault: Fault },
  forMs: number,
): Promise<void> {
  const timeline = lane.inject.map((source) => ({
    event: 'source-fault',
    at: '0ms',
    for: `${forMs}ms`,
    source,
    fault,
    ...(fault === 'slow' ? { ms: SLOW_MS } : {}),
  }))
  const answer = await request(`${rig.simulatorBase}/control/inject`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ timeline }),
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`the fault was not taken: ${text.slice(0, 300)}`)
}

async function stateOf(rig: Rig): Promise<NonNullable<Awaited<ReturnType<typeof fetchSnapshot>>>['state']> {
  rig.assertAlive()
  const fetched = await fetchSnapshot(rig.base, rig.cookie)
  if (!fetched) throw new Error('the console has no snapshot')
  return fetched.state
}

/** A lane is whole when its sources' rows are live and each of its sources shows something green on a young reading. */
function isWhole(state: Awaited<ReturnType<typeof stateOf>>, lanes: readonly Lane[]): boolean {
  const now = Date.now() / 1000
  const cells = greenCells(state)
  return lanes.every((lane) => {
    const live = lane.rows.every((id) =>
      state.board.sources.some((row) => row.id === id && row.state === 'live'),
    )
    const green = lane.cells.every((source) =>
      cells.some((cell) => cell.source === source && now - cell.at <= (LIMITS[source] ?? 0) + 2),
    )
    return live && green
  })
}
