/** KINDS are what an item is meant to do, in the order of the screens. */
export const KINDS = ['prevent', 'detect', 'mitigate', 'process'] as const

/** ItemKind says what an item is meant to do: keep it from happening, see it sooner, make it hurt less, or work better together. */
export type ItemKind = (typeof KINDS)[number]

/** STATES of an item; the last two are its ends. */
export const STATES = ['open', 'done', 'dropped'] as const

/** ItemState says whether an item is still owed. */
export type ItemState = (typeof STATES)[number]

/** Day is a calendar day of UTC as `2026-11-30`. */
export type Day = string

/** Promised is what an item must say before anybody can be held to it. */
export type Promised = {
  readonly kind: ItemKind | null
  readonly ownerId: string | null
  readonly dueOn: Day | null
  readonly doneWhen: string
}

/** Missing is a part of a promise that an item does not say. */
export type Missing = 'kind' | 'owner' | 'due date' | 'done-when'

const DAY_MS = 86_400_000

/** actionItemName writes an item's number: `AI-0042`. */
export function actionItemName(number: number): string {
  return `AI-${String(number).padStart(4, '0')}`
}

/** missingOf names what an item does not say and should; empty for a whole promise. Rule A-ITM-1. */
export function missingOf({ kind, ownerId, dueOn, doneWhen }: Promised): readonly Missing[] {
  return [
    ...(kind === null ? (['kind'] as const) : []),
    ...(ownerId === null ? (['owner'] as const) : []),
    ...(dueOn === null ? (['due date'] as const) : []),
    ...(doneWhen.trim() === '' ? (['done-when'] as const) : []),
  ]
}

/** dayOf is the calendar day of UTC in which an instant lies (epoch milliseconds). */
export function dayOf(atMs: number): Day {
  return new Date(atMs).toISOString().slice(0, 10)
}

/** dayStartMs is the instant at which a day of UTC begins (epoch milliseconds). */
export function dayStartMs(day: Day): number {
  return Date.parse(`${day}T00:00:00.000Z`)
}

/** isDay tells whether a text is a calendar day that exists, between 2000 and 2199. */
export function isDay(text: string): boolean {
  if (!/^2[01]\d\d-\d\d-\d\d$/.test(text)) return false
  const atMs = dayStartMs(text)
  return Number.isFinite(atMs) && dayOf(atMs) === text
}

/** daysUntil counts from today to a day: 0 today, negative when it is past. */
export function daysUntil(day: Day, nowMs: number): number {
  return Math.round((dayStartMs(day) - dayStartMs(dayOf(nowMs))) / DAY_MS)
}

/** isOverdue tells whether an open item's day is over. Rule A-ITM-2. */
export function isOverdue(
  item: { readonly state: ItemState; readonly dueOn: Day | null },
  nowMs: number,
): boolean {
  return item.state === 'open' && item.dueOn !== null && daysUntil(item.dueOn, nowMs) < 0
}

/** dueWords says in words how an item stands to its day. */
export function dueWords(dueOn: Day, nowMs: number): string {
  const days = daysUntil(dueOn, nowMs)
  if (days === 0) return 'due today'
  const count = Math.abs(days)
  const unit = count === 1 ? 'day' : 'days'
  return days > 0 ? `due in ${count} ${unit}` : `${count} ${unit} overdue`
}
