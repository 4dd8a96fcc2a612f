import { type Day, dayOf, dayStartMs, type ItemState } from './model'

const DAY_MS = 86_400_000

/** Course is how one item came to stand as it does: state and due date after each change, oldest first. */
export type Course = readonly {
  readonly atMs: number
  readonly state: ItemState
  readonly dueOn: Day | null
}[]

/** BurnDay is how many items stood how at the end of a day (UTC), and what happened on it. */
export type BurnDay = {
  readonly day: Day
  readonly open: number
  /** overdue are among the open ones. */
  readonly overdue: number
  readonly added: number
  readonly done: number
  readonly dropped: number
}

/**
 * burnDown counts for each of the last `days` days, today included. A date that was moved counts as it was on that day;
 * an item opened again is open again. Rule A-BRN-1.
 */
export function burnDown(courses: readonly Course[], days: number, nowMs: number): readonly BurnDay[] {
  const todayMs = dayStartMs(dayOf(nowMs))
  return Array.from({ length: days }, (_, place) => {
    const startMs = todayMs - (days - 1 - place) * DAY_MS
    return dayCount(courses, startMs, Math.min(startMs + DAY_MS, nowMs + 1))
  })
}

function dayCount(courses: readonly Course[], startMs: number, endMs: number): BurnDay {
  const day = dayOf(startMs)
  const count = { open: 0, overdue: 0, added: 0, done: 0, dropped: 0 }
  for (const course of courses) {
    const [first] = course
    if (first === undefined || first.atMs >= endMs) continue
    const stood = course.findLast(({ atMs }) => atMs < endMs)
    const before = course.findLast(({ atMs }) => atMs < startMs)
    if (before === undefined) count.added += 1
    if (stood?.state === 'open') {
      count.open += 1
      if (stood.dueOn !== null && stood.dueOn < day) count.overdue += 1
      continue
    }
    if (stood !== undefined && before?.state !== stood.state) count[stood.state] += 1
  }
  return { day, ...count }
}
