import type pg from 'pg'
import type { Clock } from '../platform/clock'
import { failpoint } from '../platform/failpoint'
import type { Log } from '../platform/log'
import { epochSeconds } from './evaluate'
import { confirm, giveBack, hasNews, type Publisher, takeDelta } from './publisher'
import type { HealthEventRow, Strike } from './records'
import { commitCycle, lastSeq, packSnapshot, writeStrikes } from './store'

/** CommitOptions are what a commit needs; `prepare` brings the published state up to date just before one. */
export type CommitOptions = {
  readonly hot: pg.Pool
  readonly clock: Clock
  readonly log: Log
  readonly epoch: number
  readonly held: () => boolean
  readonly publisher: Publisher
  readonly prepare: (now: Date) => void
  /** hasMore tells that something waits which `prepare` would publish. */
  readonly hasMore: () => boolean
  readonly takeStrikes: () => readonly Strike[]
}

/** Commits writes what the viewers lack as one delta after the other, in order, one at a time. */
export type Commits = {
  readonly noteEvent: (event: HealthEventRow) => void
  /** noteTaken adds an agent's report that the next commit removes from the inbox. */
  readonly noteTaken: (inboxId: string) => void
  /** pendingIds are the reports taken and not yet committed. */
  readonly pendingIds: () => readonly string[]
  /** soon commits when it is due: 25 ms after the last commit when a rating changed, else 1 s after it. */
  readonly soon: () => void
  readonly stop: () => Promise<void>
}

const PLAIN_GAP_MS = 1_000
const URGENT_GAP_MS = 25
const MAX_EVENTS = 500

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}

/** createCommits keeps what a failed commit carried, so that the next one carries it too. */
export function createCommits(options: CommitOptions): Commits {
  const { hot, clock, log, publisher } = options
  const events: HealthEventRow[] = []
  let inboxIds: string[] = []
  let seqInDoubt = false
  let checkpointMinute = -1
  let committing: Promise<void> | undefined
  let committedAtMs = -Infinity
  let timer: NodeJS.Timeout | undefined
  let dueAtMs = Infinity
  let stopped = false

  async function settleSeq(): Promise<void> {
    if (!seqInDoubt) return
    publisher.state.seq = Math.max(publisher.state.seq, await lastSeq(hot))
    seqInDoubt = false
  }

  async function commitNews(now: Date): Promise<void> {
    const { delta, taken } = takeDelta(publisher, epochSeconds(now))
    const minute = Math.floor(now.getTime() / 60_000)
    const checkpointDue = taken.reset || minute !== checkpointMinute
    const carried = { events: events.splice(0), inboxIds }
    inboxIds = []
    try {
      await failpoint('collector.before-commit')
      const written = await commitCycle(hot, {
        epoch: options.epoch,
        seq: delta.seq,
        at: now,
        body: Buffer.from(JSON.stringify(delta)),
        checkpoint: checkpointDue
          ? packSnapshot({ ...publisher.state, seq: delta.seq, at: delta.at })
          : undefined,
        ...carried,
      })
      await failpoint('collector.after-commit')
      if (!written) {
        log.warn({ epoch: options.epoch }, 'the lease is no longer ours: nothing was written')
        return
      }
      confirm(publisher, delta)
      if (checkpointDue) checkpointMinute = minute
    } catch (error) {
      giveBack(publisher, taken)
      events.unshift(...carried.events)
      inboxIds = [...carried.inboxIds, ...inboxIds]
      // A commit whose answer was lost stands in the table under our number: go on after it, the values are sent again.
      seqInDoubt = isDuplicate(error)
      throw error
    }
    await writeStrikes(hot, options.takeStrikes())
  }

  async function work(): Promise<void> {
    committedAtMs = clock.monotonicMs()
    dueAtMs = Infinity
    const now = clock.now()
    options.prepare(now)
    if (!options.held() || (!hasNews(publisher) && inboxIds.length === 0)) return
    await settleSeq()
    await commitNews(now)
  }

  function start(): void {
    if (committing || stopped) return
    committing = work()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'a cycle could not be committed; it will be part of the next'),
      )
      .finally(() => {
        committing = undefined
        if (hasNews(publisher) || options.hasMore() || inboxIds.length > 0) soon()
      })
  }

  function soon(): void {
    if (stopped || committing) return
    const nextAtMs = committedAtMs + (publisher.urgent ? URGENT_GAP_MS : PLAIN_GAP_MS)
    if (nextAtMs >= dueAtMs) return
    clearTimeout(timer)
    dueAtMs = nextAtMs
    const waitMs = nextAtMs - clock.monotonicMs()
    if (waitMs <= 0) start()
    else timer = setTimeout(start, waitMs)
  }

  return {
    noteEvent: (event) => {
      if (events.length < MAX_EVENTS) events.push(event)
    },
    noteTaken: (inboxId) => inboxIds.push(inboxId),
    pendingIds: () => inboxIds,
    soon,
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await committing
    },
  }
}
