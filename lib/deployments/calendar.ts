import { DAY_MS, dayText, instantsOf } from '../platform/civil'
import { type Closing, spansOf, type Where } from './windows'

/** CalendarDay is one civil day of the zone of the windows: how long it is open, and what closes it. */
export type CalendarDay = {
  readonly day: string
  readonly openMinutes: number
  /** closings are the rules that close hours in which the windows would be open, e.g. a holiday. */
  readonly closings: readonly Closing[]
}

/** CalendarYear is a year of days with its sums; `share` is of all hours. */
export type CalendarYear = {
  readonly year: number
  readonly days: readonly CalendarDay[]
  readonly openDays: number
  readonly openHours: number
  readonly share: number
}

/** yearOf gives every day of a year with its open minutes and the rules that close it; open incidents are left out, for they end. */
export function yearOf(year: number, where: Where): CalendarYear {
  const calm = { ...where, incidents: [] }
  const { zone } = where.policy
  const days: CalendarDay[] = []
  for (let dayMs = Date.UTC(year, 0, 1); dayMs < Date.UTC(year + 1, 0, 1); dayMs += DAY_MS)
    days.push(dayOf(dayText(dayMs), dayText(dayMs + DAY_MS), zone, calm))
  const openMinutes = days.reduce((sum, it) => sum + it.openMinutes, 0)
  const openHours = openMinutes / 60
  return {
    year,
    days,
    openDays: days.filter((it) => it.openMinutes > 0).length,
    openHours,
    share: openHours / (days.length * 24),
  }
}

function dayOf(day: string, next: string, zone: string, where: Where): CalendarDay {
  const fromMs = instantsOf(day, 0, zone)[0] ?? 0
  const toMs = instantsOf(next, 0, zone)[0] ?? fromMs
  const spans = spansOf(fromMs, toMs, where)
  const openMs = spans.reduce((sum, it) => sum + (it.closings.length === 0 ? it.toMs - it.fromMs : 0), 0)
  const would = spans.filter(({ closings }) => closings.every(({ kind }) => kind !== 'no-window'))
  const named = new Map(would.flatMap(({ closings }) => closings).map((it) => [it.rule, it]))
  return { day, openMinutes: Math.round(openMs / 60_000), closings: [...named.values()] }
}
