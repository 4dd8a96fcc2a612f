import { DAY_MS, dayText, weekdayOf } from '../platform/civil'

type Named = { readonly day: string; readonly name: string }

const years = new Map<number, ReadonlyMap<string, string>>()

function nth(year: number, month: number, weekday: number, count: number): number {
  const first = Date.UTC(year, month - 1, 1)
  const ahead = (weekday - weekdayOf(first) + 7) % 7
  return first + (ahead + (count - 1) * 7) * DAY_MS
}

function lastMonday(year: number, month: number): number {
  const last = Date.UTC(year, month, 0)
  return last - ((weekdayOf(last) + 6) % 7) * DAY_MS
}

function observed(dayMs: number): number {
  const weekday = weekdayOf(dayMs)
  if (weekday === 6) return dayMs - DAY_MS
  return weekday === 7 ? dayMs + DAY_MS : dayMs
}

function fixed(year: number, month: number, day: number, name: string): readonly Named[] {
  const dayMs = Date.UTC(year, month - 1, day)
  const off = observed(dayMs)
  return off === dayMs
    ? [{ day: dayText(dayMs), name }]
    : [
        { day: dayText(dayMs), name },
        { day: dayText(off), name: `${name}, observed` },
      ]
}

function of(dayMs: number, name: string): Named {
  return { day: dayText(dayMs), name }
}

/** The eleven days of 5 U.S.C. 6103; New Year's Day of the next year may be observed in this one. */
function namedDays(year: number): readonly Named[] {
  return [
    ...fixed(year, 1, 1, 'New Year’s Day'),
    of(nth(year, 1, 1, 3), 'Martin Luther King Day'),
    of(nth(year, 2, 1, 3), 'Washington’s Birthday'),
    of(lastMonday(year, 5), 'Memorial Day'),
    ...fixed(year, 6, 19, 'Juneteenth'),
    ...fixed(year, 7, 4, 'Independence Day'),
    of(nth(year, 9, 1, 1), 'Labor Day'),
    of(nth(year, 10, 1, 2), 'Columbus Day'),
    ...fixed(year, 11, 11, 'Veterans Day'),
    of(nth(year, 11, 4, 4), 'Thanksgiving'),
    ...fixed(year, 12, 25, 'Christmas Day'),
    ...fixed(year + 1, 1, 1, 'New Year’s Day'),
  ]
}

/** holidayOf names the federal holiday of the United States on a civil day, the day it is observed included. */
export function holidayOf(day: string): string | undefined {
  const year = Number(day.slice(0, 4))
  const known = years.get(year)
  if (known) return known.get(day)
  const made = new Map(namedDays(year).map((it) => [it.day, it.name]))
  years.set(year, made)
  return made.get(day)
}

/** isBusinessDay is Monday to Friday without federal holidays. */
export function isBusinessDay(dayMs: number): boolean {
  return weekdayOf(dayMs) <= 5 && holidayOf(dayText(dayMs)) === undefined
}
