import type { Clock } from '../platform/clock'
import type { SourceFailure, SourceKind } from '../sources/source'
import type { SourceState } from './model'

/** Attempt is the outcome of one look at a source: fine, or why not; `nextMs` overrides the pace. */
export type Attempt = {
  readonly failure?: SourceFailure
  readonly latencyMs?: number
  readonly nextMs?: number
  readonly note?: string
}

/** Pace is how a loop waits for its next look; a drill waits in simulated time. */
export type Pace = {
  /** after runs once after so many ms and gives how to call it off. */
  readonly after: (ms: number, run: () => Promise<void>) => () => void
  /** jitter is a share from 0 to 1 of a tenth of the wait, so that many loops do not look at once. */
  readonly jitter: () => number
}

const REAL_PACE: Pace = {
  after: (ms, run) => {
    const timer = setTimeout(() => void run(), ms)
    return () => clearTimeout(timer)
  },
  jitter: Math.random,
}

/** LoopOptions describe one source's polling. */
export type LoopOptions = {
  readonly id: string
  readonly kind: SourceKind
  readonly title: string
  readonly intervalMs: number
  readonly wayRound: string
  readonly clock: Clock
  readonly look: (now: Date) => Promise<Attempt>
  readonly onAttempt: () => void
  readonly pace?: Pace | undefined
}

/** Loop is a running poll of one source: one look in flight, never two. */
export type Loop = {
  readonly state: (now: Date) => SourceState
  readonly nudge: () => void
  readonly stop: () => void
}

const MAX_BACKOFF_MS = 60_000

/** backoffMs is the pause after `failures` misses in a row: doubling from the interval to 60 s, or what the source asked for. */
export function backoffMs(intervalMs: number, failures: number, failure: SourceFailure | undefined): number {
  if (!failure) return intervalMs
  const doubled = Math.min(Math.max(intervalMs, MAX_BACKOFF_MS), intervalMs * 2 ** Math.min(failures - 1, 6))
  return Math.max(doubled, failure.retryAfterMs ?? 0)
}

/** livenessOf names a source's liveness: live within two intervals of its last answer, late up to six, then silent. */
export function livenessOf(options: {
  readonly intervalMs: number
  readonly lastOkAt: Date | undefined
  readonly lastTriedAt: Date | undefined
  readonly failure: SourceFailure | undefined
  readonly now: Date
}): SourceState['state'] {
  const { intervalMs, lastOkAt, lastTriedAt, failure, now } = options
  if (!lastTriedAt) return 'waiting'
  if (failure?.why === 'source_refused') return 'refused'
  if (!lastOkAt) return failure ? (failure.why === 'rate_limited' ? 'limited' : 'silent') : 'waiting'
  const ageMs = now.getTime() - lastOkAt.getTime()
  if (ageMs <= 2 * intervalMs + 5_000) return 'live'
  if (failure?.why === 'rate_limited') return 'limited'
  return ageMs <= 6 * intervalMs + 15_000 ? 'late' : 'silent'
}

/** startLoop polls until stopped; a look that throws counts as a failure of the console, is reported by it, and the loop goes on. */
export function startLoop(options: LoopOptions): Loop {
  const { clock, intervalMs, pace = REAL_PACE } = options
  let lastOkAt: Date | undefined
  let lastTriedAt: Date | undefined
  let failure: SourceFailure | undefined
  let failures = 0
  let latencyMs: number | undefined
  let note = ''
  let cancel: (() => void) | undefined
  let stopped = false
  let looking = false

  function schedule(ms: number): void {
    if (stopped) return
    cancel?.()
    cancel = pace.after(ms * (1 + pace.jitter() * 0.1), run)
  }

  async function run(): Promise<void> {
    if (looking || stopped) return
    looking = true
    const triedAt = clock.now()
    const attempt = await options.look(triedAt).catch(
      (error: unknown): Attempt => ({
        failure: {
          ok: false,
          why: 'source_error',
          detail: error instanceof Error ? error.message.slice(0, 200) : 'failed',
        },
      }),
    )
    looking = false
    if (stopped) return
    lastTriedAt = triedAt
    failure = attempt.failure
    failures = failure ? failures + 1 : 0
    if (!failure) lastOkAt = triedAt
    if (attempt.latencyMs !== undefined) latencyMs = attempt.latencyMs
    note = attempt.note ?? ''
    options.onAttempt()
    schedule(attempt.nextMs ?? backoffMs(intervalMs, failures, failure))
  }

  schedule(0)
  return {
    state: (now) => ({
      id: options.id,
      kind: options.kind,
      title: options.title,
      state: livenessOf({ intervalMs, lastOkAt, lastTriedAt, failure, now }),
      ...(lastOkAt ? { lastOkAt } : {}),
      ...(lastTriedAt ? { lastTriedAt } : {}),
      failures,
      ...(failure ? { why: failure.why } : {}),
      ...(failure?.status === undefined ? {} : { status: failure.status }),
      detail: failure ? failure.detail : note,
      ...(failure ? { wayRound: options.wayRound } : {}),
      intervalMs,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    }),
    nudge: () => schedule(0),
    stop: () => {
      stopped = true
      cancel?.()
    },
  }
}
