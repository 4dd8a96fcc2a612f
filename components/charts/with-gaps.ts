export type Columns = {
  readonly t: readonly number[]
  readonly series: readonly (readonly (number | null)[])[]
}

/**
 * withGaps puts an empty row wherever the next sample is later than one and a half steps, so that a chart can't join
 * over missing evidence; with `until`, silence up to now is a gap too. Times are epoch seconds.
 */
export function withGaps(columns: Columns, stepSeconds: number, until?: number): Columns {
  const t: number[] = []
  const series: (number | null)[][] = columns.series.map(() => [])
  const limit = stepSeconds * 1.5
  const pushGap = (at: number): void => {
    t.push(at)
    for (const column of series) column.push(null)
  }
  columns.t.forEach((at, row) => {
    const before = columns.t[row - 1]
    if (before !== undefined && at - before > limit) {
      pushGap(before + stepSeconds)
      if (at - stepSeconds > before + stepSeconds) pushGap(at - stepSeconds)
    }
    t.push(at)
    columns.series.forEach((values, index) => {
      series[index]?.push(values[row] ?? null)
    })
  })
  const last = columns.t[columns.t.length - 1]
  if (until !== undefined && last !== undefined && until - last > limit) {
    pushGap(last + stepSeconds)
    pushGap(until)
  }
  return { t, series }
}

/** gapSpans finds the stretches where none of the series has a value, as [from, until] in epoch seconds. */
export function gapSpans(columns: Columns): readonly (readonly [number, number])[] {
  const spans: [number, number][] = []
  let from: number | undefined
  columns.t.forEach((at, row) => {
    const isEmpty = columns.series.every((values) => (values[row] ?? null) === null)
    if (isEmpty && from === undefined) from = columns.t[row - 1] ?? at
    if (!isEmpty && from !== undefined) {
      spans.push([from, at])
      from = undefined
    }
  })
  const last = columns.t[columns.t.length - 1]
  if (from !== undefined && last !== undefined) spans.push([from, last])
  return spans
}
