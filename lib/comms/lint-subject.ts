import type { Expanded } from './chips'
import type { RuleId } from './lint-rules'
import type { Facts, IncidentState, Inventory, LastUpdate, Level, LintPolicy, Message } from './model'
import type { Sentence } from './sentences'

/** LintInput is everything that the linter goes by. */
export type LintInput = {
  readonly message: Message
  readonly facts: Facts
  readonly incident: IncidentState
  /** last is the newest message of this audience that went out before; null for the first. */
  readonly last: LastUpdate | null
  readonly inventory: Inventory
  readonly policy: LintPolicy
  readonly now: Date
  /** drafted are the facts as they were when the text was written; what moved since is found. */
  readonly drafted?: Facts | undefined
}

/** Subject is a message prepared for the rules: its texts as they would be sent, cut into sentences. */
export type Subject = LintInput & {
  readonly nowMs: number
  readonly title: Expanded
  readonly body: Expanded
  readonly sentences: readonly Sentence[]
  readonly shown: ReadonlyMap<string, string>
}

/** Found is a finding of one rule; offsets are those of the body as it would be sent, both 0 for title and fields. */
export type Found = {
  readonly rule: RuleId
  readonly from: number
  readonly to: number
  readonly why: string
  readonly fix: string | null
  /** level is set where a rule weighs less than it usually does. */
  readonly level?: Level
  /** isDraft says that the offsets are those of the draft already. */
  readonly isDraft?: boolean
}

/** found makes a finding about a field or the whole message. */
export function found(rule: RuleId, why: string, more: Partial<Omit<Found, 'rule' | 'why'>> = {}): Found {
  return { rule, from: 0, to: 0, why, fix: null, ...more }
}

/** Hit is where a pattern matched: `from` and `to` in the body, both 0 in the title; `at` is the offset in its own text. */
export type Hit = {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly text: string
  readonly inTitle: boolean
}

/** hitsOf finds a global pattern in body and title; what is in the title has no place in the body. */
export function hitsOf(subject: Pick<Subject, 'title' | 'body'>, pattern: RegExp): readonly Hit[] {
  const inBody = [...subject.body.text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    at: match.index,
    text: match[0],
    inTitle: false,
  }))
  const inTitle = [...subject.title.text.matchAll(pattern)].map((match) => ({
    from: 0,
    to: 0,
    at: match.index,
    text: match[0],
    inTitle: true,
  }))
  return [...inBody, ...inTitle]
}

/** isInChip tells whether a hit lies in what a fact says, and was not typed. */
export function isInChip({ title, body }: Pick<Subject, 'title' | 'body'>, hit: Hit): boolean {
  const { spans } = hit.inTitle ? title : body
  return spans.some(({ from, to }) => hit.at >= from && hit.at + hit.text.length <= to)
}

/** foundAt makes a finding at a hit; a fix is given for the body only. */
export function foundAt(rule: RuleId, hit: Hit, why: string, fix: string | null = null): Found {
  return {
    rule,
    from: hit.from,
    to: hit.to,
    why: hit.inTitle ? `In the title: ${why}` : why,
    fix: hit.inTitle ? null : fix,
  }
}

/** tellsOfIncident says whether a message is about what is broken, and not about planned work. */
export function tellsOfIncident({ message }: Pick<Subject, 'message'>): boolean {
  return message.kind === 'update' || message.kind === 'correction'
}
