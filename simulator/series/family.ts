export type Labels = Readonly<Record<string, string>>

/** One metric name: its series are numbered, their labels never change, their values follow from the offset. */
export type Family = {
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly help: string
  readonly size: number
  labels(index: number): Labels
  valueAt(index: number, offsetMs: number): number | undefined
}
