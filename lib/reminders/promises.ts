import type { RemindersPolicy } from './policy'

const MINUTE_MS = 60_000

/** Audience is who was promised an update. */
export type Audience = 'internal' | 'public' | 'executive'

/** Told is one update that was sent, with the time of the next one that it promised; instants are epoch milliseconds. */
export type Told = {
  readonly audience: Audience
  readonly atMs: number
  /** nextAtMs is null when nothing was promised: the incident is over, or the update was only recorded here. */
  readonly nextAtMs: number | null
}

/** Telling is what the reminders read of an incident's record, oldest first. */
export type Telling = {
  readonly isDrill: boolean
  /** isRestricted is true where only named people know of the incident: no channel hears of it. */
  readonly isRestricted: boolean
  /** isOver is true once the incident is resolved: then no further update is owed by promise. */
  readonly isOver: boolean
  readonly told: readonly Told[]
}

/** Promise is an update promised for one instant to one or more audiences, and not sent yet. */
export type OpenPromise = {
  readonly dueAtMs: number
  readonly audiences: readonly Audience[]
  /** toldAtMs is when the last of these audiences heard of it. */
  readonly toldAtMs: number
}

/** STEPS are what follows a promise that is not kept, in order. */
export const STEPS = ['nudge', 'mention', 'page', 'public'] as const

/** Step is one of the four: a private nudge, a mention in the channel, an event for the pager, a line on the public page. */
export type Step = (typeof STEPS)[number]

/** Due is a step whose time has come; it is `passed` over when a later one that says more is due as well. */
export type Due = {
  readonly dueAtMs: number
  readonly step: Step
  readonly audiences: readonly Audience[]
  readonly outcome: 'fired' | 'passed'
}

/** promisesOf gives what is promised and not sent, next due first: each audience's newest update counts. Rules R-PRO. */
export function promisesOf({ isOver, told }: Telling): readonly OpenPromise[] {
  if (isOver) return []
  const newest = new Map<Audience, Told>()
  for (const one of told) {
    const held = newest.get(one.audience)
    if (held === undefined || one.atMs >= held.atMs) newest.set(one.audience, one)
  }
  const byDue = new Map<number, Told[]>()
  for (const one of newest.values())
    if (one.nextAtMs !== null) byDue.set(one.nextAtMs, [...(byDue.get(one.nextAtMs) ?? []), one])
  return [...byDue]
    .map(([dueAtMs, ones]) => ({
      dueAtMs,
      audiences: ones.map((one) => one.audience).sort(),
      toldAtMs: Math.max(...ones.map((one) => one.atMs)),
    }))
    .sort((a, b) => a.dueAtMs - b.dueAtMs)
}

/** stepAtMs is when a step follows a promise that is due then. */
export function stepAtMs(step: Step, dueAtMs: number, policy: RemindersPolicy): number {
  switch (step) {
    case 'nudge':
      return dueAtMs - policy.nudgeMinutesBefore * MINUTE_MS
    case 'mention':
      return dueAtMs + policy.mentionMinutesAfter * MINUTE_MS
    case 'page':
      return dueAtMs + policy.pageMinutesAfter * MINUTE_MS
    case 'public':
      return dueAtMs + policy.publicMinutesAfter * MINUTE_MS
  }
}

/** dueSteps gives the steps whose time has come and that are not among `done` (`<due ms>:<step>`); rules R-STEP. */
export function dueSteps(
  telling: Telling,
  options: { readonly policy: RemindersPolicy; readonly done: ReadonlySet<string>; readonly nowMs: number },
): readonly Due[] {
  const { policy, done, nowMs } = options
  return promisesOf(telling).flatMap((promise) =>
    STEPS.filter((step) => appliesTo(step, promise, telling))
      .filter((step) => nowMs >= stepAtMs(step, promise.dueAtMs, policy))
      .filter((step) => !done.has(stepKey(promise.dueAtMs, step)))
      .map((step) => ({
        dueAtMs: promise.dueAtMs,
        step,
        audiences: promise.audiences,
        outcome: step === 'nudge' && nowMs >= promise.dueAtMs ? ('passed' as const) : ('fired' as const),
      })),
  )
}

/** stepKey names a step of a promise. */
export function stepKey(dueAtMs: number, step: Step): string {
  return `${dueAtMs}:${step}`
}

function appliesTo(step: Step, promise: OpenPromise, { isDrill, isRestricted }: Telling): boolean {
  switch (step) {
    case 'nudge':
      return true
    case 'mention':
      return !isRestricted
    case 'page':
      return !isDrill && !isRestricted
    case 'public':
      return !isDrill && !isRestricted && promise.audiences.includes('public')
  }
}

/** isKept tells whether a promise of that instant is no longer open: an update followed, or the incident is over. */
export function isKept(telling: Telling, dueAtMs: number): boolean {
  return !promisesOf(telling).some((promise) => promise.dueAtMs === dueAtMs)
}
