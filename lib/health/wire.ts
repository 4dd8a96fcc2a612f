import type { PlaneId, Rating } from './model'

/** DictColumn holds texts as indexes into a list of distinct texts; without `i` every row has its own, in order. */
export type DictColumn = { readonly d: readonly string[]; readonly i?: readonly number[] }

/**
 * InstanceTable is the fleet's instances by column; row order is fixed until a snapshot with a higher `layout`.
 * Times are seconds before the snapshot's `at` (so `at` itself = never). Ratings are codes (index into RATINGS).
 */
export type InstanceTable = {
  readonly id: readonly string[]
  readonly host: DictColumn
  /** host is the machine that carries the instance; owner is who rents it out (the provider's host id). */
  readonly owner: DictColumn
  readonly label: DictColumn
  readonly region: DictColumn
  readonly model: DictColumn
  readonly image: DictColumn
  readonly gpus: readonly number[]
  readonly rating: readonly number[]
  /** code is the verdict's stable name; reason is empty while the rating is clear. */
  readonly code: DictColumn
  readonly reason: DictColumn
  readonly actual: DictColumn
  readonly intended: DictColumn
  readonly allocation: DictColumn
  readonly centsPerHour: readonly number[]
  readonly vastAt: readonly number[]
  readonly agentAt: readonly number[]
  readonly dcgmAt: readonly number[]
}

/** Packed holds small numbers as one character each: code 33 + value, and a space (32) for −1. */
export type Packed = string

/** GpuTable is every GPU by column, in instance order then index; −1 = unknown in util, temp, vram and xid. */
export type GpuTable = {
  readonly rating: Packed
  readonly code: DictColumn
  readonly reason: DictColumn
  /** source is 0 nothing, 1 DCGM, 2 agent, 3 provider list. */
  readonly source: Packed
  readonly util: Packed
  readonly temp: Packed
  /** vram in percent of the card's memory. */
  readonly vram: Packed
  readonly xid: Packed
}

/** Figure is one number on its way to a screen: the value (null = unknown), its limit, its age and its source. */
export type Figure = {
  readonly value: number | null
  readonly unit: string
  readonly rating: Rating
  readonly at: number
  readonly source: string
  readonly why?: string
  readonly limit?: number
  readonly warn?: number
  readonly last?: number
}

/** QueueRow is one queue on the wire. */
export type QueueRow = {
  readonly name: string
  readonly type: 'activity' | 'workflow'
  readonly rating: Rating
  readonly state: string
  readonly reason: string
  readonly action?: string
  readonly backlog: Figure
  readonly oldestSeconds: Figure
  readonly addPerMinute: Figure
  readonly dispatchPerMinute: Figure
  readonly freshPollers: Figure
  readonly listedPollers: number
  readonly rateLimited: boolean | null
}

/** ServiceRow is one probed service on the wire. */
export type ServiceRow = {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly rating: Rating
  readonly state: string
  readonly reason: string
  readonly action?: string
  readonly latencyMs: Figure
  readonly lastSuccessAt: number
  readonly misses: number
  readonly parts: readonly { readonly name: string; readonly status: string; readonly rating: Rating }[]
}

/** SourceRow is one source's liveness on the wire; times are epoch seconds, 0 = never. */
export type SourceRow = {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly state: 'live' | 'late' | 'silent' | 'refused' | 'limited' | 'off' | 'waiting'
  readonly okAt: number
  readonly triedAt: number
  readonly failures: number
  readonly detail: string
  readonly wayRound?: string
  readonly intervalMs: number
  readonly latencyMs?: number
}

/** PlaneRow is one cell of the attribution strip: one figure with its limit in words, and the age of its probe. */
export type PlaneRow = {
  readonly id: PlaneId
  readonly rating: Rating
  readonly figure: string
  readonly reason: string
  readonly at: number
  readonly source: string
  readonly wayRound?: string
}

/** Conclusion is a cross-source inference: what may be concluded, from what, and what must not be. */
export type Conclusion = {
  readonly id: string
  readonly rating: Rating
  readonly sentence: string
  readonly evidence: readonly string[]
  readonly notConcluded?: string
  readonly subjects: readonly string[]
}

/** Board is everything but the fleet's tables. */
export type Board = {
  readonly queues: readonly QueueRow[]
  readonly services: readonly ServiceRow[]
  readonly sources: readonly SourceRow[]
  readonly planes: readonly PlaneRow[]
  readonly api: Readonly<
    Record<'serverErrors' | 'authErrors' | 'rateLimited' | 'errorRatio' | 'p95' | 'p99', Figure>
  >
  readonly page: {
    readonly rating: Rating
    readonly sentence: string
    readonly at: number
    readonly incidents: readonly string[]
  }
  readonly credit: {
    readonly rating: Rating
    readonly creditDollars: Figure
    readonly burnDollarsPerHour: Figure
    readonly runwayHours: Figure
  }
  readonly conclusions: readonly Conclusion[]
}

/** Snapshot is the whole state at one sequence number; `layout` rises when rows of the fleet come or go. */
export type Snapshot = {
  readonly v: 1
  readonly seq: number
  readonly layout: number
  readonly at: number
  readonly simulated: boolean
  readonly instances: InstanceTable
  readonly gpus: GpuTable
  readonly board: Board
}

/** RowPatch names rows by index and gives the new values of whole columns for just those rows. */
export type RowPatch = {
  readonly i: readonly number[]
  readonly c: Readonly<Record<string, readonly (number | string)[]>>
}

/** Delta is what changed between two sequence numbers; sent as the same bytes to every viewer. */
export type Delta = {
  readonly v: 1
  readonly seq: number
  readonly layout: number
  readonly at: number
  /** reset asks for a new snapshot: rows came or went. */
  readonly reset?: true
  readonly instances?: RowPatch
  readonly gpus?: RowPatch
  /** dcgmAt moves the age of every row that had `dcgmAt` = the previous sweep: [previous, next] in epoch seconds. */
  readonly dcgmSweep?: readonly [number, number]
  readonly queues?: readonly QueueRow[]
  readonly services?: readonly ServiceRow[]
  readonly sources?: readonly SourceRow[]
  readonly planes?: readonly PlaneRow[]
  readonly api?: Board['api']
  readonly page?: Board['page']
  readonly credit?: Board['credit']
  readonly conclusions?: readonly Conclusion[]
}
