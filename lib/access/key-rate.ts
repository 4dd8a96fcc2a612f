/** Rate is how many requests may come at once and how many a second in the long run. */
export type Rate = { readonly burst: number; readonly perSecond: number }

/** KEY_RATE is what one API key may ask of one process. */
export const KEY_RATE: Rate = { burst: 120, perSecond: 20 }

/** UNKNOWN_RATE is how many unknown keys one network may try at one process before it is told to wait. */
export const UNKNOWN_RATE: Rate = { burst: 20, perSecond: 0.2 }

type Bucket = { readonly left: number; readonly atMs: number }

const MAX_BUCKETS = 10_000

/** Buckets counts requests by name; `take` gives the whole seconds to wait, 0 to go ahead. */
export type Buckets = { readonly take: (name: string, nowMs: number) => number }

/** createBuckets makes token buckets of one rate; times are of a monotonic clock. Full ones are forgotten. */
export function createBuckets(rate: Rate): Buckets {
  const buckets = new Map<string, Bucket>()
  return {
    take: (name, nowMs) => {
      if (buckets.size >= MAX_BUCKETS) forgetFull(buckets, rate, nowMs)
      const left = leftAt(buckets.get(name), rate, nowMs)
      if (left < 1) return Math.max(1, Math.ceil((1 - left) / rate.perSecond))
      buckets.set(name, { left: left - 1, atMs: nowMs })
      return 0
    },
  }
}

function leftAt(bucket: Bucket | undefined, rate: Rate, nowMs: number): number {
  if (bucket === undefined) return rate.burst
  return Math.min(rate.burst, bucket.left + ((nowMs - bucket.atMs) / 1_000) * rate.perSecond)
}

function forgetFull(buckets: Map<string, Bucket>, rate: Rate, nowMs: number): void {
  for (const [name, bucket] of buckets) if (leftAt(bucket, rate, nowMs) >= rate.burst) buckets.delete(name)
  if (buckets.size >= MAX_BUCKETS) buckets.clear()
}
