import { findBrowser } from '../../scripts/lib/browser.mjs'
import { type BenchAlert, benchAlert, HOOK_ENVIRONMENT } from '../alert-posts'
import { type Chrome, readyMs, startChrome } from '../browser'
import { monotonicMs, pause, progress, until } from '../clock'
import { callerOf, declareIncident, runQuery } from '../commands'
import { rigGroups, watchCpu } from '../cpu'
import { type Crew, startCrew } from '../crew'
import { quantile } from '../numbers'
import { atMost, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import { planStorm, postsOf, randomFrom, type StormPlan } from '../storm-plan'
import { type Sent, sendStorm } from '../storm-senders'
import type { Measured, Suite } from '../suite'

const ALERTS_PER_MINUTE = 10_000
const RULES = 120
const SENDERS = 12
const MOST_GROUPS = 50
const PAGE_EVERY_MS = 1_500
const BOARD_EVERY_MS = 3_000
const DRAIN_WITHIN_MS = 120_000
const RECORD_IS_THERE = `document.querySelectorAll('main ol[aria-label^="Entries"] > li').length > 0`

type Shape = { readonly spanMs: number; readonly killEveryMs: number }

/** storm sends 10,000 distinct alerts a minute, many times each, while processes are killed, and counts what arrived (bar B3). */
export const storm: Suite = {
  name: 'storm',
  workload: `${ALERTS_PER_MINUTE} distinct alerts a minute of ${RULES} rules, each delivered one to five times, shuffled, 5 % late, 30 % with their end (some before their beginning), in posts of 1 to 50 by ${SENDERS} senders that try again as Alertmanager does; two web processes and two workers, one of them killed with SIGKILL in turn and started anew at once; a browser opens the incident page all the while`,
  run: async ({ quick, build }) => {
    const rig = await startRig({
      scenario: scenarioPath('calm'),
      agents: 0,
      spares: 0,
      floor: false,
      build,
      environment: HOOK_ENVIRONMENT,
    })
    let chrome: Chrome | undefined
    try {
      if (await findBrowser()) chrome = await startChrome()
      const shape = quick ? { spanMs: 24_000, killEveryMs: 6_000 } : { spanMs: 300_000, killEveryMs: 20_000 }
      return await measure({ rig, chrome, crew: await startCrew(rig), shape })
    } finally {
      await chrome?.browser.close()
      await rig.stop()
    }
  },
}

async function measure(given: {
  readonly rig: Rig
  readonly chrome: Chrome | undefined
  readonly crew: Crew
  readonly shape: Shape
}): Promise<Measured> {
  const { rig, chrome, crew, shape } = given
  const ana = { ...callerOf(rig), cookie: await signIn(rig.base, 'ana') }
  const { name } = await declareIncident(ana, 'Alert storm over the whole fleet')
  const random = randomFrom(20_261_121)
  const count = Math.round((ALERTS_PER_MINUTE * shape.spanMs) / 60_000)
  const startMs = Date.now() - count
  const alerts = Array.from({ length: count }, (_, number) => benchAlert(number, { rules: RULES, startMs }))
  const plan = planStorm({ alerts: count, spanMs: shape.spanMs, lateShare: 0.05, resolvedShare: 0.3, random })
  const posts = postsOf(plan.deliveries, random)
  progress(`${plan.deliveries.length} deliveries of ${count} alerts in ${posts.length} posts`)
  // The first load makes both web processes compile the page; it is not counted.
  const visit = chrome && { chrome, bases: crew.bases, cookie: rig.cookie, name }
  if (visit) for (const base of crew.bases) await openPage({ ...visit, bases: [base] })
  let isOver = false
  const over = (): boolean => isOver
  const cpu = await watchCpu({ simulator: rigGroups(rig).simulator, postgres: rigGroups(rig).postgres })
  const [sent, strikes, pageMs, boards] = await Promise.all([
    sendStorm({
      posts,
      alerts,
      bases: crew.bases,
      senders: SENDERS,
      endsAt: new Date().toISOString(),
    }).finally(() => {
      isOver = true
    }),
    strikeAll(crew, shape, over),
    visit ? watchPage(visit, over) : [],
    watchBoard(rig, crew, over),
  ])
  const cpuPercentOfCore = await cpu.percentOfCore()
  const drainedMs = await drained(rig)
  const stored = await compare(rig, { alerts, plan, sent })
  const last = await boardOf(rig, crew.bases[0] ?? rig.base, { source: 'alertmanager' })
  return {
    postgres: rig.database.version,
    ...(chrome ? { chromium: chrome.version } : {}),
    figures: {
      alerts: count,
      deliveries: plan.deliveries.length,
      posts: posts.length,
      late: plan.late,
      kills: strikes,
      answerMs: spreadOf(sent.answerMs),
      dueToAcknowledgedMs: spreadOf(sent.lagMs),
      triedAgain: Object.fromEntries(sent.failures),
      incidentPageMs: spreadOf(pageMs),
      foldedAfterLastDeliveryMs: Math.round(drainedMs),
      boardsSeen: boards.length,
      boardAtTheEnd: last,
      stored,
      cpuPercentOfCore,
    },
    bars: barsOf({ count, sent, pageMs, boards: [...boards, last], stored, last }),
  }
}

async function strikeAll(crew: Crew, { spanMs, killEveryMs }: Shape, over: () => boolean): Promise<number> {
  const startedMs = monotonicMs()
  let strikes = 0
  for (;;) {
    const nextMs = startedMs + (strikes + 1) * killEveryMs
    if (nextMs >= startedMs + spanMs) return strikes
    while (!over() && monotonicMs() < nextMs) await pause(50)
    if (over()) return strikes
    crew.assertAlive()
    progress(`killed ${crew.strike()}`)
    strikes += 1
  }
}

type Visit = {
  readonly chrome: Chrome
  readonly bases: readonly string[]
  readonly cookie: string
  readonly name: string
}

/** A load that meets a killed process goes to the other one, as a balancer would lead it; its time runs on. */
async function openPage({ chrome, bases, cookie, name }: Visit): Promise<number> {
  const startedMs = monotonicMs()
  for (let attempt = 0; ; attempt += 1) {
    const base = bases[attempt % bases.length] ?? ''
    const context = await chrome.visit({ base, cookie })
    try {
      const page = await context.newPage()
      await page.goto(`${base}/incidents/${name}`, { waitUntil: 'commit', timeout: 10_000 })
      await readyMs(page, RECORD_IS_THERE, 10_000)
      return monotonicMs() - startedMs
    } catch (error) {
      if (attempt >= 10) throw error
    } finally {
      await context.close()
    }
  }
}

async function watchPage(visit: Visit, over: () => boolean): Promise<readonly number[]> {
  const took: number[] = []
  while (!over()) {
    const startedMs = monotonicMs()
    const bases = took.length % 2 === 0 ? visit.bases : [...visit.bases].reverse()
    took.push(await openPage({ ...visit, bases }))
    await pause(Math.max(0, PAGE_EVERY_MS - (monotonicMs() - startedMs)))
  }
  return took
}

type Board = { readonly shown: number; readonly alerts: number }

async function boardOf(rig: Rig, base: string, filter: object = {}): Promise<Board> {
  const { status, body } = await runQuery({ ...callerOf(rig), base }, 'alerts.groups', filter)
  if (status !== 200) throw new Error(`alerts.groups answered ${status}`)
  const { groups, more } = body as {
    groups: readonly { readonly count: number }[]
    more: { readonly alerts: number }
  }
  return { shown: groups.length, alerts: groups.reduce((sum, group) => sum + group.count, 0) + more.alerts }
}

async function watchBoard(rig: Rig, crew: Crew, over: () => boolean): Promise<readonly Board[]> {
  const seen: Board[] = []
  for (let look = 0; !over(); look += 1) {
    const board = await boardOf(rig, crew.bases[look % crew.bases.length] ?? '').catch(() => undefined)
    if (board) seen.push(board)
    await pause(BOARD_EVERY_MS)
  }
  return seen
}

async function drained(rig: Rig): Promise<number> {
  const startedMs = monotonicMs()
  await until(
    'every delivery is folded',
    async () => {
      const { rows } = await rig.database.pool.query("SELECT 1 FROM hook_inbox WHERE state = 'new' LIMIT 1")
      return rows.length === 0
    },
    DRAIN_WITHIN_MS,
  )
  return monotonicMs() - startedMs
}

/** Stored is what the database holds against what was sent. */
type Stored = {
  readonly episodes: number
  readonly missing: number
  readonly surplus: number
  readonly wrongState: number
  readonly uncounted: number
  readonly countedTwice: number
  readonly firing: number
}

async function compare(
  rig: Rig,
  given: { readonly alerts: readonly BenchAlert[]; readonly plan: StormPlan; readonly sent: Sent },
): Promise<Stored> {
  const { alerts, plan, sent } = given
  const { rows } = await rig.database.pool.query<{
    number: string
    status: string
    seen: number
    starts: Date
  }>(
    `SELECT labels ->> 'number' AS number, status, seen, starts_at AS starts FROM alert WHERE source = 'alertmanager'`,
  )
  const found = new Map<number, (typeof rows)[number]>()
  let surplus = 0
  for (const row of rows) {
    const number = Number(row.number)
    const isKnown = alerts[number]?.startsAt === row.starts.toISOString()
    if (!isKnown || found.has(number)) surplus += 1
    else found.set(number, row)
  }
  let wrongState = 0
  let uncounted = 0
  let countedTwice = 0
  for (const [number, row] of found) {
    if ((row.status === 'resolved') !== plan.resolved.has(number)) wrongState += 1
    if (row.seen < (sent.acknowledged[number] ?? 0)) uncounted += 1
    if (row.seen > (sent.attempts[number] ?? 0)) countedTwice += 1
  }
  return {
    episodes: rows.length,
    missing: alerts.length - found.size,
    surplus,
    wrongState,
    uncounted,
    countedTwice,
    firing: alerts.length - plan.resolved.size,
  }
}

function barsOf(given: {
  readonly count: number
  readonly sent: Sent
  readonly pageMs: readonly number[]
  readonly boards: readonly Board[]
  readonly stored: Stored
  readonly last: Board
}): Measured['bars'] {
  const { sent, pageMs, boards, stored, last } = given
  return [
    atMost({
      id: 'B3.a',
      figure: `alerts lost, of ${given.count}, and deliveries acknowledged but not counted`,
      value: stored.missing + stored.uncounted,
      limit: 0,
      unit: 'rows',
    }),
    atMost({
      id: 'B3.b',
      figure: 'episodes beyond one of each alert, and deliveries counted more often than they were sent',
      value: stored.surplus + stored.countedTwice,
      limit: 0,
      unit: 'rows',
    }),
    atMost({
      id: 'B3.c',
      figure: 'alerts that fire although their end was told, or the other way round',
      value: stored.wrongState,
      limit: 0,
      unit: 'rows',
    }),
    atMost({
      id: 'B3.d',
      figure: `time to 202, p99 of ${sent.answerMs.length}`,
      value: quantile(sent.answerMs, 0.99),
      limit: 500,
      unit: 'ms',
    }),
    atMost({
      id: 'B3.e',
      figure: `incident page meanwhile until its record is there, p95 of ${pageMs.length}, cold`,
      value: quantile(pageMs, 0.95),
      limit: 1_000,
      unit: 'ms',
    }),
    atMost({
      id: 'B3.f',
      figure: `groups on the board of ${RULES} rules, most of ${boards.length} looks`,
      value: boards.length === 0 ? undefined : Math.max(...boards.map(({ shown }) => shown)),
      limit: MOST_GROUPS,
      unit: 'rows',
    }),
    atMost({
      id: 'B3.g',
      figure: 'difference between the alerts that the board counts in the end and those that fire',
      value: Math.abs(last.alerts - stored.firing),
      limit: 0,
      unit: 'rows',
    }),
  ]
}
