import { civilOf, DAY_MS, dayMsOf, dayText, instantsOf, minuteOf, weekdayOf } from '../platform/civil'

const HORIZON_DAYS = 400

/** Team is when people are at work: an IANA zone, workdays (1 = Monday), the hour of closing and days off. */
export type Team = {
  readonly zone: string
  readonly workdays: readonly number[]
  readonly closesAt: string
  readonly holidays: readonly string[]
}

/** An hour that does not exist reads as the one after it, an hour that comes twice as its first. */
function instantOf(day: string, minute: number, zone: string): number {
  const instants = instantsOf(day, minute, zone)
  const exact = instants.find((at) => {
    const civil = civilOf(at, zone)
    return civil.day === day && civil.minute === minute
  })
  return exact ?? Math.max(...instants)
}

/**
 * nextBusinessClose gives the hour of closing (epoch milliseconds) on the first workday after the local day of the
 * start; days off and daylight saving of the team's zone respected. Without a workday in 400 days, 400 days.
 */
export function nextBusinessClose(startMs: number, team: Team): number {
  const today = dayMsOf(civilOf(startMs, team.zone).day)
  const minute = minuteOf(team.closesAt)
  for (let days = 1; days <= HORIZON_DAYS; days += 1) {
    const dayMs = today + days * DAY_MS
    const day = dayText(dayMs)
    if (team.workdays.includes(weekdayOf(dayMs)) && !team.holidays.includes(day))
      return instantOf(day, minute, team.zone)
  }
  return startMs + HORIZON_DAYS * DAY_MS
}
