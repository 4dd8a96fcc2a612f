/** The world has run quietly for a day before offset 0, so that ranges and rates have a past. */
export const HISTORY_FROM_MS = -86_400_000

export type RateSegment = {
  readonly fromMs: number
  readonly ratePerSecond: number
  readonly countAtFrom: number
}

/** Cumulative count of a rate that is constant between boundaries; offsets in ms, rates per second. */
export function integrate(
  boundaries: readonly number[],
  rateAt: (offsetMs: number) => number,
): readonly RateSegment[] {
  const segments: RateSegment[] = []
  let count = 0
  for (const [index, fromMs] of boundaries.entries()) {
    const ratePerSecond = rateAt(fromMs)
    segments.push({ fromMs, ratePerSecond, countAtFrom: count })
    const next = boundaries[index + 1]
    if (next !== undefined) count += (ratePerSecond * (next - fromMs)) / 1000
  }
  return segments
}

export function segmentIndex(segments: readonly { readonly fromMs: number }[], offsetMs: number): number {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((segments[middle]?.fromMs ?? 0) <= offsetMs) low = middle
    else high = middle - 1
  }
  return low
}

export function countAt(segments: readonly RateSegment[], offsetMs: number): number {
  const segment = segments[segmentIndex(segments, offsetMs)]
  if (segment === undefined) return 0
  return segment.countAtFrom + (segment.ratePerSecond * Math.max(0, offsetMs - segment.fromMs)) / 1000
}

/** First instant at which the cumulative count reaches `count`. */
export function instantOfCount(segments: readonly RateSegment[], count: number): number {
  let found = segments[0]
  for (const segment of segments) {
    if (segment.countAtFrom > count) break
    found = segment
  }
  if (found === undefined || found.ratePerSecond <= 0) return found?.fromMs ?? 0
  return found.fromMs + ((count - found.countAtFrom) / found.ratePerSecond) * 1000
}

export function boundariesOf(
  effects: Iterable<{ readonly fromMs: number; readonly untilMs: number }>,
): readonly number[] {
  const instants = new Set<number>([HISTORY_FROM_MS])
  for (const effect of effects) {
    instants.add(Math.max(HISTORY_FROM_MS, effect.fromMs))
    if (Number.isFinite(effect.untilMs)) instants.add(Math.max(HISTORY_FROM_MS, effect.untilMs))
  }
  return [...instants].sort((left, right) => left - right)
}
