import type { QueueObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { timeOf, unread, usable } from './evidence'
import { durationWords } from './words'

/** QueueState names what a queue is doing; it is the `state` of a QueueRow. */
export type QueueState =
  | 'unknown'
  | 'idle'
  | 'busy'
  | 'backlogged'
  | 'stalled'
  | 'no-workers'
  | 'throttled'
  | 'never-seen'

/** QueueRating is a queue's state and verdict with the count of fresh pollers (undefined = not readable). */
export type QueueRating = {
  readonly state: QueueState
  readonly verdict: Verdict
  readonly freshPollers?: number
}

/** QueueMemory holds since when the queue grows or stands still; epoch ms, 0 = not so. */
export type QueueMemory = { readonly growingSince: number; readonly stillSince: number }

/** QueueInput is one queue of one type with the memory of the look before (undefined at the first). */
export type QueueInput = {
  readonly queue: QueueObservation
  readonly memory: QueueMemory | undefined
  readonly policy: HealthPolicy
  readonly now: Date
}

/** rateQueue judges a queue by backlog age, growth and fresh pollers; an unread backlog is never zero. */
export function rateQueue(input: QueueInput): QueueRating & { readonly memory: QueueMemory } {
  const look = lookAt(input)
  const memory = remember(input.memory ?? AT_REST, look)
  const judged = judge(input, look, memory)
  return look.freshPollers === undefined
    ? { ...judged, memory }
    : { ...judged, freshPollers: look.freshPollers, memory }
}

function freshPollerCount(input: {
  readonly queue: QueueObservation
  readonly policy: HealthPolicy
  readonly now: Date
}): number | undefined {
  const nowMs = input.now.getTime()
  const pollers = usable(input.queue.pollers, nowMs, input.policy.freshness.temporalMaxAgeSeconds * 1000)
  const freshMs = input.policy.queue.freshPollerSeconds * 1000
  return pollers?.reduce((sum, poller) => (nowMs - poller.lastAt.getTime() <= freshMs ? sum + 1 : sum), 0)
}

type Look = {
  readonly at: number
  readonly nowMs: number
  readonly backlog: number | undefined
  readonly oldest: number | undefined
  readonly growing: boolean | undefined
  readonly still: boolean | undefined
  readonly throttled: boolean | undefined
  readonly freshPollers: number | undefined
}

const AT_REST: QueueMemory = { growingSince: 0, stillSince: 0 }

const NEVER_SEEN: Verdict = {
  rating: 'warning',
  code: 'queue.never-seen',
  reason: 'No poller and no task was ever seen here: is the name right?',
  action: 'Compare the configured name with the one the workers poll.',
}
const IDLE: Verdict = { rating: 'clear', code: 'queue.idle', reason: 'Nothing waits and workers poll' }
const BUSY: Verdict = { rating: 'clear', code: 'queue.busy', reason: 'Work is taken as fast as it arrives' }
const GROWING: Verdict = {
  rating: 'clear',
  code: 'queue.growing',
  reason: 'More arrives than is taken, but not for long yet',
}
const NO_WORKERS: Verdict = {
  rating: 'warning',
  code: 'queue.no-workers',
  reason: 'Nothing waits, and no worker polls',
  action: 'Look at the supervisor of the instances that should poll.',
}
const NO_WORKERS_BACKLOG: Verdict = {
  rating: 'breach',
  code: 'queue.no-workers',
  reason: 'Work waits and no worker polls',
  action: 'Look at the supervisor of the instances that should poll.',
}
const THROTTLED: Verdict = {
  rating: 'warning',
  code: 'queue.rate-limited',
  reason: 'Rate limiting holds this queue back: more workers will not help',
  action: 'Raise the limit.',
}

function lookAt({ queue, policy, now }: QueueInput): Look {
  const nowMs = now.getTime()
  const maxAgeMs = policy.freshness.temporalMaxAgeSeconds * 1000
  const add = usable(queue.addPerSecond, nowMs, maxAgeMs)
  const dispatch = usable(queue.dispatchPerSecond, nowMs, maxAgeMs)
  return {
    at: timeOf(queue.backlog),
    nowMs,
    backlog: usable(queue.backlog, nowMs, maxAgeMs),
    oldest: usable(queue.oldestSeconds, nowMs, maxAgeMs),
    growing: add === undefined || dispatch === undefined ? undefined : add > dispatch,
    still: dispatch === undefined ? undefined : dispatch === 0,
    throttled: usable(queue.rateLimited, nowMs, maxAgeMs),
    freshPollers: freshPollerCount({ queue, policy, now }),
  }
}

// An unread rate keeps the clock: only a known opposite resets it.
function remember(before: QueueMemory, look: Look): QueueMemory {
  const waits = look.backlog === undefined ? undefined : look.backlog > 0
  const growingSince = since(before.growingSince, both(waits, look.growing), look.at)
  const stillSince = since(before.stillSince, both(waits, look.still), look.at)
  return growingSince === before.growingSince && stillSince === before.stillSince
    ? before
    : { growingSince, stillSince }
}

function both(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === false || right === false) return false
  return left === undefined || right === undefined ? undefined : true
}

function since(before: number, holds: boolean | undefined, at: number): number {
  if (holds === undefined) return before
  if (!holds) return 0
  return before === 0 ? at : before
}

function held(since: number, at: number, holdSeconds: number): boolean {
  return since > 0 && at - since >= holdSeconds * 1000
}

function judge(
  { queue, policy }: QueueInput,
  look: Look,
  memory: QueueMemory,
): { readonly state: QueueState; readonly verdict: Verdict } {
  const { backlog, freshPollers } = look
  if (backlog === undefined) {
    const maxAgeMs = policy.freshness.temporalMaxAgeSeconds * 1000
    const reading = queue.backlog
    return {
      state: 'unknown',
      verdict: unread({ reading, subject: 'backlog', code: 'queue', nowMs: look.nowMs, maxAgeMs }),
    }
  }
  const listed = queue.pollers.kind === 'known' ? queue.pollers.value.length : undefined
  if (!queue.everSeen && backlog === 0 && listed === 0) return { state: 'never-seen', verdict: NEVER_SEEN }
  if (look.throttled) return { state: 'throttled', verdict: THROTTLED }
  if (backlog === 0) return judgeEmpty(queue, look)
  const stillHeld = held(memory.stillSince, look.at, policy.queue.stalledHoldSeconds)
  if (stillHeld && freshPollers === 0) return { state: 'stalled', verdict: stalled(policy) }
  if (freshPollers === 0) return { state: 'no-workers', verdict: NO_WORKERS_BACKLOG }
  const late = lateness(look, memory, policy)
  if (late) return { state: 'backlogged', verdict: late }
  return judgeBusy(queue, look, policy)
}

function judgeEmpty(queue: QueueObservation, look: Look): { state: QueueState; verdict: Verdict } {
  if (look.freshPollers === undefined) return { state: 'unknown', verdict: pollersUnread(queue) }
  return look.freshPollers > 0
    ? { state: 'idle', verdict: IDLE }
    : { state: 'no-workers', verdict: NO_WORKERS }
}

function judgeBusy(
  queue: QueueObservation,
  look: Look,
  policy: HealthPolicy,
): { state: QueueState; verdict: Verdict } {
  if (look.freshPollers === undefined) return { state: 'unknown', verdict: pollersUnread(queue) }
  if (look.oldest === undefined) {
    const maxAgeMs = policy.freshness.temporalMaxAgeSeconds * 1000
    const reading = queue.oldestSeconds
    const verdict = unread({
      reading,
      subject: 'age of the oldest task',
      code: 'queue.age',
      nowMs: look.nowMs,
      maxAgeMs,
    })
    return { state: 'busy', verdict }
  }
  return { state: 'busy', verdict: look.growing ? GROWING : BUSY }
}

function pollersUnread(queue: QueueObservation): Verdict {
  const reading = queue.pollers
  return unread({ reading, subject: 'pollers', code: 'queue.pollers', nowMs: 0, maxAgeMs: 0 })
}

function stalled(policy: HealthPolicy): Verdict {
  return {
    rating: 'breach',
    code: 'queue.stalled',
    reason: `Work waits, nothing was taken for ${durationWords(policy.queue.stalledHoldSeconds)} and no worker polls`,
    action: 'Look at the supervisor, then restart the workers.',
  }
}

// Limits, not live values, stand in the reason: the figure beside it moves, the sentence does not.
function lateness(look: Look, memory: QueueMemory, policy: HealthPolicy): Verdict | undefined {
  const { oldestWarnSeconds, oldestBreachSeconds, growthHoldSeconds } = policy.queue
  const code = 'queue.under-capacity'
  const action = 'Add workers or instances, or shed load.'
  const oldest = look.oldest ?? 0
  if (oldest > oldestBreachSeconds) {
    const reason = `The oldest task waits longer than ${durationWords(oldestBreachSeconds)}`
    return { rating: 'breach', code, reason, action }
  }
  if (oldest > oldestWarnSeconds) {
    const reason = `The oldest task waits longer than ${durationWords(oldestWarnSeconds)}`
    return { rating: 'warning', code, reason, action }
  }
  if (held(memory.growingSince, look.at, growthHoldSeconds)) {
    const reason = `More arrives than is taken, for over ${durationWords(growthHoldSeconds)}`
    return { rating: 'warning', code, reason, action }
  }
  return undefined
}
