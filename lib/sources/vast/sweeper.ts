import type { SourceFailure } from '../source'
import type { SweepCall, SweepPolicy, SweepResult, SweepState, SweepStep } from './sweeper-types'
import type { VastPage } from './types'

/** SWEEP_POLICY is paced for the provider's published limit of one listing call a second. */
export const SWEEP_POLICY: SweepPolicy = {
  pageIntervalMs: 1100,
  pageLimit: 25,
  maxPages: 1000,
  maxBackoffMs: 120_000,
  sweepEveryMs: 5000,
}

const MISSES_BEFORE_LOOK = 2
const TRIES_PER_PAGE = 3
const BACKOFF_FLOOR_MS = 1000

/** startSweeping gives the state before the first call; `knownIds` are instances remembered from an earlier run. */
export function startSweeping(now: Date, knownIds: Iterable<string> = []): SweepState {
  return {
    nextToken: null,
    pages: 0,
    entries: 0,
    unreadable: 0,
    tokensSeen: new Set(),
    seen: new Set(),
    startedAt: undefined,
    failures: 0,
    nextAt: now,
    misses: new Map([...knownIds].map((id) => [id, 0])),
    looks: [],
    gone: new Set(),
    completeSweeps: 0,
    lastCompleteAt: undefined,
    lastSweepMs: undefined,
  }
}

/** nextCall says what to ask now: direct looks go between two sweeps, pages otherwise. */
export function nextCall(state: SweepState, now: Date, policy: SweepPolicy = SWEEP_POLICY): SweepCall {
  const ms = state.nextAt.getTime() - now.getTime()
  if (ms > 0) return { kind: 'wait', ms }
  const [id] = state.looks
  if (state.pages === 0 && id !== undefined) return { kind: 'look', id }
  return { kind: 'page', afterToken: state.nextToken, limit: policy.pageLimit }
}

/** afterCall folds an answer into the state; an id is gone only after two complete sweeps and a direct look missed it. */
export function afterCall(
  state: SweepState,
  result: SweepResult,
  time: { readonly now: Date; readonly policy?: SweepPolicy },
): SweepStep {
  const policy = time.policy ?? SWEEP_POLICY
  const { now } = time
  if (!result.answer.ok) return afterFailure(state, result, { now, policy, problem: result.answer })
  const paced: SweepState = { ...state, failures: 0, nextAt: later(now, policy.pageIntervalMs) }
  if (result.kind === 'look') return afterLook(paced, result.id, result.answer.value)
  return afterPage(paced, result.answer.value, { now, policy })
}

function afterLook(state: SweepState, id: string, found: VastPage['instances'][number] | null): SweepStep {
  const looks = state.looks.filter((other) => other !== id)
  const misses = new Map(state.misses)
  if (found) {
    misses.set(id, 0)
    return { state: { ...state, looks, misses }, instances: [found], gone: [] }
  }
  misses.delete(id)
  return { state: { ...state, looks, misses, gone: new Set(state.gone).add(id) }, instances: [], gone: [id] }
}

type Time = { readonly now: Date; readonly policy: SweepPolicy }

function afterPage(state: SweepState, page: VastPage, time: Time): SweepStep {
  const seen = new Set(state.seen)
  for (const { id } of page.instances) seen.add(id)
  const next: SweepState = {
    ...state,
    seen,
    pages: state.pages + 1,
    entries: state.entries + page.instances.length + page.unreadable,
    unreadable: state.unreadable + page.unreadable,
    startedAt: state.startedAt ?? time.now,
  }
  const { nextToken } = page
  if (nextToken === null) return endSweep(next, page, { ...time, why: faultOf(next, page) })
  if (state.tokensSeen.has(nextToken))
    return endSweep(next, page, { ...time, why: 'the cursor repeats itself' })
  if (next.pages >= time.policy.maxPages)
    return endSweep(next, page, { ...time, why: `more than ${time.policy.maxPages} pages` })
  return {
    state: { ...next, nextToken, tokensSeen: new Set(state.tokensSeen).add(nextToken) },
    instances: page.instances,
    gone: [],
  }
}

function faultOf(state: SweepState, page: VastPage): string | undefined {
  if (page.total === undefined) return 'the provider did not say how many there are'
  if (state.unreadable > 0) return `${state.unreadable} entries could not be read`
  if (state.entries !== page.total) return `${state.entries} of ${page.total} instances arrived`
  return undefined
}

function endSweep(
  state: SweepState,
  page: Pick<VastPage, 'instances'>,
  end: Time & { readonly why: string | undefined },
): SweepStep {
  const { now, policy, why } = end
  const startedAt = state.startedAt ?? now
  const pause = Math.max(policy.pageIntervalMs, policy.sweepEveryMs - (now.getTime() - startedAt.getTime()))
  const rest: SweepState = {
    ...state,
    nextToken: null,
    pages: 0,
    entries: 0,
    unreadable: 0,
    tokensSeen: new Set(),
    seen: new Set(),
    startedAt: undefined,
    nextAt: later(now, pause),
  }
  const ended = { complete: why === undefined, why: why ?? 'complete' }
  if (why !== undefined)
    return { state: { ...rest, misses: withSeen(state) }, instances: page.instances, gone: [], ended }
  const misses = new Map<string, number>()
  for (const [id, count] of state.misses) misses.set(id, count + 1)
  for (const id of state.seen) misses.set(id, 0)
  const looks = [...misses].filter(([, count]) => count >= MISSES_BEFORE_LOOK).map(([id]) => id)
  return {
    state: {
      ...rest,
      misses,
      looks,
      gone: new Set([...state.gone].filter((id) => !state.seen.has(id))),
      completeSweeps: state.completeSweeps + 1,
      lastCompleteAt: now,
      lastSweepMs: now.getTime() - startedAt.getTime(),
    },
    instances: page.instances,
    gone: [],
    ended,
  }
}

/** A partial sweep proves presence, never absence. */
function withSeen(state: SweepState): ReadonlyMap<string, number> {
  const misses = new Map(state.misses)
  for (const id of state.seen) misses.set(id, 0)
  return misses
}

function afterFailure(
  state: SweepState,
  result: SweepResult,
  time: Time & { readonly problem: SourceFailure },
): SweepStep {
  const { now, policy, problem } = time
  const failures = state.failures + 1
  const doubled = Math.max(BACKOFF_FLOOR_MS, policy.pageIntervalMs) * 2 ** Math.min(failures, 20)
  const pauseMs = Math.max(problem.retryAfterMs ?? 0, Math.min(policy.maxBackoffMs, doubled))
  const waiting: SweepState = { ...state, failures, nextAt: later(now, pauseMs) }
  const isPaced = problem.why === 'rate_limited' || failures % TRIES_PER_PAGE !== 0
  // A refused cursor (400) can't be retried; everything else keeps its place for a few tries.
  if (result.kind === 'look' || state.pages === 0 || (isPaced && problem.status !== 400))
    return { state: waiting, instances: [], gone: [] }
  const step = endSweep(waiting, { instances: [] }, { now, policy, why: problem.detail })
  return { ...step, state: { ...step.state, nextAt: later(now, pauseMs) } }
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms)
}
