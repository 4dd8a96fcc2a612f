/** UnknownWhy says why a value is not known; it is never a health statement about the subject. */
export type UnknownWhy =
  | 'never_observed'
  | 'source_unreachable'
  | 'source_refused'
  | 'rate_limited'
  | 'source_error'
  | 'schema_mismatch'
  | 'field_null'
  | 'field_absent'
  | 'sentinel'
  | 'not_supported'
  | 'not_evaluated'
  | 'stale'

/** Known is a value with its unit, its source's id and two clocks: when we got it and, where told, when it was measured. */
export type Known<T> = {
  readonly kind: 'known'
  readonly value: T
  readonly unit: string
  readonly source: string
  readonly observedAt: Date
  readonly sampleAt?: Date
}

/** Unknown is the honest absence of a value: why, since when, what was last known and what to do instead. */
export type Unknown<T> = {
  readonly kind: 'unknown'
  readonly why: UnknownWhy
  readonly source: string
  readonly since: Date
  readonly detail?: string
  readonly wayRound?: string
  readonly last?: { readonly value: T; readonly observedAt: Date }
}

/** Reading is one observed field: never a bare number, never null for zero. */
export type Reading<T> = Known<T> | Unknown<T>

/** failed turns a known reading into an unknown one that keeps it as the last value; one unknown already keeps its since. */
export function failed<T>(
  reading: Reading<T>,
  failure: { readonly why: UnknownWhy; readonly detail: string },
  now: Date,
): Reading<T> {
  if (reading.kind === 'unknown') return { ...reading, why: failure.why, detail: failure.detail }
  return {
    kind: 'unknown',
    why: failure.why,
    source: reading.source,
    since: now,
    detail: failure.detail,
    last: { value: reading.value, observedAt: reading.sampleAt ?? reading.observedAt },
  }
}

/** WHY_WORDS gives each reason in the words of the screen. */
export const WHY_WORDS: Readonly<Record<UnknownWhy, string>> = {
  never_observed: 'not read yet',
  source_unreachable: 'source unreachable',
  source_refused: 'source refused our key',
  rate_limited: 'source limits our rate',
  source_error: 'source answered with an error',
  schema_mismatch: 'answer could not be read',
  field_null: 'source has no value',
  field_absent: 'not reported',
  sentinel: 'source sent a placeholder, not a value',
  not_supported: 'cannot be measured here',
  not_evaluated: 'not checked',
  stale: 'last value is too old',
}
