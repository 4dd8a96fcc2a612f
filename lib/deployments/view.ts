import { civilOf, DAY_MS, instantsOf } from '../platform/civil'
import { type CalendarYear, yearOf } from './calendar'
import { reachOf, shareOf, unitsAt } from './exposure'
import { nameOf, type Plan, plannedMinutesOf, STATE_WORDS } from './model'
import { type Power, powerOf } from './power'
import type { Readiness } from './readiness'
import type { Situation } from './situation'
import { type Closing, type Span, spansOf, type Where } from './windows'

/** Bar is the local day of the planned start: what is open, the plan in it, and the last safe start. */
export type Bar = {
  readonly fromMs: number
  readonly toMs: number
  readonly zone: string
  readonly spans: readonly Span[]
  readonly plannedMs: number
  readonly plannedMinutes: number
  readonly reserveSeconds: number
  readonly latestMs: number | undefined
  readonly closeMs: number | undefined
}

/** YearStrip is a year in one letter a day: `o` open, `c` closed by a rule, `-` never open. */
export type YearStrip = {
  readonly year: number
  readonly days: string
  readonly closed: readonly { readonly day: string; readonly reasons: readonly string[] }[]
  readonly openDays: number
  readonly openHours: number
  readonly sharePercent: number
  /** next is the first day from now on that a rule closes. */
  readonly next: { readonly day: string; readonly reason: string } | undefined
}

/** ReachLine is how far the first step really goes at one target. */
export type ReachLine = {
  readonly target: string
  readonly plannedPercent: number
  readonly achievablePercent: number
  readonly words: string
}

/** StepReach is one step over all targets. */
export type StepReach = {
  readonly percent: number
  readonly minutes: number
  readonly lines: readonly ReachLine[]
  readonly sharePercent: number
}

const SPARE_MS = 60 * 60_000
const strips = new Map<string, CalendarYear>()

/** barOf shows the windows of the planned day, an hour before and after. */
export function barOf(situation: Situation, readiness: Readiness): Bar {
  const { plan, service, where, nowMs } = situation
  const { zone } = where.policy
  const plannedMs = Math.max(Date.parse(plan.window.startAt), Math.min(nowMs, Date.parse(plan.window.endAt)))
  const { day } = civilOf(plannedMs, zone)
  const dayFrom = instantsOf(day, 0, zone)[0] ?? plannedMs
  const open = spansOf(dayFrom, dayFrom + DAY_MS, { ...where, incidents: [], freezes: [] }).find(
    ({ closings, toMs }) => closings.length === 0 && toMs > plannedMs,
  )
  const ends = plannedMs + plannedMinutesOf(plan) * 60_000 + service.rollback.budgetSeconds * 1_000
  const fromMs = Math.min(open?.fromMs ?? plannedMs, plannedMs) - SPARE_MS
  const toMs = Math.max(open?.toMs ?? ends, ends) + SPARE_MS
  return {
    fromMs,
    toMs,
    zone,
    spans: spansOf(fromMs, toMs, where),
    plannedMs,
    plannedMinutes: plannedMinutesOf(plan),
    reserveSeconds: service.rollback.budgetSeconds,
    latestMs: readiness.latestSafeStartMs,
    closeMs: readiness.closeMs,
  }
}

/** stripOf gives a year's strip; it is computed once for the same rules and freezes. */
export function stripOf(year: number, where: Where, nowMs: number): YearStrip {
  const key = JSON.stringify([year, where.service, where.environment, where.policy, where.freezes])
  let calendar = strips.get(key)
  if (!calendar) {
    if (strips.size > 40) strips.clear()
    calendar = yearOf(year, where)
    strips.set(key, calendar)
  }
  const today = civilOf(nowMs, where.policy.zone).day
  const closed = calendar.days
    .filter((it) => it.closings.length > 0)
    .map(({ day, closings }) => ({ day, reasons: closings.map(({ reason }) => reason) }))
  const next = closed.find(({ day }) => day >= today)
  return {
    year,
    days: calendar.days.map(letterOf).join(''),
    closed,
    openDays: calendar.openDays,
    openHours: calendar.openHours,
    sharePercent: calendar.share * 100,
    next: next ? { day: next.day, reason: next.reasons[0] ?? '' } : undefined,
  }
}

function letterOf({ openMinutes, closings }: { openMinutes: number; closings: readonly Closing[] }): string {
  if (openMinutes > 0) return 'o'
  return closings.length > 0 ? 'c' : '-'
}

/** reachesOf gives every step's honest exposure; undefined while the number of units is not known. */
export function reachesOf({ plan, looks }: Situation): readonly StepReach[] | undefined {
  if (looks?.place.kind !== 'known') return undefined
  const place = looks.place.value
  const units = plan.targets.map((target) => Math.max(1, unitsAt(target, plan, place)))
  return stepsOf(plan).map(({ percent, minutes }) => {
    const reaches = plan.targets.map((target, at) => reachOf(target, units[at] ?? 1, percent))
    return {
      percent,
      minutes,
      lines: reaches.map((it) => ({
        target: it.target,
        plannedPercent: it.planned * 100,
        achievablePercent: it.achievable * 100,
        words: it.words,
      })),
      sharePercent: shareOf(reaches, units) * 100,
    }
  })
}

function stepsOf(plan: Plan): Plan['steps'] {
  return plan.isAtOnce ? plan.steps.slice(-1) : plan.steps
}

/** PowerView is what the first step can show, and where its traffic was taken from. */
export type PowerView = Power & {
  readonly percent: number
  readonly minutes: number
  readonly requestsPerMinute: number
  readonly basis: 'measured' | 'written down'
  readonly baselinePercent: number
}

/** powerViewOf computes the power of the first step from measured traffic, or from what the definition says. */
export function powerViewOf(
  situation: Situation,
  reaches: readonly StepReach[] | undefined,
): PowerView | undefined {
  const { looks, service } = situation
  const measured = looks?.signals.kind === 'known' ? looks.signals.value.requestsPerMinute : undefined
  const requestsPerMinute = measured ?? service.traffic?.requestsPerMinute
  const first = reaches?.[0]
  if (requestsPerMinute === undefined || first === undefined) return undefined
  const baselinePercent = service.baselineErrorPercent
  const power = powerOf({
    requestsPerMinute,
    share: first.sharePercent / 100,
    minutes: first.minutes,
    baselinePercent,
  })
  return {
    ...power,
    percent: first.percent,
    minutes: first.minutes,
    requestsPerMinute,
    basis: measured === undefined ? 'written down' : 'measured',
    baselinePercent,
  }
}

/** BoardRow is a deployment on the board and in the calendar. */
export type BoardRow = {
  readonly number: number
  readonly name: string
  readonly title: string
  readonly service: string
  readonly environment: string
  readonly state: string
  readonly stateWords: string
  readonly stateWhy: string
  readonly requester: string
  readonly startAtMs: number
  readonly endAtMs: number
  readonly isReady: boolean | undefined
  readonly unmet: readonly string[]
  readonly blockedBy: string
}

/** boardRow makes a row of the board; readiness is asked only of what waits. */
export function boardRow(
  row: {
    readonly number: number
    readonly title: string
    readonly service: string
    readonly environment: string
    readonly state: keyof typeof STATE_WORDS
    readonly stateWhy: string
    readonly requester: string
    readonly plannedStartAt: Date
    readonly plannedMinutes: number
    readonly startedAt: Date | null
    readonly endedAt: Date | null
  },
  readiness: Readiness | undefined,
): BoardRow {
  const startAtMs = (row.startedAt ?? row.plannedStartAt).getTime()
  const lock = readiness?.unmet.find(({ id }) => id === 'lock')
  return {
    number: row.number,
    name: nameOf(row.number),
    title: row.title,
    service: row.service,
    environment: row.environment,
    state: row.state,
    stateWords: STATE_WORDS[row.state],
    stateWhy: row.stateWhy,
    requester: row.requester,
    startAtMs,
    endAtMs: row.endedAt?.getTime() ?? startAtMs + row.plannedMinutes * 60_000,
    isReady: readiness?.isApprovable,
    unmet: (readiness?.unmet ?? []).filter(({ stage }) => stage === 'approve').map(({ title }) => title),
    blockedBy: lock?.title ?? '',
  }
}
