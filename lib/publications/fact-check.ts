/** Told is a fact as a draft showed it. */
export type Told = { readonly value: string | number | null; readonly asOf: string }

/** Known is a fact as it is read now; `ttlMs` is how long it may be said after it was seen. */
export type Known = Told & {
  readonly unit: string
  readonly ttlMs: number
  readonly isPublic: boolean
}

/** FactProblem says what is wrong with one fact of a text; `now` is its present value where there is one. */
export type FactProblem = {
  readonly fact: string
  readonly kind: 'missing' | 'old' | 'changed' | 'internal'
  readonly why: string
  readonly now: string | number | null
}

/** chipsOf gives the ids of the facts that a text names (`{{fact_id}}`), each once, in order. */
export function chipsOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g)].map((match) => match[1] ?? ''))]
}

/** Drift is how far a fact may move before its text is another one: numbers by percent, instants and durations by time. */
export type Drift = { readonly percent: number; readonly runsOnMs: number }

const MINUTE_MS = 60_000

/** driftOf is what the policy allows until a message is published, or the wider drift until a second person agrees to it. */
export function driftOf(
  policy: { readonly changePercent: number; readonly agreedChangePercent: number },
  isAgreement: boolean,
): Drift {
  return isAgreement
    ? { percent: policy.agreedChangePercent, runsOnMs: 15 * MINUTE_MS }
    : { percent: policy.changePercent, runsOnMs: 2 * MINUTE_MS }
}

/**
 * factProblems compares what a draft showed with what is known now, for the facts that its text names: one that is gone,
 * older than its time, moved by more than `drift`, or not for this audience; rules P-FCT.
 */
export function factProblems(input: {
  readonly chips: readonly string[]
  readonly told: Readonly<Record<string, Told>>
  readonly known: Readonly<Record<string, Known>>
  readonly isPublicText: boolean
  readonly drift: Drift
  readonly nowMs: number
}): readonly FactProblem[] {
  return input.chips.flatMap((fact): readonly FactProblem[] => {
    const known = input.known[fact]
    if (known === undefined || known.value === null)
      return [{ fact, kind: 'missing', why: `Nobody knows ${fact} now.`, now: null }]
    if (input.isPublicText && !known.isPublic)
      return [{ fact, kind: 'internal', why: `${fact} is not for customers.`, now: null }]
    const ageMs = input.nowMs - Date.parse(known.asOf)
    if (!(ageMs <= known.ttlMs))
      return [{ fact, kind: 'old', why: `${fact} was last read ${ageWords(ageMs)} ago.`, now: known.value }]
    const told = input.told[fact]
    if (told === undefined)
      return [{ fact, kind: 'missing', why: `The draft does not say what ${fact} was.`, now: known.value }]
    if (!hasMoved(told.value, known.value, { unit: known.unit, ...input.drift })) return []
    return [
      {
        fact,
        kind: 'changed',
        why: `${fact} was ${told.value ?? 'unknown'} when this was drafted and is ${known.value} now.`,
        now: known.value,
      },
    ]
  })
}

function hasMoved(
  before: string | number | null,
  now: string | number,
  { unit, percent, runsOnMs }: Drift & { readonly unit: string },
): boolean {
  if (before === now) return false
  if (unit === 'clock' || unit === 'moment')
    return !(Math.abs(Date.parse(String(before)) - Date.parse(String(now))) <= runsOnMs)
  if (typeof before !== 'number' || typeof now !== 'number') return true
  if (unit === 'minutes' && Math.abs(now - before) * MINUTE_MS <= runsOnMs) return false
  return Math.abs(now - before) > (Math.abs(before) * percent) / 100
}

function ageWords(ageMs: number): string {
  if (!Number.isFinite(ageMs)) return 'an unknown time'
  if (ageMs < 60_000) return `${Math.max(0, Math.round(ageMs / 1_000))} s`
  return `${Math.round(ageMs / 60_000)} min`
}
