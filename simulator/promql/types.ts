import type { Labels } from '../series/family'

export type Matcher = {
  readonly label: string
  readonly equals?: string
  meets(value: string): boolean
}

/** One element of an instant vector; the metric name is kept apart so that labels can be shared. */
export type Sample = {
  readonly name?: string | undefined
  readonly labels: Labels
  readonly timeMs: number
  readonly value: number
}

export type RangeSeries = {
  readonly name?: string | undefined
  readonly labels: Labels
  readonly times: number[]
  readonly values: number[]
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | {
      readonly type: 'matrix'
      readonly series: readonly RangeSeries[]
      readonly fromMs: number
      readonly toMs: number
    }

export type SeriesStorage = {
  instant(matchers: readonly Matcher[], atMs: number): Sample[]
  range(matchers: readonly Matcher[], fromMs: number, toMs: number): RangeSeries[]
}

export type Grouping = { readonly kind: 'by' | 'without'; readonly labels: readonly string[] }

export type Matching = {
  readonly kind: 'on' | 'ignoring'
  readonly labels: readonly string[]
  readonly group: 'left' | 'right' | undefined
  readonly include: readonly string[]
}

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'selector'; readonly matchers: readonly Matcher[]; readonly offsetMs: number }
  | {
      readonly kind: 'range'
      readonly matchers: readonly Matcher[]
      readonly rangeMs: number
      readonly offsetMs: number
    }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'aggregate'
      readonly op: string
      readonly parameter: Expression | undefined
      readonly operand: Expression
      readonly grouping: Grouping
    }
  | {
      readonly kind: 'binary'
      readonly op: string
      readonly left: Expression
      readonly right: Expression
      readonly bool: boolean
      readonly matching: Matching
    }

export class QueryError extends Error {
  constructor(
    readonly errorType: 'bad_data' | 'execution',
    message: string,
  ) {
    super(message)
    this.name = 'QueryError'
  }
}
