import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { CHANNEL_KINDS, type ChannelKind } from '../../lib/channels/channel'
import { type Console, createConsole } from '../../lib/console'
import { DELIVERY_LEASE } from '../../lib/delivery/advance-one'
import { enqueueDeliveries } from '../../lib/delivery/enqueue-store'
import { COVERED } from '../../lib/delivery/machine'
import { AUDIENCES_OF, type Publishable } from '../../lib/delivery/model'
import { channelPlace } from '../../lib/delivery/settings'
import { setupsOf } from '../../lib/delivery/testing/scene'
import { env } from '../../lib/platform/env'
import { inSql } from '../../lib/platform/sql'
import { root, statePath } from '../../scripts/lib/checkout.mjs'
import { productEnvironment } from '../../scripts/lib/environment.mjs'
import { loadScenario } from '../../simulator/scenario'
import { createSimulator, type Simulator } from '../../simulator/simulator'
import { atEnd } from '../cleanup'
import { pause, progress, until } from '../clock'
import { judge, type Sent } from '../delivery-judge'
import { FAILPOINTS, type Kill, killsOf } from '../delivery-plan'
import { quantile } from '../numbers'
import { type Database, freshDatabase } from '../postgres'
import { createPrograms, logTail, type Program, type Programs } from '../processes'
import { atLeast, atMost, spreadOf } from '../report'
import { logOf } from '../rig'
import type { Measured, Suite } from '../suite'

const OWNED_WITHIN_MS = 15_000
/** Channels of one kind take turns, so that the pace of one target does not hold up the whole matrix. */
const SETS = 8
/** Workers that live and die side by side: while one starts or waits for a target's pace, another has the machine. */
const LINES = 5
/** A round has a world and a database of its own and ends with everything delivered: no kill pays for those long before it. */
const KILLS_OF_ROUND = 118
const STRIKES_WITHIN_MS = 30_000

/** delivery kills the worker around every step of every kind of channel while the outside misbehaves (bar C1). */
export const delivery: Suite = {
  name: 'delivery',
  workload: `two publications of one incident on five kinds of channel for each kill -9 of the worker: ${FAILPOINTS.length} failpoints ten times and 400 random moments, in mixed order and in rounds side by side that each have a world and a database, each dead worker's lease handed to the next one, while the simulated Slack, Statuspage, PagerDuty and webhook receiver accept and hang, refuse for now, or fail after they have accepted; what arrived is counted by their own ledger`,
  run: async ({ quick }) => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
    const built = statePath('bench', `delivery-child-${process.pid}`)
    const programs = createPrograms(folder, root)
    const stop = atEnd(async () => {
      await programs.stopAll()
      rmSync(folder, { recursive: true, force: true })
      rmSync(built, { recursive: true, force: true })
    })
    try {
      const child = await bundleChild(built)
      const rounds = roundsOf(killsOf(quick))
      const done: Done[] = []
      const lines = Array.from({ length: Math.min(LINES, rounds.length) }, async (): Promise<void> => {
        for (let next = rounds.shift(); next; next = rounds.shift())
          done.push(await runRound({ folder, programs, child, round: next.round }, next.kills))
      })
      await Promise.all(lines)
      return reported(done)
    } finally {
      await stop()
    }
  },
}

function roundsOf(kills: readonly Kill[]): { readonly round: number; readonly kills: readonly Kill[] }[] {
  return Array.from({ length: Math.ceil(kills.length / KILLS_OF_ROUND) }, (_, round) => ({
    round,
    kills: kills.slice(round * KILLS_OF_ROUND, (round + 1) * KILLS_OF_ROUND),
  }))
}

/** Few files start in a third of the time that the sources take; what is imported only when needed stays apart. */
async function bundleChild(outdir: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('../delivery-child.ts', import.meta.url))],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // What is in the file need not be looked for: a start costs two thirds. These are loaded only when needed, or load files of their own.
    external: ['@prisma/client', '@temporalio/*', '@kubernetes/*', 'pg-native'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  })
  return join(outdir, 'delivery-child.mjs')
}

type Ground = {
  readonly folder: string
  readonly programs: Programs
  readonly child: string
  readonly round: number
}
type Desk = Ground & {
  readonly app: Console
  readonly world: Simulator
  readonly database: Database
  readonly env: NodeJS.ProcessEnv
}
type Done = {
  readonly judged: ReturnType<typeof judge>
  readonly kills: number
  readonly missed: readonly string[]
  readonly ownedMs: readonly number[]
  readonly drainMs: number
  readonly postgres: string
}

async function runRound(ground: Ground, kills: readonly Kill[]): Promise<Done> {
  const database = await freshDatabase(ground.folder)
  const world = createSimulator({
    scenario: loadScenario(join(root, 'bench', 'faults.yaml')),
    startMs: Date.now(),
    wallMs: () => performance.now(),
  })
  const { http } = await world.listen({ http: 0, grpc: 0 })
  const made = productEnvironment({ databaseUrl: database.url, port: 3000, simulator: undefined })
  Object.assign(process.env, made, { WATCHFLOOR_LOG_LEVEL: 'warn' })
  const app = createConsole({ name: 'bench', env: { ...env(), DATABASE_URL: database.url } })
  const stop = atEnd(async () => {
    await app.close()
    await world.close()
    await database.drop()
  })
  try {
    const desk: Desk = { ...ground, app, world, database, env: { ...made, WATCHFLOOR_LOG_LEVEL: 'info' } }
    await seedSets(app, `http://127.0.0.1:${http}`)
    return await killAll(desk, kills)
  } finally {
    await stop()
  }
}

const idOf = (kind: ChannelKind, set: number): string => `${kind}-${set}`

async function seedSets(app: Console, base: string): Promise<void> {
  const setups = setupsOf(base)
  const now = new Date()
  for (let set = 0; set < SETS; set += 1)
    for (const kind of CHANNEL_KINDS) {
      const id = idOf(kind, set)
      const config =
        kind === 'slack-bot' ? { ...setups[kind].config, channel: `C0SET${set}` } : setups[kind].config
      await app.db.channel.create({
        data: {
          id,
          kind,
          name: id,
          audiences: [...AUDIENCES_OF[kind]],
          config,
          sealed: app.seal.seal(setups[kind].secret, channelPlace(id)),
          createdAt: now,
          updatedAt: now,
        },
      })
    }
}

async function killAll(desk: Desk, kills: readonly Kill[]): Promise<Done> {
  const owned = watchOwners(desk)
  const missed: string[] = []
  for (const [turn, kill] of kills.entries()) {
    const hasStruck = await killOnce(desk, kill, { turn, recovered: owned.recovered })
    if (!hasStruck) missed.push(kill.at)
    await owned.died()
    if (turn % 20 === 19 || kills.length < 10)
      progress(`round ${desk.round}: ${turn + 1} of ${kills.length}, last at ${kill.at} (${kill.fault})`)
  }
  setFault(desk, 'none')
  const last = start(desk, {})
  await until('the last worker works', () => logOf(last).includes('job started'), 60_000)
  owned.recovered()
  const startedMs = performance.now()
  await until(
    'every message is delivered or a person’s',
    async () => {
      if (last.ended) throw new Error(`the last worker ended\n${logTail(last)}`)
      return (await sentOf(desk)).every(({ state }) => ENDED.includes(state))
    },
    120_000,
    100,
  )
  const drainMs = performance.now() - startedMs
  const ownedMs = await owned.stop()
  await desk.programs.stop(last)
  return {
    judged: judge(await sentOf(desk), desk.world.outside.received()),
    kills: kills.length,
    missed,
    ownedMs,
    drainMs,
    postgres: desk.database.version,
  }
}

const ASKED = 'needs-person'
const ENDED: readonly string[] = ['delivered', 'failed', ASKED]

async function sentOf({ app }: Desk): Promise<readonly Sent[]> {
  const rows = await app.db.delivery.findMany()
  const held = new Set(rows.filter(({ state }) => state === ASKED).map(({ orderKey }) => orderKey))
  return rows.map((row) => ({
    id: row.id,
    kind: row.channelId.replace(/-\d+$/, ''),
    step: row.step,
    // What waits behind a message that a person must decide is that person's too.
    state: row.state === 'queued' && held.has(row.orderKey) ? ASKED : row.state,
    isCovered: row.seenNote === COVERED,
    incident: String((row.payload as { dedup_key?: string }).dedup_key ?? ''),
  }))
}

async function killOnce(
  desk: Desk,
  kill: Kill,
  { turn, recovered }: { readonly turn: number; readonly recovered: () => void },
): Promise<boolean> {
  // What ends an alert goes out only once its beginning was taken: every second answer is lost, not every one.
  setFault(desk, kill.fault, { every: kill.at.endsWith('.resolve') ? 2 : 1, isAimed: kill.at !== 'random' })
  const worker = start(desk, kill.at === 'random' ? {} : { FAILPOINT: `${kill.at}:1:kill` })
  await until('the worker begins', () => worker.ended || logOf(worker).includes('job started'), 60_000)
  recovered()
  await release(desk, turn)
  if (kill.at === 'random') await pause(kill.afterMs)
  else {
    const hasDied = await until('the failpoint is reached', () => worker.ended, STRIKES_WITHIN_MS).then(
      () => true,
      () => false,
    )
    if (!hasDied) {
      process.kill(worker.pid, 'SIGKILL')
      await until('the worker is gone', () => worker.ended, 10_000)
      await endLease(desk)
      return false
    }
  }
  if (!worker.ended) process.kill(worker.pid, 'SIGKILL')
  await until('the worker is gone', () => worker.ended, 10_000)
  await endLease(desk)
  return worker.how === 'SIGKILL'
}

/** Who is surely dead needs no waiting: how long a lease outlives its owner is measured by `faults leader`. */
async function endLease({ app }: Desk): Promise<void> {
  await app.hot.query("UPDATE lease SET expires_at = now() - interval '1 second' WHERE name = $1", [
    DELIVERY_LEASE,
  ])
}

/** Where one place is aimed at, the outside goes on until the worker has come there: what it strikes first may be another message. */
function setFault(
  { world: { outside } }: Desk,
  fault: Kill['fault'],
  { every, isAimed }: { readonly every: number; readonly isAimed: boolean } = { every: 1, isAimed: false },
): void {
  for (const target of ['slack', 'slack-hook', 'statuspage-manage', 'pagerduty', 'receiver'] as const)
    outside.set(
      target,
      fault === 'none'
        ? undefined
        : fault === 'rate-limited'
          ? { fault, times: 1, retryAfterSeconds: 1 }
          : { fault, every, ...(fault === 'accept-then-hang' && !isAimed ? { times: 2 } : {}) },
    )
}

/** Two updates of one incident, the second its last: a card and its edit, a page and its end, an alert and its end. */
async function release({ app }: Desk, turn: number): Promise<void> {
  const set = turn % SETS
  const incidentId = randomUUID()
  const ref = `INC-${incidentId.slice(0, 8)}`
  for (const [seq, status] of (['investigating', 'resolved'] as const).entries())
    for (const audience of ['internal', 'public'] as const) {
      const publication: Publishable = {
        id: randomUUID(),
        incidentId,
        seq: seq + 1,
        kind: 'update',
        audience,
        severity: 'P2',
        status,
        title: `Turn ${turn}`,
        body: `Update ${seq + 1} of ${ref}.`,
        nextUpdateAt: null,
        components: [],
        drill: false,
      }
      const kinds = CHANNEL_KINDS.filter((kind) => (kind === 'statuspage') === (audience === 'public'))
      const channels = kinds.map((kind) => idOf(kind, set))
      const about = { ref, href: '', commander: '', startedAt: null }
      await inSql(app.hot, (tx) => enqueueDeliveries({ tx, publication, channels, now: new Date(), about }))
    }
}

function start(desk: Desk, more: Readonly<Record<string, string>>): Program {
  return desk.programs.start({
    name: 'worker',
    program: process.execPath,
    args: [desk.child],
    env: { ...desk.env, ...more },
  })
}

type Watch = {
  readonly died: () => Promise<void>
  /** recovered counts from now on: a worker has the lease again. */
  readonly recovered: () => void
  readonly stop: () => Promise<readonly number[]>
}

/** How long a message whose worker died stands as being sent by nobody. */
function watchOwners({ app }: Desk): Watch {
  const orphans = new Map<string, { readonly attempt: number; readonly sinceMs: number }>()
  const spans: number[] = []
  let ended = false
  const look = async (): Promise<void> => {
    if (orphans.size === 0) return
    const { rows } = await app.hot.query<{ id: string; state: string; attempt: number }>(
      'SELECT id, state, attempt FROM delivery WHERE id = ANY($1::uuid[])',
      [[...orphans.keys()]],
    )
    for (const { id, state, attempt } of rows) {
      const orphan = orphans.get(id)
      if (!orphan || (state === 'sending' && attempt === orphan.attempt)) continue
      spans.push(performance.now() - orphan.sinceMs)
      orphans.delete(id)
    }
  }
  const loop = (async () => {
    while (!ended) {
      await look()
      await pause(100)
    }
  })()
  return {
    died: async () => {
      const { rows } = await app.hot.query<{ id: string; attempt: number }>(
        "SELECT id, attempt FROM delivery WHERE state = 'sending'",
      )
      for (const { id, attempt } of rows)
        if (orphans.get(id)?.attempt !== attempt) orphans.set(id, { attempt, sinceMs: performance.now() })
    },
    recovered: () => {
      for (const [id, orphan] of orphans) orphans.set(id, { ...orphan, sinceMs: performance.now() })
    },
    stop: async () => {
      ended = true
      await loop
      await look()
      return [...spans, ...[...orphans.values()].map(({ sinceMs }) => performance.now() - sinceMs)]
    },
  }
}

function reported(done: readonly Done[]): Measured {
  const all = <Value>(pick: (one: Done) => readonly Value[]): Value[] => done.flatMap((one) => [...pick(one)])
  const sum = (pick: (one: Done) => number): number => done.reduce((sofar, one) => sofar + pick(one), 0)
  const lost = all(({ judged }) => judged.lost)
  const doubled = all(({ judged }) => judged.doubled)
  const owned = all(({ ownedMs }) => ownedMs)
  const missed = all((one) => one.missed)
  return {
    postgres: done[0]?.postgres ?? 'unknown',
    figures: {
      kills: sum(({ kills }) => kills),
      failpoints: FAILPOINTS.length,
      messages: sum(({ judged }) => judged.messages),
      delivered: sum(({ judged }) => judged.delivered),
      askedOfAPerson: sum(({ judged }) => judged.asked),
      repeatsCountedOnce: sum(({ judged }) => judged.repeats),
      orphans: owned.length,
      ownedMs: owned.length === 0 ? null : spreadOf(owned),
      drainMs: done.map(({ drainMs }) => Math.round(drainMs)),
      lost: lost.slice(0, 20),
      doubled: doubled.slice(0, 20),
      missed: missed.slice(0, 20),
    },
    bars: [
      atMost({ id: 'C1.a', figure: 'messages lost', value: lost.length, limit: 0, unit: 'messages' }),
      atMost({
        id: 'C1.b',
        figure: 'messages that stand twice on a target that can be listed',
        value: doubled.length,
        limit: 0,
        unit: 'messages',
      }),
      atMost({
        id: 'C1.c',
        figure:
          'from the next worker’s lease until a message whose worker died is owned or at its end, longest',
        value: owned.length === 0 ? 0 : quantile(owned, 1),
        limit: OWNED_WITHIN_MS,
        unit: 'ms',
      }),
      atLeast({
        id: 'C1.d',
        figure: 'messages delivered, so that the counts above can fail',
        value: sum(({ judged }) => judged.delivered),
        limit: sum(({ kills }) => kills),
        unit: 'messages',
      }),
      atMost({
        id: 'C1.e',
        figure: 'kills that did not strike',
        value: missed.length,
        limit: 0,
        unit: 'kills',
      }),
    ],
  }
}
