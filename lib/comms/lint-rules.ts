import type { Audience, Level } from './model'

/** Weight is how much a rule weighs for each audience (null: it does not apply), and whether a second person may let its block pass. */
export type Weight = {
  readonly public: Level | null
  readonly executive: Level | null
  readonly internal: Level | null
  readonly isOverridable: boolean
  /** says is the rule in a few words, as lists show it. */
  readonly says: string
}

type Levels = readonly [pub: Level | null, executive: Level | null, internal: Level | null]

const BLOCK: Levels = ['block', 'block', 'block']
const WARN: Levels = ['warn', 'warn', 'warn']
/** Language counts where outsiders read; our own people get it as a hint. */
const LANGUAGE: Levels = ['warn', 'warn', 'hint']
const LANGUAGE_BLOCK: Levels = ['block', 'warn', 'hint']
const HINT: Levels = ['hint', 'hint', null]
const LEAK: Levels = ['block', null, null]
const LEAK_WARN: Levels = ['warn', null, null]

const weight = ([pub, executive, internal]: Levels, says: string, isOverridable = false): Weight => ({
  public: pub,
  executive,
  internal,
  isOverridable,
  says,
})

const RULES = {
  S01: weight(BLOCK, 'a place is not filled'),
  S02: weight(BLOCK, 'the next update is not set'),
  S03: weight(BLOCK, 'the next update is past or at once'),
  S04: weight(WARN, 'the next update is later than the cadence'),
  S05: weight(BLOCK, 'the text promises another time'),
  S06: weight(WARN, 'a time that depends on when it is read'),
  S07: weight(['block', 'block', 'hint'], 'a clock time without its zone'),
  S08: weight(WARN, 'a zone or hour that can be read two ways'),
  S09: weight(BLOCK, 'another status or severity than the incident has'),
  S10: weight(['block', 'block', 'warn'], 'says that it is over while it is not'),
  S11: weight(BLOCK, 'resolved while something is still broken', true),
  S12: weight(['block', null, null], 'open, yet every component operational'),
  S13: weight(['warn', null, null], 'a cause in the first update'),
  S14: weight(WARN, 'goes back and does not say so'),
  S15: weight(WARN, 'skips monitoring'),
  S16: weight(WARN, 'says the same as before'),
  S17: weight(BLOCK, 'does not say what users notice'),
  S18: weight(['warn', 'warn', null], 'impact does not come first'),
  S19: weight(BLOCK, 'a number that no fresh fact stands behind'),
  S20: weight(WARN, 'impact got smaller without a word'),
  S21: weight([null, null, 'block'], 'nobody commands'),
  S22: weight(BLOCK, 'resolved without duration, scope and data loss'),
  S23: weight(BLOCK, 'maintenance without begin and end'),
  S24: weight(BLOCK, 'too long for a channel'),
  S25: weight(BLOCK, 'a drill on its way outside'),
  S26: weight(LEAK, 'a restricted or security incident on its way outside'),
  S27: weight(WARN, 'promises a postmortem that nobody owns'),
  L01: weight(LANGUAGE, 'long'),
  L02: weight(LANGUAGE, 'a long sentence'),
  L03: weight(LANGUAGE, 'hard to read'),
  L04: weight(LANGUAGE, 'jargon'),
  L05: weight(LANGUAGE, 'hedged twice'),
  L06: weight(LANGUAGE_BLOCK, 'blame', true),
  L07: weight(LANGUAGE_BLOCK, 'promises a time of repair', true),
  L08: weight(LANGUAGE, 'makes it small'),
  L09: weight(LANGUAGE, 'apology before facts'),
  L10: weight(HINT, 'loud'),
  L11: weight(LANGUAGE, 'speculation'),
  L12: weight(['warn', 'warn', null], 'does not tell what readers can do'),
  L13: weight(LANGUAGE, 'opens with the provider'),
  X01: weight(BLOCK, 'a secret'),
  X02: weight(LEAK, 'a network address', true),
  X03: weight(LEAK, 'a host or instance of ours', true),
  X04: weight(LEAK, 'a trace, path, query or log line'),
  X05: weight(LEAK, 'a person, a customer or how to reach one', true),
  X06: weight(LEAK, 'a link into our own tools'),
  X07: weight(LEAK_WARN, 'an internal id or code name'),
  X08: weight(BLOCK, 'a mention that calls people'),
  X09: weight(LEAK_WARN, 'a link to a place that is not listed, or that does not open'),
  X10: weight(LEAK, 'a fact that is not for customers'),
} as const satisfies Readonly<Record<string, Weight>>

/** RuleId names a rule of docs/rules/comms.md. */
export type RuleId = keyof typeof RULES

/** LINT_RULES are the linter's rules by id. */
export const LINT_RULES: Readonly<Record<RuleId, Weight>> = RULES

/** LINT_VERSION changes whenever a rule changes; it is kept with what was published. */
export const LINT_VERSION = '1'

/** levelOf is the weight of a rule for an audience; null when it does not apply there. */
export function levelOf(rule: RuleId, audience: Audience): Level | null {
  return LINT_RULES[rule][audience]
}
