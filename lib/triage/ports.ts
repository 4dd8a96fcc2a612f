import type { UnknownWhy } from '../sources/reading'
import type { Answer } from '../sources/source'
import type { ClusterObservation } from './cluster'

/** MetricsAsked is what triage asks of the metrics source beyond the collector's figures; all rates are per minute over two minutes. */
export type MetricsAsked = {
  /** errors by status as the integration labels it; a status that is no number is a call without an answer. */
  readonly errors: Readonly<Record<string, number>>
  /** calls per minute; undefined when requests are not counted. */
  readonly calls?: number
  /** routes with their calls per minute by status; undefined when requests are not counted by route. */
  readonly routes?: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly targetsDown: readonly string[]
  readonly targetsUp: number
  readonly memoryPercent?: number
  /** baseless are the names of alerts that fire while their rule finds no series; undefined when alerts could not be read. */
  readonly baseless?: readonly string[]
}

/** BeforeAndNow compares the integration's figures now with those just before an instant. */
export type BeforeAndNow = {
  readonly errorPercent: { readonly before?: number; readonly now?: number }
  readonly latencyMs: { readonly before?: number; readonly now?: number }
}

/** TriagePorts are the looks that triage takes itself; an absent one is a source that nobody connected. */
export type TriagePorts = {
  readonly metrics?: {
    readonly ask: () => Promise<Answer<MetricsAsked>>
    readonly compare: (before: Date) => Promise<Answer<BeforeAndNow>>
  }
  readonly cluster?: { readonly look: () => Promise<Answer<ClusterObservation>> }
}

/** Taken is the newest answer of a look that triage takes itself, with the last good one while it fails. */
export type Taken<T> = {
  readonly value?: { readonly of: T; readonly atMs: number; readonly latencyMs: number }
  readonly failure?: { readonly why: UnknownWhy; readonly detail: string; readonly atMs: number }
}
