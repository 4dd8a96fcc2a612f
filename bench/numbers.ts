/** quantile is the smallest sample that at least `share` of all samples do not exceed; undefined without samples. */
export function quantile(samples: readonly number[], share: number): number | undefined {
  if (samples.length === 0) return undefined
  const sorted = [...samples].sort((a, b) => a - b)
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)))
  return sorted[rank - 1]
}

/** median is the middle sample (the mean of the two middle ones); undefined without samples. */
export function median(samples: readonly number[]): number | undefined {
  if (samples.length === 0) return undefined
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2
}

/** ratio is a figure as a multiple of its reference; undefined when either is missing or the reference is 0. */
export function ratio(value: number | undefined, reference: number | undefined): number | undefined {
  return value === undefined || !reference ? undefined : value / reference
}
