import { FACT_DEFS, type FactDef } from './catalogue'
import { type Chip, chipsIn } from './chips'
import { type Found, found, foundAt, hitsOf, isInChip, type Subject } from './lint-subject'
import type { Fact } from './model'

/** OLDEST_MS is how old a fact may be at most, whatever its own time. */
const OLDEST_MS = 5 * 60_000
/** A source's clock may run ahead a little. */
const AHEAD_MS = 60_000
const MOVED_PERCENT = 10

const PLACEHOLDER =
  /\{\{[^}\n]{0,80}\}\}|\$\{[^}\n]{0,80}\}|\[[A-Za-z][^\]\n]{1,60}\](?!\()|<[A-Z][A-Z _-]{2,}>|\b(?:TBD|TBC|TODO|FIXME|XXX+)\b|\b[Tt][Bb][DdCc]\b|%[A-Z][A-Z_]{2,}%|(?<![{$])\{[a-z][a-z_ ]{1,40}\}(?!\})|\bXX:XX\b|_{3,}/g

/** lintFacts finds open places, facts that are gone, old, moved or not for this audience, and numbers without a fact: S01, S19, X10. */
export function lintFacts(subject: Subject): readonly Found[] {
  const { message } = subject
  const chips = [
    ...chipsIn(message.body).map((chip) => ({ chip, inTitle: false })),
    ...chipsIn(message.title).map((chip) => ({ chip, inTitle: true })),
  ]
  return [
    ...placeholders(subject),
    ...chips.flatMap(({ chip, inTitle }) => chipFaults(subject, chip, inTitle)),
    ...typedFactsOfOurs(subject),
    ...typedNumbers(subject),
  ]
}

function placeholders(subject: Subject): readonly Found[] {
  return hitsOf(subject, PLACEHOLDER).map((hit) => foundAt('S01', hit, placeholderWhy(hit.text, subject)))
}

function placeholderWhy(text: string, { facts }: Subject): string {
  const id = chipsIn(text)[0]?.id
  if (id === undefined) return `“${text}” is still to be filled in.`
  const def = FACT_DEFS.get(id)
  if (!def) return `There is no fact called ${id}.`
  if (def.from === 'message') return `“${def.label}” is not set in this message.`
  const fact = facts[id]
  return fact && fact.value !== null
    ? `“${def.label}” can't be read as ${def.unit}.`
    : `Nobody knows “${def.label}” now.`
}

function chipFaults(subject: Subject, chip: Chip, inTitle: boolean): readonly Found[] {
  const { facts, drafted, message, nowMs } = subject
  const def = FACT_DEFS.get(chip.id)
  if (!def) return []
  const at = inTitle ? {} : { from: chip.from, to: chip.to, isDraft: true }
  const mark = inTitle ? 'In the title: ' : ''
  const fact = facts[chip.id]
  const isHidden = !def.isPublic || (def.from === 'facts' && fact?.isPublic === false)
  const leak =
    message.audience === 'public' && isHidden
      ? [found('X10', `${mark}“${def.label}” is not for customers.`, { ...at, fix: '' })]
      : []
  if (def.from === 'message' || !fact || fact.value === null) return leak
  const before = drafted?.[chip.id]
  return [
    ...leak,
    ...[staleWhy(def, fact, nowMs), drafted ? movedWhy(def, before, fact) : undefined]
      .filter((why) => why !== undefined)
      .map((why) => found('S19', `${mark}${why}`, at)),
  ]
}

/** staleWhy says why a reading is too old, or of no time, to be told; undefined when it may be. */
export function staleWhy(def: FactDef, { asOf, ttlMs }: Fact, nowMs: number): string | undefined {
  const readMs = Date.parse(asOf)
  if (!Number.isFinite(readMs)) return `Nobody knows when “${def.label}” was read.`
  if (readMs > nowMs + AHEAD_MS) return `“${def.label}” was read in the future: a clock is wrong.`
  const ageMs = nowMs - readMs
  if (ageMs <= Math.min(ttlMs, def.ttlMs, OLDEST_MS)) return undefined
  return `“${def.label}” was read ${Math.round(ageMs / 1_000)} s ago, which is too old. Read it again.`
}

function movedWhy(def: FactDef, before: Fact | undefined, now: Fact): string | undefined {
  if (!before) return `“${def.label}” was not known when this was written. Read the text again.`
  if (before.value === now.value) return undefined
  if (typeof before.value === 'number' && typeof now.value === 'number') {
    const moved = Math.abs(now.value - before.value)
    if (moved <= (Math.abs(before.value) * MOVED_PERCENT) / 100) return undefined
  }
  return `“${def.label}” was ${before.value ?? 'unknown'} when this was written and is ${now.value ?? 'unknown'} now.`
}

/** Internal facts whose words give something away even when they are typed; titles and impacts are said to customers too. */
const TELLING: readonly (readonly [id: string, min: number])[] = [
  ['incident_name', 4],
  ['commander', 4],
  ['communications_lead', 4],
  ['deployment_approver', 4],
  ['deployment_engineer', 4],
  ['cause', 12],
  ['rollback_reason', 12],
]

function typedFactsOfOurs(subject: Subject): readonly Found[] {
  if (subject.message.audience !== 'public') return []
  return TELLING.flatMap(([id, min]) => {
    const def = FACT_DEFS.get(id)
    const value = subject.facts[id]?.value
    if (!def || typeof value !== 'string' || value.trim().length < min) return []
    if (!saidIn(subject).includes(value.trim().toLowerCase())) return []
    return hitsOf(subject, wordPattern(value.trim()))
      .filter((hit) => !isInChip(subject, hit))
      .map((hit) => foundAt('X10', hit, `“${def.label}” (${value.trim()}) is not for customers.`))
  })
}

function saidIn({ title, body }: Subject): string {
  return `${title.text}\n${body.text}`.toLowerCase()
}

function isOpen(id: string, { facts }: Pick<Subject, 'facts'>): boolean {
  const def = FACT_DEFS.get(id)
  return Boolean(def?.isPublic) && facts[id]?.isPublic !== false
}

/** wordPattern matches a text as whole words, in any case. */
export function wordPattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}(?![\\p{L}\\p{N}_-])`, 'giu')
}

const MONTH =
  'Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?'
/** Numbers that measure nothing: times, dates, versions, addresses, names with a number, advice, and what other rules judge. */
const NO_FIGURES: readonly RegExp[] = [
  /https?:\/\/\S+/g,
  /\b\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?/g,
  /\b\d{1,2}:\d\d(?::\d\d)?/g,
  new RegExp(
    `\\b\\d{1,2}(?:st|nd|rd|th)?\\s+(?:${MONTH})\\b(?:,?\\s+\\d{4})?|\\b(?:${MONTH})\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?`,
    'g',
  ),
  /\bv\d[\w.-]*|\b\d+\.\d+\.\d+[\w.-]*/g,
  /\b(?:error|code|http|status|xid|windows|macos|ios|android|ubuntu|debian|chrome|firefox|safari|pytorch|tensorflow|driver|host|port|version|step|phase|tier|release|build|cuda|python|node|level|machine|instance|pool|zone|update)\s*[-#]?\s*\d[\d.]*/gi,
  /\b[A-Za-z]{1,10}[-#]?\d[\w.-]*/g,
  /#\d+|\b24\/7\b|\b\d(?:st|nd|rd|th)\b/g,
  /\b(?:in|within|by|for|after)\s+(?:the\s+)?(?:next\s+)?\d+\s+(?:min(?:ute)?s?|h(?:our)?s?|seconds?|days?)\b/gi,
  /\b(?:please|try|wait|retry|you can)\b[^.\n]{0,60}?\d+\s+(?:min(?:ute)?s?|h(?:our)?s?|seconds?|times)\b/gi,
]
const NUMBER = /(?<![\w.#:/])\$?\d+(?:[.,]\d+)*(?:\s?%)?(?:(?!\w)|(?=[kmx]\b))/g

function typedNumbers(subject: Subject): readonly Found[] {
  if (!subject.policy.numbersNeedFacts) return []
  const grounds = [...groundsOf(subject), ...componentNames(subject), ...NO_FIGURES]
  const masked = {
    title: { ...subject.title, text: blanked(subject.title, grounds) },
    body: { ...subject.body, text: blanked(subject.body, grounds) },
  }
  return hitsOf(masked, NUMBER).map((hit) => {
    const it = foundAt('S19', hit, `No fact says ${hit.text.trim()}. Use a fact, or say it without a number.`)
    // Our own people may count by hand; a fact that is old or gone still blocks.
    return subject.message.audience === 'internal' ? { ...it, level: 'warn' as const } : it
  })
}

/** Only what a fact says here and now, as a whole, gives a typed number its ground. */
function groundsOf(subject: Subject): readonly RegExp[] {
  const { facts, message, nowMs, shown } = subject
  const said = saidIn(subject)
  return [...shown].flatMap(([id, text]) => {
    const def = FACT_DEFS.get(id)
    const fact = facts[id]
    if (!def || !/\d/.test(text) || (message.audience === 'public' && !isOpen(id, subject))) return []
    const spaced = text.replace('%', ' %')
    if (![text, spaced].some((it) => said.includes(it.toLowerCase()))) return []
    const isFresh = def.from === 'message' || (fact && staleWhy(def, fact, nowMs) === undefined)
    return isFresh ? [wordPattern(text), wordPattern(spaced)] : []
  })
}

function componentNames({ message }: Subject): readonly RegExp[] {
  return message.components
    .map(({ name }) => name)
    .filter((name) => /\d/.test(name))
    .map(wordPattern)
}

/** The text with what is judged elsewhere, or not at all, made blank; every other offset stays. */
function blanked({ text, spans }: Subject['body'], patterns: readonly RegExp[]): string {
  const blank = (part: string): string => ' '.repeat(part.length)
  const bare = spans.reduce(
    (out, { from, to }) => out.slice(0, from) + blank(out.slice(from, to)) + out.slice(to),
    text,
  )
  return patterns.reduce((out, pattern) => out.replace(pattern, blank), bare)
}
