import type { Answer } from '../source'
import type { VastInstance, VastPage } from './types'

/** SweepPolicy paces the sweeper: milliseconds between pages, pages at most, misses before a direct look. */
export type SweepPolicy = {
  readonly pageIntervalMs: number
  readonly pageLimit: number
  readonly maxPages: number
  readonly maxBackoffMs: number
  /** sweepEveryMs is the least time from the start of one sweep to the start of the next. */
  readonly sweepEveryMs: number
}

/** SweepState is everything the sweeper remembers; plain data, replaced at each step. */
export type SweepState = {
  readonly nextToken: string | null
  readonly pages: number
  /** entries counts what arrived in this sweep, readable or not. */
  readonly entries: number
  readonly unreadable: number
  readonly tokensSeen: ReadonlySet<string>
  readonly seen: ReadonlySet<string>
  readonly startedAt: Date | undefined
  /** failures in a row; they double the pause. */
  readonly failures: number
  readonly nextAt: Date
  /** known ids with the number of complete sweeps in a row that missed them. */
  readonly misses: ReadonlyMap<string, number>
  /** looks are ids that two complete sweeps missed and that need a direct look. */
  readonly looks: readonly string[]
  readonly gone: ReadonlySet<string>
  readonly completeSweeps: number
  readonly lastCompleteAt: Date | undefined
  readonly lastSweepMs: number | undefined
}

/** SweepCall is what to ask next. */
export type SweepCall =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'page'; readonly afterToken: string | null; readonly limit: number }
  | { readonly kind: 'look'; readonly id: string }

/** SweepResult is what came back for a call. */
export type SweepResult =
  | { readonly kind: 'page'; readonly answer: Answer<VastPage> }
  | { readonly kind: 'look'; readonly id: string; readonly answer: Answer<VastInstance | null> }

/** SweepStep is the new state with what changed: instances read now, ids found gone now, and the end of a sweep, if it ended. */
export type SweepStep = {
  readonly state: SweepState
  readonly instances: readonly VastInstance[]
  readonly gone: readonly string[]
  readonly ended?: { readonly complete: boolean; readonly why: string }
}
