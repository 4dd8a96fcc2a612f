/** DAY_MS is a day of 24 hours in milliseconds. */
export const DAY_MS = 86_400_000

/** Civil is an instant in a zone: its day (`YYYY-MM-DD`), the weekday (1 = Monday) and the minute of the local day. */
export type Civil = { readonly day: string; readonly weekday: number; readonly minute: number }

const KEPT = 5_000
const formats = new Map<string, Intl.DateTimeFormat>()
const dayOffsets = new Map<string, number | undefined>()

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

function measured(atMs: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(atMs)
  const part = (type: string): number => Number(parts.find((it) => it.type === type)?.value)
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return wall - Math.floor(atMs / 1_000) * 1_000
}

/** offsetMs is how far a zone is from UTC at an instant. */
export function offsetMs(atMs: number, zone: string): number {
  const day = Math.floor(atMs / DAY_MS)
  const key = `${zone} ${day}`
  if (!dayOffsets.has(key)) {
    if (dayOffsets.size > KEPT) dayOffsets.clear()
    const first = measured(day * DAY_MS, zone)
    // A day on which the clocks change is measured each time.
    dayOffsets.set(key, first === measured((day + 1) * DAY_MS - 1_000, zone) ? first : undefined)
  }
  return dayOffsets.get(key) ?? measured(atMs, zone)
}

/** civilOf gives the local day, weekday and minute of an instant. */
export function civilOf(atMs: number, zone: string): Civil {
  const wall = atMs + offsetMs(atMs, zone)
  const dayMs = Math.floor(wall / DAY_MS) * DAY_MS
  return { day: dayText(dayMs), weekday: weekdayOf(dayMs), minute: Math.floor((wall - dayMs) / 60_000) }
}

/** dayText is the `YYYY-MM-DD` of midnight UTC of a civil day. */
export function dayText(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10)
}

/** dayMsOf is midnight UTC of a civil day, for counting days. */
export function dayMsOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** weekdayOf counts from 1 = Monday to 7 = Sunday. */
export function weekdayOf(dayMs: number): number {
  return new Date(dayMs).getUTCDay() || 7
}

/** minuteOf is the minute of a wall time such as `14:00`; `24:00` is 1,440. */
export function minuteOf(wall: string): number {
  const [hour = 0, minute = 0] = wall.split(':').map(Number)
  return hour * 60 + minute
}

/** instantsOf gives every instant that a wall time may mean on a civil day: one, two when the hour comes twice, and two guesses when it does not exist. */
export function instantsOf(day: string, minute: number, zone: string): readonly number[] {
  const wall = dayMsOf(day) + minute * 60_000
  const before = wall - offsetMs(wall - DAY_MS, zone)
  const after = wall - offsetMs(wall + DAY_MS, zone)
  return before === after ? [before] : [before, after]
}

/** clockChange gives the instant in a civil day at which its clocks change; undefined on all other days. */
export function clockChange(day: string, zone: string): number | undefined {
  let low = dayMsOf(day) - DAY_MS
  let high = dayMsOf(day) + 2 * DAY_MS
  const from = offsetMs(low, zone)
  if (from === offsetMs(high, zone)) return undefined
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000
    if (offsetMs(middle, zone) === from) low = middle
    else high = middle
  }
  return high
}
