import { expand, shownFacts } from './chips'
import { limitText } from './limits'
import { lintFacts } from './lint-facts'
import { lintLanguage } from './lint-language'
import { lintLeaks } from './lint-leaks'
import { LINT_RULES, levelOf } from './lint-rules'
import { lintState } from './lint-state'
import { type Found, found, type LintInput, type Subject } from './lint-subject'
import { lintTimes } from './lint-times'
import type { Finding } from './model'
import { LEVELS } from './model'
import { outgoingOf } from './outgoing'
import { limitsOf } from './preview'
import { sentencesOf } from './sentences'

/** lint judges a message by the rules of docs/rules/comms.md and gives every finding, the weightiest first. */
export function lint(input: LintInput): readonly Finding[] {
  const subject = subjectOf(input)
  const all = [
    ...lintFacts(subject),
    ...lintTimes(subject),
    ...lintState(subject),
    ...limits(subject),
    ...lintLeaks(subject),
    ...lintLanguage(subject),
  ]
  const findings = all.flatMap((it) => findingOf(it, subject))
  return distinct(findings).sort(
    (a, b) =>
      LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.from - b.from || (a.rule < b.rule ? -1 : 1),
  )
}

/** blocksOf gives the findings that stop a message; those that a second person let pass, by rule, are left out. */
export function blocksOf(
  findings: readonly Finding[],
  overridden: readonly string[] = [],
): readonly Finding[] {
  return findings.filter(
    ({ level, rule, isOverridable }) => level === 'block' && !(isOverridable && overridden.includes(rule)),
  )
}

function subjectOf(input: LintInput): Subject {
  const { message, facts, now } = input
  const shown = shownFacts(message, facts)
  const body = expand(message.body, shown)
  return {
    ...input,
    nowMs: now.getTime(),
    shown,
    title: expand(message.title, shown),
    body,
    sentences: sentencesOf(body.text),
  }
}

function limits({ message, facts, incident, policy, last }: Subject): readonly Found[] {
  const { name, startedAt, commander, isDrill } = incident
  const around = { name, href: null, startedAt, commander, isDrill }
  const out = outgoingOf({ message, facts, incident: around, seq: last ? 2 : 1 })
  const empty =
    out.title.trim() === '' ? ['The title is empty.'] : out.body.trim() === '' ? ['The text is empty.'] : []
  return [
    ...empty.map((why) => found('S01', why)),
    ...policy.channels
      .flatMap((form) => limitsOf(form, out))
      .map((fault) => found('S24', `Too long for ${limitText(fault)}.`)),
  ]
}

function findingOf(
  { rule, from, to, why, fix, level, isDraft }: Found,
  subject: Subject,
): readonly Finding[] {
  const weight = levelOf(rule, subject.message.audience)
  if (weight === null) return []
  const at = isDraft || (from === 0 && to === 0) ? { from, to } : subject.body.back(from, to)
  const least = level !== undefined && LEVELS.indexOf(level) > LEVELS.indexOf(weight) ? level : weight
  return [
    {
      rule,
      level: least,
      isOverridable: least === 'block' && LINT_RULES[rule].isOverridable,
      ...at,
      why,
      fix,
    },
  ]
}

function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ rule, from, to, why }) => {
    const key = `${rule} ${from} ${to} ${from === to ? why : ''}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
