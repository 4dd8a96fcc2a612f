/** QueueHistory is a queue's minutes by column: `t` in epoch seconds, null where nothing was read. */
export type QueueHistory = {
  readonly t: readonly number[]
  readonly backlog: readonly (number | null)[]
  readonly oldestSeconds: readonly (number | null)[]
  readonly addPerMinute: readonly (number | null)[]
  readonly dispatchPerMinute: readonly (number | null)[]
  readonly pollers: readonly (number | null)[]
}
