import type { Predicate } from './policy'

type Comparison = {
  readonly sign: string
  readonly limit: number
  readonly holds: (value: number) => boolean
}

/** judge tells whether a number known to lie in [low, high] meets the predicate: for all of it, for none, or not known. */
export function judge(when: Predicate, low: number, high: number): 'yes' | 'no' | 'unknown' {
  const { holds } = comparisonOf(when)
  const first = holds(low)
  return first === holds(high) ? (first ? 'yes' : 'no') : 'unknown'
}

/** predicateWords writes the predicate with its number: `> 10 /min`. */
export function predicateWords(when: Predicate, unit: string): string {
  const { sign, limit } = comparisonOf(when)
  return `${sign} ${numberWords(limit)}${unitWords(unit)}`
}

/** numberWords writes a number with at most two decimals and no trailing zeros. */
export function numberWords(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'endless' : 'none'
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100
  return String(rounded)
}

/** unitWords puts a unit behind a number as people write it. */
export function unitWords(unit: string): string {
  return unit === '' ? '' : ` ${unit}`
}

// Every comparison is monotone, so that its values at both ends decide the whole interval.
function comparisonOf(when: Predicate): Comparison {
  if (when.above !== undefined) {
    const limit = when.above
    return { sign: '>', limit, holds: (value) => value > limit }
  }
  if (when.atLeast !== undefined) {
    const limit = when.atLeast
    return { sign: '≥', limit, holds: (value) => value >= limit }
  }
  if (when.below !== undefined) {
    const limit = when.below
    return { sign: '<', limit, holds: (value) => value < limit }
  }
  const limit = when.atMost ?? 0
  return { sign: '≤', limit, holds: (value) => value <= limit }
}
