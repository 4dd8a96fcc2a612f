import { type Reading, type UnknownWhy, WHY_WORDS } from '../../sources/reading'
import type { Verdict } from '../model'
import { capital, durationWords } from './words'

/** timeOf is when a reading's value was measured (epoch ms), its last known value's time if it is unknown, 0 if it never had one. */
export function timeOf<T>(reading: Reading<T>): number {
  if (reading.kind === 'known') return (reading.sampleAt ?? reading.observedAt).getTime()
  return reading.last ? reading.last.observedAt.getTime() : 0
}

/**
 * usable is the value a rule may judge by: known and young enough, or the last known one while it is still young.
 * One failed look freezes a value until `maxAgeMs`; a value nobody may look at (not evaluated, not supported) is never used.
 */
export function usable<T>(reading: Reading<T>, nowMs: number, maxAgeMs: number): T | undefined {
  if (reading.kind === 'known') return nowMs - timeOf(reading) <= maxAgeMs ? reading.value : undefined
  if (reading.why === 'not_evaluated' || reading.why === 'not_supported' || !reading.last) return undefined
  return nowMs - timeOf(reading) <= maxAgeMs ? reading.last.value : undefined
}

/** isOld tells a reading that once had a value, now too old, from one that has none to show. */
export function isOld<T>(reading: Reading<T>, nowMs: number, maxAgeMs: number): boolean {
  const at = timeOf(reading)
  return at > 0 && nowMs - at > maxAgeMs
}

/** whyOf is the reason why a reading can't be used now; a known but old one is `stale`. */
export function whyOf<T>(reading: Reading<T>): UnknownWhy {
  return reading.kind === 'known' ? 'stale' : reading.why
}

/** unread is the verdict on a subject whose reading can't be used: stale if it had a value once, else unknown, with its cause. */
export function unread<T>(input: {
  readonly reading: Reading<T>
  readonly subject: string
  readonly code: string
  readonly nowMs: number
  readonly maxAgeMs: number
}): Verdict {
  const { reading, subject, code, nowMs, maxAgeMs } = input
  const why = whyOf(reading)
  const way = reading.kind === 'unknown' && reading.wayRound ? { action: reading.wayRound } : {}
  if (isOld(reading, nowMs, maxAgeMs)) {
    const cause = why === 'stale' ? '' : `: ${WHY_WORDS[why]}`
    const reason = `${subject}: no reading for over ${durationWords(maxAgeMs / 1000)}${cause}`
    return { rating: 'stale', code: `${code}.stale`, reason: capital(reason), ...way }
  }
  return {
    rating: 'unknown',
    code: `${code}.unread`,
    reason: capital(`${subject}: ${WHY_WORDS[why]}`),
    ...way,
  }
}

/** sameVerdict compares what people and filters see of two verdicts. */
export function sameVerdict(left: Verdict, right: Verdict): boolean {
  return (
    left === right ||
    (left.rating === right.rating &&
      left.code === right.code &&
      left.reason === right.reason &&
      left.action === right.action)
  )
}
