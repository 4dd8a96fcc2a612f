import pg from 'pg'
import { HOOK_ENVIRONMENT } from '../alert-posts'
import { monotonicMs, pause, progress, until } from '../clock'
import { peakRssMiB, rigGroups, watchCpu } from '../cpu'
import { median, quantile } from '../numbers'
import { type Relay, startRelay } from '../relay'
import { atMost, type Bar, type Figures, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig, untilWatched } from '../rig'
import { fetchSnapshot } from '../snapshot'
import type { Suite } from '../suite'
import { type Sweep, startViewers, type Viewers } from '../viewers'
import { seedWorkload, WORKLOAD_W } from '../workload'

const CYCLE_SECONDS = 5
const ROWS = 10_000

type Scale = { readonly cycles: number; readonly cpuSeconds: number; readonly updates: number }

/** cycle measures the way of 10,000 readings through worker, database and web, and what it costs (bar A5). */
export const cycle: Suite = {
  name: 'cycle',
  workload: `${WORKLOAD_W}; a relay before Prometheus notes when the last telemetry answer of a sweep was delivered, one viewer notes when its delta arrived; the reference is one bulk UPDATE of 10,000 rows on the same Postgres between the cycles`,
  run: async ({ quick, build }) => {
    const scale: Scale = quick
      ? { cycles: 8, cpuSeconds: 20, updates: 8 }
      : { cycles: 24, cpuSeconds: 60, updates: 24 }
    const started: Relay[] = []
    const rig = await startRig({
      scenario: scenarioPath('w-10000'),
      environment: HOOK_ENVIRONMENT,
      agents: 40,
      spares: 4,
      floor: false,
      build,
      prometheus: async (url) => {
        const relay = await startRelay(url)
        started.push(relay)
        return relay.url
      },
    })
    const viewers = startViewers()
    try {
      await seedWorkload(rig)
      await untilWatched(rig, { gpus: ROWS, read: 9_900 })
      const [relay] = started
      if (!relay) throw new Error('the relay did not start')
      return await measure(rig, { viewers, relay, scale })
    } finally {
      viewers.end()
      for (const relay of started) relay.end()
      await rig.stop()
    }
  },
}

async function measure(
  rig: Rig,
  given: { readonly viewers: Viewers; readonly relay: Relay; readonly scale: Scale },
): Promise<{ readonly figures: Figures; readonly bars: readonly Bar[]; readonly postgres: string }> {
  const { viewers, relay, scale } = given
  progress(`CPU without viewers, ${scale.cpuSeconds} s`)
  const watch = await watchCpu(rigGroups(rig))
  await pause(scale.cpuSeconds * 1000)
  const cpu = await watch.percentOfCore()
  const server = (cpu.web ?? 0) + (cpu.worker ?? 0)

  await viewers.open({ url: `${rig.base}/api/live`, cookie: rig.cookie, count: 1 })
  const reference = await makeReference(rig)
  const cycles: Cycle[] = []
  const updates: number[] = []
  progress(`${scale.cycles} cycles, with the reference between them`)
  const deadline = monotonicMs() + (scale.cycles + 4) * CYCLE_SECONDS * 1500
  while (cycles.length < scale.cycles && monotonicMs() < deadline) {
    await pause(1_000)
    rig.assertAlive()
    const { sweeps } = await viewers.state()
    for (const sweep of sweeps) {
      const found = cycleOf(sweep, relay)
      if (found) cycles.push(found)
    }
    if (sweeps.length > 0 && updates.length < scale.updates) {
      await pause(1_500)
      updates.push(await reference.update())
    }
  }
  await reference.end()
  const restart = await restartWorker(rig)
  const totals = cycles.map((one) => one.totalMs)
  const referenceMs = median(updates)
  return {
    postgres: rig.database.version,
    figures: {
      answerToViewerMs: spreadOf(totals),
      sweepAnswersMs: spreadOf(cycles.map((one) => one.sweepMs)),
      answerBytes: median(cycles.map((one) => one.answerBytes)),
      deltaBytes: median(cycles.map((one) => one.deltaBytes)),
      gpusPerDelta: median(cycles.map((one) => one.gpus)),
      bulkUpdateMs: spreadOf(updates),
      cpuPercent: cpu,
      cpuPercentWebAndWorker: server,
      cpuPercentWithPostgres: server + (cpu.postgres ?? 0),
      workerPeakRssMiB: peakRssMiB(rig.worker.pid),
      webPeakRssMiB: peakRssMiB(rig.web.pid),
      restart,
    },
    bars: [
      atMost({
        id: 'A5.a',
        figure: `telemetry answer to delta at a viewer, median of ${totals.length}`,
        value: quantile(totals, 0.5),
        limit: 2.5 * (referenceMs ?? Number.NaN),
        unit: `ms, 2.5 × one bulk UPDATE of 10,000 rows (${referenceMs?.toFixed(1)})`,
      }),
      atMost({
        id: 'A5.b',
        figure: 'CPU of web and worker without viewers',
        value: server,
        limit: 10,
        unit: '% of a core',
      }),
      atMost({
        id: 'A5.c',
        figure: 'full coverage after a killed worker’s successor took over',
        value: restart.coveredAfterTakeoverMs,
        limit: (CYCLE_SECONDS + 1) * 1000,
        unit: 'ms, one cycle and its sweep',
      }),
    ],
  }
}

type Cycle = {
  readonly totalMs: number
  /** sweepMs is how long the sweep's answers took from the first to the last. */
  readonly sweepMs: number
  readonly answerBytes: number
  readonly deltaBytes: number
  readonly gpus: number
}

const SWEEP_SPAN_MS = 4_000

/** A sweep asks for one metric after the other: its delta follows from the last answer that was delivered before it came. */
function cycleOf(sweep: Sweep, relay: Relay): Cycle | undefined {
  const before = relay.answers.filter(({ atMs }) => atMs < sweep.atMs)
  const last = before.at(-1)
  if (!last) return undefined
  const together = before.filter(({ atMs }) => atMs > last.atMs - SWEEP_SPAN_MS)
  return {
    totalMs: sweep.atMs - last.atMs,
    sweepMs: last.atMs - (together[0]?.atMs ?? last.atMs),
    answerBytes: together.reduce((sum, { bytes }) => sum + bytes, 0),
    deltaBytes: sweep.bytes,
    gpus: sweep.gpus,
  }
}

async function makeReference(
  rig: Rig,
): Promise<{ readonly update: () => Promise<number>; readonly end: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: rig.database.url, application_name: 'bench' })
  await client.connect()
  await client.query(
    `CREATE TABLE bench_gpu (id int PRIMARY KEY, util smallint, temp smallint, vram smallint, at timestamptz)`,
  )
  await client.query('INSERT INTO bench_gpu SELECT g, 0, 0, 0, now() FROM generate_series(1, $1::int) AS g', [
    ROWS,
  ])
  const ids = Array.from({ length: ROWS }, (_, index) => index + 1)
  const values = (): number[] => ids.map(() => Math.floor(Math.random() * 100))
  return {
    update: async () => {
      const parameters = [ids, values(), values(), values(), new Date()]
      const startedMs = monotonicMs()
      await client.query({
        name: 'bench-update',
        text: `UPDATE bench_gpu SET util = item.util, temp = item.temp, vram = item.vram, at = $5
          FROM unnest($1::int[], $2::smallint[], $3::smallint[], $4::smallint[]) AS item(id, util, temp, vram)
          WHERE bench_gpu.id = item.id`,
        values: parameters,
      })
      return monotonicMs() - startedMs
    },
    end: () => client.end(),
  }
}

type Restart = {
  readonly instances: number
  readonly takeoverMs: number
  readonly coveredMs: number
  readonly coveredAfterTakeoverMs: number
}

/** Kills the worker, starts another, and waits until every instance that was read before is read again. */
async function restartWorker(rig: Rig): Promise<Restart> {
  const before = await fetchSnapshot(rig.base, rig.cookie)
  if (!before) throw new Error('there is no snapshot')
  const newest = Math.max(...before.state.instances.dcgmAt)
  const expected = before.state.instances.id.filter(
    (_, row) => newest - (before.state.instances.dcgmAt[row] ?? 0) <= CYCLE_SECONDS * 2,
  )
  progress(`kill -9 of the worker; ${expected.length} instances must be read again`)
  const killedMs = monotonicMs()
  const killedAt = Math.floor(Date.now() / 1000)
  process.kill(rig.worker.pid, 'SIGKILL')
  rig.worker = rig.startWorker()
  const epochs = await rig.database.pool.query<{ epoch: string }>(
    `SELECT epoch FROM lease WHERE name = 'collector'`,
  )
  const oldEpoch = Number(epochs.rows[0]?.epoch ?? 0)
  await until(
    'the successor takes over',
    async () => {
      const { rows } = await rig.database.pool.query<{ epoch: string }>(
        `SELECT epoch FROM lease WHERE name = 'collector'`,
      )
      return Number(rows[0]?.epoch ?? 0) > oldEpoch
    },
    30_000,
  )
  const takenMs = monotonicMs()
  await until(
    'every GPU is read again',
    async () => {
      const fetched = await fetchSnapshot(rig.base, rig.cookie)
      if (!fetched) return false
      const { instances } = fetched.state
      const at = new Map(instances.id.map((id, row) => [id, instances.dcgmAt[row] ?? 0]))
      return expected.every((id) => (at.get(id) ?? 0) >= killedAt)
    },
    60_000,
  )
  const coveredMs = monotonicMs()
  return {
    instances: expected.length,
    takeoverMs: takenMs - killedMs,
    coveredMs: coveredMs - killedMs,
    coveredAfterTakeoverMs: coveredMs - takenMs,
  }
}
