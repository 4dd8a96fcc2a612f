import { keyWithout, omit } from './labels'
import type { Sample } from './types'

type Bucket = { readonly upper: number; readonly count: number }

export function histogramQuantile(quantile: number, samples: readonly Sample[], timeMs: number): Sample[] {
  const groups = new Map<string, { readonly first: Sample; readonly buckets: Bucket[] }>()
  for (const sample of samples) {
    const upper = boundOf(sample.labels.le)
    if (upper === undefined) continue
    const key = keyWithout(sample, ['le'])
    const group = groups.get(key) ?? { first: sample, buckets: [] }
    group.buckets.push({ upper, count: sample.value })
    groups.set(key, group)
  }
  return [...groups.values()].map(({ first, buckets }) => ({
    labels: omit(first.labels, ['le']),
    timeMs,
    value: bucketQuantile(quantile, buckets),
  }))
}

function boundOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  const value = Number(text)
  return Number.isNaN(value) ? undefined : value
}

function bucketQuantile(quantile: number, unsorted: readonly Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN
  if (quantile < 0) return Number.NEGATIVE_INFINITY
  if (quantile > 1) return Number.POSITIVE_INFINITY
  const buckets = monotonic(coalesce([...unsorted].sort((left, right) => left.upper - right.upper)))
  const top = buckets.at(-1)
  if (top === undefined || top.upper !== Number.POSITIVE_INFINITY || buckets.length < 2 || top.count === 0)
    return Number.NaN
  const rank = quantile * top.count
  const found = buckets.slice(0, -1).findIndex((bucket) => bucket.count >= rank)
  if (found === -1) return buckets.at(-2)?.upper ?? Number.NaN
  const bucket = buckets[found]
  if (bucket === undefined) return Number.NaN
  if (found === 0 && bucket.upper <= 0) return bucket.upper
  const below = found === 0 ? { upper: 0, count: 0 } : (buckets[found - 1] ?? { upper: 0, count: 0 })
  return below.upper + (bucket.upper - below.upper) * ((rank - below.count) / (bucket.count - below.count))
}

function coalesce(buckets: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = []
  for (const bucket of buckets) {
    const last = merged.at(-1)
    if (last?.upper === bucket.upper)
      merged[merged.length - 1] = { upper: last.upper, count: last.count + bucket.count }
    else merged.push(bucket)
  }
  return merged
}

function monotonic(buckets: readonly Bucket[]): Bucket[] {
  let highest = Number.NEGATIVE_INFINITY
  return buckets.map((bucket) => {
    highest = Math.max(highest, bucket.count)
    return { upper: bucket.upper, count: highest }
  })
}
