import { timeOf } from '../health/rules/evidence'
import type { Reading, UnknownWhy } from '../sources/reading'
import type { KnownLook, Look, Subject, UnknownLook } from './model'
import type { Taken } from './ports'
import { numberWords, unitWords } from './predicate'
import { findProbe } from './probes'

// One missed look is no blindness: a value this young stands although the last try failed.
const GRACE_MS = 30_000

/** valueLook is a look at one number with its own time. */
export function valueLook(
  name: string,
  value: number,
  at: { readonly atMs: number; readonly latencyMs?: number | undefined; readonly words?: string },
): KnownLook {
  const probe = findProbe(name)
  return {
    kind: 'known',
    low: value,
    high: value,
    words: at.words ?? `${numberWords(value)}${unitWords(probe?.unit ?? '')}`,
    source: probe?.source ?? '',
    observedAtMs: at.atMs,
    ...(at.latencyMs === undefined ? {} : { latencyMs: at.latencyMs }),
  }
}

/** flagLook is a look at a yes or no, in words. */
export function flagLook(
  name: string,
  value: boolean,
  at: { readonly atMs: number; readonly words: string; readonly subjects?: readonly Subject[] },
): KnownLook {
  const look = valueLook(name, value ? 1 : 0, at)
  return at.subjects && value ? { ...look, subjects: at.subjects } : look
}

/** noLook is the absence of a value, with why. */
export function noLook(name: string, why: UnknownLook['why'], detail = '', sinceMs?: number): UnknownLook {
  const probe = findProbe(name)
  return {
    kind: 'unknown',
    why,
    source: probe?.source ?? '',
    ...(detail === '' ? {} : { detail }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(probe ? { wayRound: probe.wayRound } : {}),
  }
}

/** readingLook turns a reading into a look; a value that failed to renew only just now still stands. */
export function readingLook(name: string, reading: Reading<number>, nowMs: number): Look {
  if (reading.kind === 'known') {
    if (Number.isNaN(reading.value)) return noLook(name, 'field_absent', 'the answer holds no number')
    return valueLook(name, reading.value, { atMs: timeOf(reading) })
  }
  const { last } = reading
  if (last && reading.why !== 'not_evaluated' && nowMs - last.observedAt.getTime() <= GRACE_MS) {
    return valueLook(name, last.value, { atMs: last.observedAt.getTime() })
  }
  const none = noLook(name, reading.why, reading.detail ?? '', reading.since.getTime())
  const words = last ? valueLook(name, last.value, { atMs: 0 }).words : ''
  return last ? { ...none, last: { words, observedAtMs: last.observedAt.getTime() } } : none
}

/** countLook counts subjects that are so; those that could not be judged widen the span instead of counting as no. */
export function countLook(
  name: string,
  found: { readonly yes: readonly Subject[]; readonly hidden?: readonly Subject[]; readonly of?: number },
  atMs: number,
): KnownLook {
  const yes = [...new Set(found.yes)]
  const hidden = [...new Set(found.hidden ?? [])].filter((it) => !yes.includes(it))
  const unit = findProbe(name)?.unit ?? ''
  const among = found.of === undefined ? '' : ` of ${found.of}`
  const unjudged = hidden.length > 0 ? `, ${hidden.length} not judged` : ''
  return {
    ...valueLook(name, yes.length, { atMs }),
    high: yes.length + hidden.length,
    words: `${yes.length}${among}${unitWords(unit)}${unjudged}`,
    subjects: yes.slice(0, 200),
    hidden: hidden.slice(0, 200),
  }
}

/** takenLook reads a look that triage took itself; a failure hides an older answer once the grace is over. */
export function takenLook<T>(
  name: string,
  taken: Taken<T> | undefined,
  around: {
    readonly nowMs: number
    readonly read: (value: T, at: { readonly atMs: number; readonly latencyMs: number }) => Look
  },
): Look {
  if (!taken) return noLook(name, 'not_connected')
  const { value, failure } = taken
  if (value && (!failure || around.nowMs - value.atMs <= GRACE_MS)) return around.read(value.of, value)
  if (!failure) return noLook(name, 'not_asked')
  const none = noLook(name, failure.why, failure.detail, failure.atMs)
  if (!value) return none
  const before = around.read(value.of, value)
  return before.kind === 'known' ? { ...none, last: { words: before.words, observedAtMs: value.atMs } } : none
}

/** whyOfSource says why a source's looks are missing. */
export function whyOfSource(
  source: { readonly state: string; readonly why?: UnknownWhy } | undefined,
): UnknownLook['why'] {
  if (!source || source.state === 'off') return 'not_connected'
  return source.why ?? 'never_observed'
}
