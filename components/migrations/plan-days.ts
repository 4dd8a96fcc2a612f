const DAY_MS = 86_400_000

/** daysOfWeeks gives the calendar days that a span of weeks covers from the first day on, e.g. `12-01 to 12-14`. */
export function daysOfWeeks(startsOn: string, weeks: readonly number[]): string {
  const first = Date.parse(`${startsOn}T00:00:00Z`)
  const day = (offset: number): string => new Date(first + offset * DAY_MS).toISOString().slice(0, 10)
  const [from = 1, to = from] = weeks
  return `${day((from - 1) * 7)} to ${day(to * 7 - 1)}`
}
