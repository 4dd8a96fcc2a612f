import type { Answer } from '../sources/source'

/** RangeQuery is one expression whose past a bundle holds. */
export type RangeQuery = {
  readonly name: string
  readonly expr: string
  readonly unit: string
  readonly meaning: string
}

/** RangeSeries is one series of a range: its labels, and points as [epoch seconds, value]; null is no sample. */
export type RangeSeries = {
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (readonly [number, number | null])[]
}

/** PodLog is the log of one pod, or why it could not be read. */
export type PodLog = { readonly pod: string; readonly text: string; readonly problem: string }

/** EvidencePorts are what a bundle asks of the outside; an absent one is a source that nobody connected. */
export type EvidencePorts = {
  readonly metrics?: {
    readonly queries: readonly RangeQuery[]
    readonly range: (
      expr: string,
      range: { readonly start: Date; readonly end: Date; readonly stepSeconds: number },
    ) => Promise<Answer<readonly RangeSeries[]>>
  }
  readonly cluster?: {
    readonly look: () => Promise<Answer<unknown>>
    readonly logs: (since: Date) => Promise<Answer<readonly PodLog[]>>
  }
  /** configuration is how the sources are configured, each with whether it has a secret and never with one. */
  readonly configuration: () => Promise<unknown>
  /** runbooks are the policy files that count, by path. */
  readonly runbooks: () => Promise<{
    readonly hash: string
    readonly files: readonly { readonly path: string; readonly value: unknown }[]
  }>
}
