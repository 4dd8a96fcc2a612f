/** Delivery is one statement about one alert, at the moment (ms from the beginning) at which its sender first tries. */
export type Delivery = {
  readonly alert: number
  readonly status: 'firing' | 'resolved'
  readonly atMs: number
}

/** StormPlan is everything that will be sent: deliveries by time, and which alerts end. */
export type StormPlan = {
  readonly deliveries: readonly Delivery[]
  readonly resolved: ReadonlySet<number>
  readonly late: number
}

/** StormShape says how large a storm is; shares are of 1. */
export type StormShape = {
  readonly alerts: number
  readonly spanMs: number
  readonly lateShare: number
  readonly resolvedShare: number
  readonly random: () => number
}

const MOST_COPIES = 5
const SCATTER_MS = 20_000

/** randomFrom gives the same row of numbers in [0, 1) for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * planStorm delivers each alert one to five times around its turn, in any order; a late one comes when much of the storm
 * has passed; an end may come before its beginning. Nothing is planned past the span.
 */
export function planStorm(shape: StormShape): StormPlan {
  const { alerts, spanMs, random } = shape
  const scatterMs = Math.min(SCATTER_MS, spanMs / 4)
  const deliveries: Delivery[] = []
  const resolved = new Set<number>()
  let late = 0
  for (let alert = 0; alert < alerts; alert += 1) {
    const isLate = random() < shape.lateShare
    if (isLate) late += 1
    const turnMs = (alert / alerts) * spanMs + (isLate ? (1 + random()) * 2 * scatterMs : 0)
    // What would fall past the end comes somewhere in the last stretch: all of it at one moment would be another storm.
    const at = (): number => {
      const wantedMs = turnMs + random() * scatterMs
      return wantedMs <= spanMs ? wantedMs : spanMs - random() * scatterMs
    }
    const copies = 1 + Math.floor(random() * MOST_COPIES)
    for (let copy = 0; copy < copies; copy += 1) deliveries.push({ alert, status: 'firing', atMs: at() })
    if (random() >= shape.resolvedShare) continue
    resolved.add(alert)
    deliveries.push({ alert, status: 'resolved', atMs: at() })
  }
  return { deliveries: deliveries.sort((a, b) => a.atMs - b.atMs), resolved, late }
}

/** postsOf cuts deliveries into posts of one to fifty, as groups come: half of them alone. */
export function postsOf(
  deliveries: readonly Delivery[],
  random: () => number,
): readonly (readonly Delivery[])[] {
  const posts: Delivery[][] = []
  for (let at = 0; at < deliveries.length; ) {
    const size = random() < 0.5 ? 1 : 1 + Math.floor(random() ** 2 * 50)
    posts.push(deliveries.slice(at, at + size))
    at += size
  }
  return posts
}
