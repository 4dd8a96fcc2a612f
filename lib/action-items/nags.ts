import { type Day, dayStartMs } from './model'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** NAG_HOUR_UTC is the hour of the day (UTC) at which nags are given. */
export const NAG_HOUR_UTC = 8

/** Step is one nag of a due date: two days before, on the day, and each week after it. */
export type Step = 'before' | 'due' | `week-${number}`

/** NagItem is an open item as the nags see it; instants are epoch milliseconds. */
export type NagItem = {
  readonly dueOn: Day
  /** setAtMs is since when the date stands. */
  readonly setAtMs: number
}

/** stepAtMs is when a step of a due date is given. */
export function stepAtMs(step: Step, dueOn: Day): number {
  const dueMs = dayStartMs(dueOn) + NAG_HOUR_UTC * HOUR_MS
  if (step === 'before') return dueMs - 2 * DAY_MS
  if (step === 'due') return dueMs
  return dueMs + Number(step.slice('week-'.length)) * 7 * DAY_MS
}

/**
 * stepDue gives the newest step whose time has come: after a pause the ones before it are passed over. Undefined before
 * the first, and while the newest lies before the date was set. Rules A-NAG of docs/rules/action-items.md.
 */
export function stepDue(item: NagItem, nowMs: number): Step | undefined {
  const step = newest(item.dueOn, nowMs)
  if (step === undefined || stepAtMs(step, item.dueOn) < item.setAtMs) return undefined
  return step
}

function newest(dueOn: Day, nowMs: number): Step | undefined {
  if (nowMs < stepAtMs('before', dueOn)) return undefined
  if (nowMs < stepAtMs('due', dueOn)) return 'before'
  const weeks = Math.floor((nowMs - stepAtMs('due', dueOn)) / (7 * DAY_MS))
  return weeks === 0 ? 'due' : `week-${weeks}`
}

/** Nagged is a person whom a nag may reach. */
export type Nagged = { readonly id: string; readonly isManager: boolean; readonly isDisabled: boolean }

/**
 * naggedOf chooses whom a step is for: the owner until the date, the managers as well once it is a week past, and the
 * managers alone where nobody owns the item or its owner's account is disabled.
 */
export function naggedOf(step: Step, ownerId: string | null, people: readonly Nagged[]): readonly string[] {
  const able = people.filter((person) => !person.isDisabled)
  const owner = able.filter(({ id }) => id === ownerId)
  const managers = able.filter(({ isManager, id }) => isManager && id !== ownerId)
  const isLate = step !== 'before' && step !== 'due'
  return [...owner, ...(isLate || owner.length === 0 ? managers : [])].map(({ id }) => id)
}
