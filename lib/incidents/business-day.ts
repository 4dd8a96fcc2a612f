const DAY_MS = 86_400_000
const HORIZON_DAYS = 400
const formats = new Map<string, Intl.DateTimeFormat>()

/** Team is when people are at work: an IANA zone, workdays (1 = Monday), the hour of closing and days off. */
export type Team = {
  readonly zone: string
  readonly workdays: readonly number[]
  readonly closesAt: string
  readonly holidays: readonly string[]
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

/** Wall time of an instant, as if it were UTC. */
function wallMs(atMs: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(atMs)
  const part = (type: string): number => Number(parts.find((it) => it.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

/** An hour that does not exist reads as the one after it, an hour that comes twice as its first. */
function instantOf(wall: number, zone: string): number {
  const before = wall - (wallMs(wall - DAY_MS, zone) - (wall - DAY_MS))
  const after = wall - (wallMs(wall + DAY_MS, zone) - (wall + DAY_MS))
  if (wallMs(before, zone) === wall) return before
  return wallMs(after, zone) === wall ? after : Math.max(before, after)
}

/**
 * nextBusinessClose gives the hour of closing (epoch milliseconds) on the first workday after the local day of the
 * start; days off and daylight saving of the team's zone respected. Without a workday in 400 days, 400 days.
 */
export function nextBusinessClose(startMs: number, team: Team): number {
  const today = Math.floor(wallMs(startMs, team.zone) / DAY_MS) * DAY_MS
  const [hour = 0, minute = 0] = team.closesAt.split(':').map(Number)
  for (let days = 1; days <= HORIZON_DAYS; days += 1) {
    const dayMs = today + days * DAY_MS
    const weekday = new Date(dayMs).getUTCDay() || 7
    const isOff = team.holidays.includes(new Date(dayMs).toISOString().slice(0, 10))
    if (team.workdays.includes(weekday) && !isOff)
      return instantOf(dayMs + (hour * 60 + minute) * 60_000, team.zone)
  }
  return startMs + HORIZON_DAYS * DAY_MS
}
