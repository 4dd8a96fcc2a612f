import { pause, progress, until } from '../clock'
import { quantile } from '../numbers'
import type { Program } from '../processes'
import { atMost, type Bar, type Figures, spreadOf } from '../report'
import { logOf, type Rig, scenarioPath, startRig } from '../rig'
import type { Suite } from '../suite'
import { startViewers, type Viewers } from '../viewers'

const TAKEOVER_LIMIT_MS = 10_000
const ZOMBIE_WATCH_MS = 4_000
const VIEWERS = 5

type Blow = 'SIGKILL' | 'SIGSTOP'

/** leader kills and pauses the collecting worker and watches who writes what afterwards (bar A7). */
export const leader: Suite = {
  name: 'leader',
  workload:
    'two workers on the calm scenario (64 GPUs, telemetry every second); the collecting one gets kill -9 or SIGSTOP in turn, a paused one is resumed after its successor has written; five SSE viewers check the sequence',
  run: async ({ quick, build }) => {
    const rounds = quick ? 2 : 10
    const rig = await startRig({
      scenario: scenarioPath('calm'),
      agents: 0,
      spares: 0,
      floor: false,
      build,
      environment: { DCGM_INTERVAL_MS: '1000' },
    })
    const viewers = startViewers()
    try {
      return await measure(rig, viewers, rounds)
    } finally {
      viewers.end()
      await rig.stop()
    }
  },
}

type Round = {
  readonly blow: Blow
  readonly takeoverMs: number
  readonly lateOldRows: number
  readonly zombieRows: number
}

async function measure(
  rig: Rig,
  viewers: Viewers,
  rounds: number,
): Promise<{ readonly figures: Figures; readonly bars: readonly Bar[]; readonly postgres: string }> {
  const workers = [rig.worker, rig.startWorker()]
  await until('the first delta is there', async () => (await newest(rig)) !== undefined, 60_000)
  await viewers.open({ url: `${rig.base}/api/live`, cookie: rig.cookie, count: VIEWERS })
  const done: Round[] = []
  for (let round = 0; round < rounds; round += 1) {
    const blow: Blow = round % 2 === 0 ? 'SIGKILL' : 'SIGSTOP'
    await until(
      'both workers are ready',
      () => workers.every((worker) => !worker.ended && logOf(worker).includes('worker ready')),
      30_000,
    )
    done.push(await strike(rig, workers, blow))
    progress(
      `round ${round + 1} of ${rounds}: ${blow}, successor wrote after ${Math.round(done.at(-1)?.takeoverMs ?? 0)} ms`,
    )
  }
  const { rows } = await rig.database.pool.query<{ missing: string }>(
    'SELECT max(seq) - min(seq) + 1 - count(*) AS missing FROM health_delta',
  )
  const state = await viewers.state()
  const takeovers = done.map(({ takeoverMs }) => takeoverMs)
  const sum = (pick: (round: Round) => number): number =>
    done.reduce((total, round) => total + pick(round), 0)
  return {
    postgres: rig.database.version,
    figures: {
      rounds: done,
      takeoverMs: spreadOf(takeovers),
      takeoverAfterKillMs: spreadOf(of(done, 'SIGKILL')),
      takeoverAfterPauseMs: spreadOf(of(done, 'SIGSTOP')),
      viewerFrames: state.tracks[0]?.frames,
    },
    bars: [
      atMost({
        id: 'A7.a',
        figure: `takeover after kill -9 or SIGSTOP, longest of ${done.length}`,
        value: quantile(takeovers, 1),
        limit: TAKEOVER_LIMIT_MS,
        unit: 'ms to the first delta of the new epoch',
      }),
      atMost({
        id: 'A7.b',
        figure: 'rows of an old epoch after the first of the new one',
        value: sum((round) => round.lateOldRows),
        limit: 0,
        unit: 'rows',
      }),
      atMost({
        id: 'A7.c',
        figure: 'rows written by a resumed predecessor',
        value: sum((round) => round.zombieRows),
        limit: 0,
        unit: 'rows',
      }),
      atMost({
        id: 'A7.d',
        figure: 'numbers missing in the stored sequence',
        value: Number(rows[0]?.missing ?? Number.NaN),
        limit: 0,
        unit: 'rows',
      }),
      atMost({
        id: 'A7.e',
        figure: `numbers missing at any of ${VIEWERS} viewers`,
        value: state.ended > 0 ? undefined : state.tracks.reduce((total, track) => total + track.gaps, 0),
        limit: 0,
        unit: 'gaps',
      }),
    ],
  }
}

function of(rounds: readonly Round[], blow: Blow): number[] {
  return rounds.filter((round) => round.blow === blow).map(({ takeoverMs }) => takeoverMs)
}

async function strike(rig: Rig, workers: Program[], blow: Blow): Promise<Round> {
  const { pid, epoch } = await leaderOf(rig)
  const at = workers.findIndex((worker) => worker.pid === pid)
  const struck = workers[at]
  if (!struck) throw new Error(`the lease is held by a process ${pid} that is not ours`)
  const startedMs = performance.now()
  process.kill(pid, blow)
  await until('a successor writes', async () => ((await newest(rig))?.epoch ?? 0) > epoch, 30_000)
  const takeoverMs = performance.now() - startedMs
  let zombieRows = 0
  if (blow === 'SIGSTOP') {
    const before = await rowsOf(rig, epoch)
    process.kill(pid, 'SIGCONT')
    await pause(ZOMBIE_WATCH_MS)
    if (struck.ended) throw new Error(`the resumed worker ended (${struck.how})`)
    zombieRows = (await rowsOf(rig, epoch)) - before
  } else {
    workers[at] = rig.startWorker()
    rig.worker = workers[at]
  }
  const late = await rig.database.pool.query<{ count: string }>(
    'SELECT count(*) FROM health_delta WHERE epoch <= $1 AND seq > (SELECT min(seq) FROM health_delta WHERE epoch > $1)',
    [epoch],
  )
  return { blow, takeoverMs, lateOldRows: Number(late.rows[0]?.count ?? Number.NaN), zombieRows }
}

async function rowsOf(rig: Rig, epoch: number): Promise<number> {
  const { rows } = await rig.database.pool.query<{ count: string }>(
    'SELECT count(*) FROM health_delta WHERE epoch = $1',
    [epoch],
  )
  return Number(rows[0]?.count ?? Number.NaN)
}

async function newest(rig: Rig): Promise<{ readonly seq: number; readonly epoch: number } | undefined> {
  const { rows } = await rig.database.pool.query<{ seq: string; epoch: string }>(
    'SELECT seq, epoch FROM health_delta ORDER BY seq DESC LIMIT 1',
  )
  const [row] = rows
  return row && { seq: Number(row.seq), epoch: Number(row.epoch) }
}

async function leaderOf(rig: Rig): Promise<{ readonly pid: number; readonly epoch: number }> {
  const { rows } = await rig.database.pool.query<{ owner: string; epoch: string }>(
    `SELECT owner, epoch FROM lease WHERE name = 'collector' AND expires_at > now()`,
  )
  const [row] = rows
  if (!row) throw new Error('nobody holds the collector’s lease')
  return { pid: Number.parseInt(row.owner, 10), epoch: Number(row.epoch) }
}
