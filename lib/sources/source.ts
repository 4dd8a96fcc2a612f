import type { UnknownWhy } from './reading'

/** SourceKind names an adapter; it is also the prefix of the source's settings and of its metrics. */
export type SourceKind =
  | 'vast'
  | 'prometheus'
  | 'dcgm'
  | 'temporal'
  | 'statuspage'
  | 'service-health'
  | 'supervisor'
  | 'agent'
  | 'kubernetes'

/** SourceFailure is what a call to the outside may come to instead of an answer; `detail` is redacted and short (≤ 200). */
export type SourceFailure = {
  readonly ok: false
  readonly why: UnknownWhy
  readonly detail: string
  readonly status?: number
  /** retryAfterMs is what the source asked for, clamped to 5 min. */
  readonly retryAfterMs?: number
}

/** Answer is the outcome of one call; adapters never throw for what the outside does. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly latencyMs: number; readonly drift: readonly string[] }
  | SourceFailure

/** TestVerdict is the plain answer of "test now": what was tried, what came back, what to do. */
export type TestVerdict = {
  readonly ok: boolean
  readonly sentence: string
  readonly repair?: string
  readonly latencyMs?: number
}

/** CallOptions bounds one call; adapters must give up at the deadline and free the socket. */
export type CallOptions = { readonly signal?: AbortSignal; readonly deadlineMs: number }
