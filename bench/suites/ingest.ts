import {
  apiBody,
  type BenchAlert,
  benchAlert,
  HOOK_ENVIRONMENT,
  HOOK_HEADERS,
  webhookBody,
} from '../alert-posts'
import { startPeer } from '../alertmanager'
import { monotonicMs, progress, until } from '../clock'
import { rigGroups, watchCpu } from '../cpu'
import { median, ratio } from '../numbers'
import { type Loaded, postAll } from '../post-load'
import { atLeast, atMost, type Bar, rounded, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import type { Measured, Suite } from '../suite'

const BATCH = 50
const BATCHED_CONNECTIONS = 4
const SINGLE_CONNECTIONS = 8
const ALERTS = 20_000
const RULES = 40
const JSON_TYPE = { 'content-type': 'application/json' }

/** ingest measures how fast alerts are taken in durably, beside Alertmanager's own API and a bare route handler (bar B4). */
export const ingest: Suite = {
  name: 'ingest',
  workload: `${ALERTS} distinct alerts of ${RULES} rules posted round and round: ${BATCH} a post over ${BATCHED_CONNECTIONS} connections, and 1 a post over ${SINGLE_CONNECTIONS}; the console answers 202 once a delivery is committed (fsync on) and its worker folds deliveries into episodes meanwhile; the same alerts go to the API of the system's Alertmanager (in memory), and single ones to a bare Next route handler that parses JSON and answers 202, in turn`,
  run: async ({ quick, build }) => {
    const rig = await startRig({
      scenario: scenarioPath('calm'),
      agents: 0,
      spares: 0,
      floor: true,
      build,
      environment: HOOK_ENVIRONMENT,
    })
    try {
      return await measure(rig, quick ? { rounds: 1, seconds: 5 } : { rounds: 3, seconds: 10 })
    } finally {
      await rig.stop()
    }
  },
}

type Posts = { readonly hook: readonly Buffer[]; readonly api: readonly Buffer[] }

/** Round is one turn of one sender: `rate` counts acknowledged alerts a second, `drainedRate` those that became episodes. */
type Round = { readonly rate: number; readonly drainedRate: number; readonly loaded: Loaded }

function postsOf(alerts: readonly BenchAlert[], size: number): Posts {
  const groups = Array.from({ length: Math.ceil(alerts.length / size) }, (_, index) =>
    alerts.slice(index * size, (index + 1) * size),
  )
  return {
    hook: groups.map((group) =>
      Buffer.from(webhookBody(group.map((alert) => ({ alert, status: 'firing' as const })))),
    ),
    api: groups.map((group) => Buffer.from(apiBody(group))),
  }
}

async function measure(
  rig: Rig,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Measured> {
  const peer = await startPeer(rig.programs, rig.folder)
  const startMs = Date.now() - ALERTS
  const alerts = Array.from({ length: ALERTS }, (_, number) => benchAlert(number, { rules: RULES, startMs }))
  const batched = postsOf(alerts, BATCH)
  const single = postsOf(alerts, 1)
  const took = new Map<string, Round[]>()
  const cpu: Record<string, unknown> = {}
  const turn = async (name: string, run: () => Promise<Round>): Promise<void> => {
    const watch = await watchCpu(rigGroups(rig))
    const round = await run()
    cpu[name] = await watch.percentOfCore()
    took.set(name, [...(took.get(name) ?? []), round])
    progress(
      `${name}: ${Math.round(round.rate)} alerts/s acknowledged${round.drainedRate === round.rate ? '' : `, ${Math.round(round.drainedRate)} folded`}`,
    )
  }
  const own = { url: `${rig.base}/api/hooks/alertmanager`, headers: HOOK_HEADERS }
  const many = { connections: BATCHED_CONNECTIONS, seconds }
  const few = { connections: SINGLE_CONNECTIONS, seconds }
  // The first posts make every server compile its code; they are not counted.
  await postAll({ ...own, ...many, seconds: 1, bodies: batched.hook })
  await postAll({ url: `${rig.floorBase}/take`, headers: JSON_TYPE, ...few, seconds: 1, bodies: single.hook })
  for (let round = 0; round < rounds; round += 1) {
    await turn('batched', () => deliver(rig, { ...own, ...many, bodies: batched.hook }, BATCH))
    if (peer !== undefined)
      await turn('alertmanager batched', () =>
        reference({ url: peer, headers: JSON_TYPE, ...many, bodies: batched.api }, BATCH),
      )
    await turn('single', () => deliver(rig, { ...own, ...few, bodies: single.hook }, 1))
    await turn('route handler', () =>
      reference({ url: `${rig.floorBase}/take`, headers: JSON_TYPE, ...few, bodies: single.hook }, 1),
    )
    if (peer !== undefined)
      await turn('alertmanager single', () =>
        reference({ url: peer, headers: JSON_TYPE, ...few, bodies: single.api }, 1),
      )
  }
  const stored = await countStored(rig)
  return { ...judge({ took, stored, hasPeer: peer !== undefined }, cpu), postgres: rig.database.version }
}

async function reference(load: Parameters<typeof postAll>[0], size: number): Promise<Round> {
  const loaded = await postAll(load)
  const rate = (loaded.posts * size) / loaded.seconds
  return { rate, drainedRate: rate, loaded }
}

async function deliver(rig: Rig, load: Parameters<typeof postAll>[0], size: number): Promise<Round> {
  const loaded = await postAll(load)
  await untilDrained(rig)
  const drainedSeconds = (monotonicMs() - loaded.startedMs) / 1_000
  return {
    rate: (loaded.posts * size) / loaded.seconds,
    drainedRate: (loaded.posts * size) / drainedSeconds,
    loaded,
  }
}

async function untilDrained(rig: Rig): Promise<void> {
  await until(
    'every delivery is folded into episodes',
    async () => {
      rig.assertAlive()
      const { rows } = await rig.database.pool.query("SELECT 1 FROM hook_inbox WHERE state = 'new' LIMIT 1")
      return rows.length === 0
    },
    120_000,
    50,
  )
}

type Stored = {
  readonly episodes: number
  readonly missing: number
  readonly seen: number
  readonly deliveries: number
}

async function countStored(rig: Rig): Promise<Stored> {
  const { rows } = await rig.database.pool.query<Record<keyof Stored, string>>(
    `SELECT count(*) AS episodes, $1 - count(DISTINCT fingerprint) AS missing, sum(seen) AS seen,
       (SELECT sum(jsonb_array_length(convert_from(body, 'UTF8')::jsonb -> 'alerts')) FROM hook_inbox) AS deliveries
     FROM alert WHERE source = 'alertmanager'`,
    [ALERTS],
  )
  const [row] = rows
  return {
    episodes: Number(row?.episodes ?? Number.NaN),
    missing: Number(row?.missing ?? Number.NaN),
    seen: Number(row?.seen ?? Number.NaN),
    deliveries: Number(row?.deliveries ?? Number.NaN),
  }
}

function judge(
  given: {
    readonly took: ReadonlyMap<string, readonly Round[]>
    readonly stored: Stored
    readonly hasPeer: boolean
  },
  cpu: Readonly<Record<string, unknown>>,
): Omit<Measured, 'postgres'> {
  const { took, stored } = given
  const rate = (name: string, pick: (round: Round) => number = (round) => round.rate): number | undefined =>
    median((took.get(name) ?? []).map(pick))
  const rounds = [...took.values()].flat()
  const figures = Object.fromEntries(
    [...took].map(([name, all]) => [
      name,
      {
        alertsPerSecond: rounded(rate(name) ?? Number.NaN),
        foldedPerSecond: rounded(rate(name, (round) => round.drainedRate) ?? Number.NaN),
        postsPerSecond: rounded(median(all.map(({ loaded }) => loaded.posts / loaded.seconds)) ?? Number.NaN),
        answerMs: spreadOf(all.flatMap(({ loaded }) => loaded.latenciesMs)),
        cpuPercentOfCore: cpu[name],
      },
    ]),
  )
  const folded = (round: Round): number => round.drainedRate
  const against = (bar: {
    readonly id: string
    readonly figure: string
    readonly own: number | undefined
    readonly other: number | undefined
    readonly limit: number
  }): Bar =>
    atLeast({
      id: bar.id,
      figure: bar.figure,
      value: ratio(bar.own, bar.other),
      limit: bar.limit,
      unit: `times (${bar.own?.toFixed(0)} against ${bar.other?.toFixed(0)} alerts/s)`,
    })
  return {
    figures: { ...figures, stored, alertmanager: given.hasPeer ? 'measured' : 'not installed' },
    bars: [
      against({
        id: 'B4.a',
        figure: `${BATCH} alerts a post, committed before 202, against Alertmanager in memory`,
        own: rate('batched'),
        other: rate('alertmanager batched'),
        limit: 0.25,
      }),
      against({
        id: 'B4.b',
        figure: `${BATCH} alerts a post until the last one is an episode, against Alertmanager in memory`,
        own: rate('batched', folded),
        other: rate('alertmanager batched'),
        limit: 0.25,
      }),
      against({
        id: 'B4.c',
        figure: '1 alert a post, committed before 202, against a bare route handler',
        own: rate('single'),
        other: rate('route handler'),
        limit: 0.5,
      }),
      atMost({
        id: 'B4.d',
        figure: 'alerts acknowledged and not on the board, once everything is folded',
        value: stored.missing,
        limit: 0,
        unit: 'rows',
      }),
      atMost({
        id: 'B4.e',
        figure: 'episodes beyond one of each alert, and deliveries counted other than once',
        value: Math.abs(stored.episodes - ALERTS) + Math.abs(stored.seen - stored.deliveries),
        limit: 0,
        unit: 'rows',
      }),
      atMost({
        id: 'B4.f',
        figure: 'posts answered with anything but success',
        value: rounds.reduce((sum, { loaded }) => sum + loaded.refused, 0),
        limit: 0,
        unit: 'rows',
      }),
    ],
  }
}
