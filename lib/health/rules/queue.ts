import type { QueueObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'

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
  return {
    state: 'unknown',
    verdict: { rating: 'unknown', code: 'queue.not-evaluated', reason: 'Not evaluated yet' },
    memory: input.memory ?? { growingSince: 0, stillSince: 0 },
  }
}
