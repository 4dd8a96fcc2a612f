import type { BrowserContext } from '@playwright/test'
import { findBrowser } from '../../scripts/lib/browser.mjs'
import { type BenchAlert, benchAlert, HOOK_ENVIRONMENT } from '../alert-posts'
import { type Balancer, startBalancer } from '../balancer'
import { type Chrome, readyMs, startChrome } from '../browser'
import { monotonicMs, pause, progress, until } from '../clock'
import { callerOf, declareIncident, runQuery } from '../commands'
import { rigGroups, watchCpu } from '../cpu'
import { type Crew, startCrew } from '../crew'
import { quantile } from '../numbers'
import { atMost, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import { judgeStored, type Stored, type StoredAlert } from '../storm-judge'
import { planStorm, postsOf, randomFrom, type StormPlan } from '../storm-plan'
import { type Sent, sendStorm } from '../storm-senders'
import type { Measured, Suite } from '../suite'

const ALERTS_PER_MINUTE = 10_000
const RULES = 120
const SENDERS = 12
const MOST_GROUPS = 50
const PAGE_EVERY_MS = 2_000
const PAGE_WITHIN_MS = 10_000
const BOARD_EVERY_MS = 3_000
const DRAIN_WITHIN_MS = 120_000
const RECORD_IS_THERE = `document.querySelectorAll('main ol[aria-label^="Entries"] > li').length > 0`

type Shape = { readonly spanMs: number; readonly killEveryMs: number }

/** storm sends 10,000 distinct alerts a minute, many times each, while processes are killed, and counts what arrived (bar B3). */
export const storm: Suite = {
  name: 'storm',
  workload: `${ALERTS_PER_MINUTE} distinct alerts a minute of ${RULES} rules, each delivered one to five times, shuffled, 5 % late, 30 % with their end (some before their beginning), in posts of 1 to 50 by ${SENDERS} senders that try again as Alertmanager does; two web processes behind a balancer that asks whether they are ready, and two workers; one of the four killed with SIGKILL in turn and started anew at once; a browser that knows the console opens the incident page in a new tab all the while`,
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
    let balancer: Balancer | undefined
    try {
      if (await findBrowser()) chrome = await startChrome()
      const shape = quick ? { spanMs: 24_000, killEveryMs: 6_000 } : { spanMs: 300_000, killEveryMs: 20_000 }
      const crew = await startCrew(rig)
      balancer = await startBalancer(crew.bases)
      return await measure({ rig, chrome, crew, balancer, shape })
    } finally {
      await chrome?.browser.close()
      await balancer?.stop()
      await rig.stop()
    }
  },
}

async function measure(given: {
  readonly rig: Rig
  readonly chrome: Chrome | undefined
  readonly crew: Crew
  readonly balancer: Balancer
  readonly shape: Shape
}): Promise<Measured> {
  const { rig, chrome, crew, balancer, shape } = given
  const ana = { ...callerOf(rig), cookie: await signIn(rig.base, 'ana') }
  const { name } = await declareIncident(ana, 'Alert storm over the whole fleet')
  const random = randomFrom(20_261_121)
  const count = Math.round((ALERTS_PER_MINUTE * shape.spanMs) / 60_000)
  const startMs = Date.now() - count
  const alerts = Array.from({ length: count }, (_, number) => benchAlert(number, { rules: RULES, startMs }))
  const plan = planStorm({ alerts: count, spanMs: shape.spanMs, lateShare: 0.05, resolvedShare: 0.3, random })
  const posts = postsOf(plan.deliveries, random)
  progress(`${plan.deliveries.length} deliveries of ${count} alerts in ${posts.length} posts`)
  const visit = chrome && {
    context: await chrome.visit({ base: balancer.base, cookie: rig.cookie }),
    base: balancer.base,
    name,
  }
  if (visit) for (const _ of crew.bases) await openPage(visit)
  let isOver = false
  const over = (): boolean => isOver
  const cpu = await watchCpu({ simulator: rigGroups(rig).simulator, postgres: rigGroups(rig).postgres })
  const [sent, strikes, pageMs, boards] = await Promise.all([
    sendStorm({
      posts,
      alerts,
      base: balancer.base,
      senders: SENDERS,
      endsAt: new Date().toISOString(),
    }).finally(() => {
      isOver = true
    }),
    strikeAll(crew, shape, over),
    visit ? watchPage(visit, over) : [],
    watchBoard(rig, balancer.base, over),
  ])
  const cpuPercentOfCore = await cpu.percentOfCore()
  const drainedMs = await drained(rig)
  const stored = await compare(rig, { alerts, plan, sent })
  const last = await boardOf(rig, balancer.base, { source: 'alertmanager' })
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

type Visit = { readonly context: BrowserContext; readonly base: string; readonly name: string }

async function openPage({ context, base, name }: Visit): Promise<number> {
  const page = await context.newPage()
  const startedMs = monotonicMs()
  try {
    await page.goto(`${base}/incidents/${name}`, { waitUntil: 'commit', timeout: PAGE_WITHIN_MS })
    await readyMs(page, RECORD_IS_THERE, PAGE_WITHIN_MS)
  } catch (error) {
    progress(`the incident page did not come: ${String(error).split('\n')[0]}`)
    return PAGE_WITHIN_MS
  } finally {
    await page.close()
  }
  return monotonicMs() - startedMs
}

async function watchPage(visit: Visit, over: () => boolean): Promise<readonly number[]> {
  const took: number[] = []
  while (!over()) {
    const startedMs = monotonicMs()
    took.push(await openPage(visit))
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

async function watchBoard(rig: Rig, base: string, over: () => boolean): Promise<readonly Board[]> {
  const seen: Board[] = []
  while (!over()) {
    const board = await boardOf(rig, base).catch(() => undefined)
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

async function compare(
  rig: Rig,
  given: { readonly alerts: readonly BenchAlert[]; readonly plan: StormPlan; readonly sent: Sent },
): Promise<Stored> {
  const { rows } = await rig.database.pool.query<Omit<StoredAlert, 'number'> & { readonly number: string }>(
    `SELECT labels ->> 'number' AS number, status, seen, starts_at AS "startsAt"
     FROM alert WHERE source = 'alertmanager'`,
  )
  return judgeStored(
    rows.map((row) => ({ ...row, number: Number(row.number) })),
    given,
  )
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
      figure: `incident page meanwhile until its record is there, p95 of ${pageMs.length}`,
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
