import type { UnknownWhy } from '../sources/reading'

/** SeverityWord is a suggested severity; P1 is the gravest. */
export type SeverityWord = 'P1' | 'P2' | 'P3' | 'P4'

/**
 * Look is what one probe saw: a number known to lie between `low` and `high` (equal when nothing was hidden), or the
 * honest absence of one. Yes and no are 1 and 0. A count over subjects that could not all be judged has a gap.
 */
export type Look = KnownLook | UnknownLook

/** KnownLook is a value with its own time; `words` is how people read it and `subjects` whom it is about. */
export type KnownLook = {
  readonly kind: 'known'
  readonly low: number
  readonly high: number
  readonly words: string
  readonly source: string
  readonly observedAtMs: number
  readonly latencyMs?: number
  readonly subjects?: readonly Subject[]
  /** hidden are subjects that could not be judged. */
  readonly hidden?: readonly Subject[]
}

/** UnknownLook says why there is no value, since when, what was last seen and the way round. */
export type UnknownLook = {
  readonly kind: 'unknown'
  readonly why: UnknownWhy | 'not_connected' | 'not_asked'
  readonly source: string
  readonly sinceMs?: number
  readonly detail?: string
  readonly wayRound?: string
  readonly last?: { readonly words: string; readonly observedAtMs: number }
}

/** Subject names a thing as `kind:id`, e.g. `instance:9100005`, `gpu:9100005/0`, `queue:video@gpu`. */
export type Subject = string

/** Looks are all looks of one moment by probe name; a missing one was not looked at. */
export type Looks = Readonly<Record<string, Look | undefined>>

/** Answer is what a question came to; unknown and stale are never no. */
export type Answer = 'yes' | 'no' | 'unknown' | 'stale'

/** Override is a person's answer in place of the machine's, with the reason that they gave. */
export type Override = {
  readonly answer: 'yes' | 'no'
  readonly by: string
  readonly reason: string
  readonly atMs: number
}

/** Evidence is what an answer rests on: the value, the predicate with its numbers, the source, its age's instant and the query. */
export type Evidence = {
  readonly value: string
  readonly predicate: string
  readonly source: string
  readonly observedAtMs: number | null
  readonly query: string
  readonly why: string
  readonly wayRound: string
  readonly subjects: readonly Subject[]
  readonly hidden: readonly Subject[]
  /** parts are the questions that a combined answer was made of. */
  readonly parts: readonly string[]
}

/** Asked is one question with its answer: `machine` stays beside an override. */
export type Asked = {
  readonly id: string
  readonly answer: Answer
  readonly machine: Answer
  readonly override: Override | null
  readonly evidence: Evidence
  /** sinceMs is since when this answer has stood, as far as was watched. */
  readonly sinceMs: number | null
}

/** Memory is since when each question has had its last plain answer; unknown in between changes nothing. */
export type Memory = Readonly<
  Record<string, { readonly answer: 'yes' | 'no'; readonly sinceMs: number } | undefined>
>

/** Reach says how a question or leaf was come by: lit by plain answers only, or open because something on the way is unknown. */
export type Reach = 'lit' | 'open'

/** LeafState is how sure a diagnosis is. */
export type LeafState = 'certain' | 'likely' | 'possible' | 'excluded'

/** Cause is a leaf with its state and what speaks for and against it. */
export type Cause = {
  readonly leaf: string
  readonly state: LeafState
  readonly severity: SeverityWord
  /** for, against and open are question ids. */
  readonly for: readonly string[]
  readonly against: readonly string[]
  readonly open: readonly string[]
  readonly explainedBy: string | null
  readonly explains: readonly string[]
  readonly subjects: readonly Subject[]
  /** via is the way from a root to the leaf: question ids in order. */
  readonly via: readonly string[]
  /** why says in words what decided the state. */
  readonly why: string
}

/** Diagnosis is what the trees make of one moment: every question, what was reached, the causes in order, and what nothing explains. */
export type Diagnosis = {
  readonly asked: readonly Asked[]
  readonly reach: Readonly<Record<string, Reach | undefined>>
  /** causes are certain and likely leaves, each followed by what it explains, then possible ones. */
  readonly causes: readonly Cause[]
  readonly excluded: readonly { readonly leaf: string; readonly why: string }[]
  readonly unexplained: readonly string[]
  readonly severity: {
    readonly severity: SeverityWord
    readonly reason: string
    readonly leaf: string
  } | null
  readonly firstSymptomAtMs: number | null
}
