export type HistoryTone = 'ink' | 'spark' | 'warn' | 'breach' | 'accent'

export type HistorySeries = {
  readonly title: string
  readonly unit: string
  readonly values: readonly (number | null)[]
  readonly tone: HistoryTone
}

export type HistoryLimit = {
  readonly title: string
  readonly value: number
  readonly tone: 'warn' | 'breach'
}

export type HistoryProps = {
  /** label names the chart for readers and heads its table. */
  readonly label: string
  /** times are epoch seconds, ascending; each series has as many values. */
  readonly times: readonly number[]
  readonly series: readonly HistorySeries[]
  readonly limits?: readonly HistoryLimit[]
  readonly stepSeconds: number
  /** until is the present (epoch seconds): silence up to it is drawn as a gap. */
  readonly until?: number
  readonly height?: number
}
