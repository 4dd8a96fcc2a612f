import type { Reading } from '../reading'
import type { Answer, CallOptions, TestVerdict } from '../source'

/** PromSample is one series of an instant query; `at` is the evaluation time, never the sample's own time. */
export type PromSample = {
  readonly labels: Readonly<Record<string, string>>
  readonly value: Reading<number>
  readonly at: Date
}

/** PromVector is the raw form of an instant query for large answers: parsed JSON, untouched. */
export type PromVector = readonly {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}[]

/** PromColumn is a large answer by columns: the kept label of each series and its number (NaN where it is none). */
export type PromColumn = { readonly keys: readonly string[]; readonly numbers: readonly number[] }

/** PromSeries is one series of a range query; NaN and missing points are null, so that a line is never drawn across a gap. */
export type PromSeries = {
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly { readonly at: Date; readonly value: number | null }[]
}

/** PromAlert is an active alert; `value` is what the rule measured. */
export type PromAlert = {
  readonly name: string
  readonly state: 'firing' | 'pending' | 'unknown'
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly activeAt?: Date
  readonly value: Reading<number>
}

/** PromRule is an alerting rule; its silence means something only while `health` is ok and `evaluatedAt` is recent. */
export type PromRule = {
  readonly group: string
  readonly name: string
  readonly query: string
  readonly state: 'firing' | 'pending' | 'inactive' | 'unknown'
  readonly health: 'ok' | 'err' | 'unknown'
  readonly lastError: string
  readonly evaluatedAt?: Date
  readonly intervalSeconds?: number
}

/** PromTarget is a scraped endpoint as Prometheus sees it. */
export type PromTarget = {
  readonly job: string
  readonly instance: string
  readonly health: 'up' | 'down' | 'unknown'
  readonly lastError: string
  readonly lastScrapeAt?: Date
  readonly labels: Readonly<Record<string, string>>
}

/** PromConfig points the adapter at one Prometheus; `basic` and `token` exclude each other. */
export type PromConfig = {
  readonly baseUrl: string
  readonly token?: string
  /** sourceId is written into every reading; default `prometheus`. */
  readonly sourceId?: string
}

/** Prometheus reads one Prometheus server over its HTTP API v1. */
export type Prometheus = {
  /** query answers the samples of an instant expression; no sample is an empty list, not zero. */
  readonly query: (expr: string, options?: QueryOptions) => Promise<Answer<readonly PromSample[]>>
  /** value answers the one number of an expression; an empty result is unknown `field_absent`. */
  readonly value: (
    expr: string,
    options?: QueryOptions & { readonly unit?: string },
  ) => Promise<Answer<Reading<number>>>
  /** vector answers the raw samples of a large expression without making an object per value. */
  readonly vector: (
    expr: string,
    options?: QueryOptions & { readonly maxBytes?: number },
  ) => Promise<Answer<PromVector>>
  /**
   * column answers an expression that keeps one label as two columns; keys share the answer's memory: don't keep them.
   * `known` are keys in the order in which they came before, which makes reading cheaper.
   */
  readonly column: (
    expr: string,
    label: string,
    options?: QueryOptions & { readonly known?: readonly string[] },
  ) => Promise<Answer<PromColumn>>
  readonly queryRange: (
    expr: string,
    range: PromRange,
    options?: CallOptions,
  ) => Promise<Answer<readonly PromSeries[]>>
  readonly alerts: (options?: CallOptions) => Promise<Answer<readonly PromAlert[]>>
  readonly rules: (options?: CallOptions) => Promise<Answer<readonly PromRule[]>>
  readonly targets: (options?: CallOptions) => Promise<Answer<readonly PromTarget[]>>
  readonly test: () => Promise<TestVerdict>
}

/** PromRange bounds a range query; more than 11,000 points a series are refused by the server. */
export type PromRange = { readonly start: Date; readonly end: Date; readonly stepSeconds: number }

/** QueryOptions bounds one instant query; `at` evaluates at that moment instead of now. */
export type QueryOptions = Partial<CallOptions> & { readonly at?: Date }
