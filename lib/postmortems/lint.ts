import { proseOf, type Sentence, sentencesIn } from './lint-text'
import type { PostmortemRecord, SectionKey, TimelineRow } from './model'

/** LintRule names a rule of docs/rules/postmortems.md. */
export type LintRule =
  | 'blame'
  | 'counterfactual'
  | 'hindsight'
  | 'unlinked'
  | 'gap'
  | 'empty'
  | 'single-cause'
  | 'item'
  | 'no-item'

/** LINT_WORDS are how each rule is called on the page. */
export const LINT_WORDS: Readonly<Record<LintRule, string>> = {
  blame: 'Blame',
  counterfactual: 'Counterfactual',
  hindsight: 'Hindsight',
  unlinked: 'Claim without data',
  gap: 'Gap not explained',
  empty: 'Nobody has written',
  'single-cause': 'One cause alone',
  item: 'Action item not whole',
  'no-item': 'No action item',
}

/** LintFinding is one thing to look at; `must` keeps a document from being published, `advice` does not. */
export type LintFinding = {
  readonly rule: LintRule
  readonly level: 'must' | 'advice'
  readonly section: SectionKey | 'items'
  /** from and to are offsets in the section's text, both 0 where the whole is meant. */
  readonly from: number
  readonly to: number
  readonly why: string
  /** ref names the row of the timeline or the action item that is meant; empty for a text. */
  readonly ref: string
}

/** LintItem is what the linter needs of an action item. */
export type LintItem = {
  readonly id: string
  readonly title: string
  readonly kind: string | null
  readonly owner: string | null
  readonly dueOn: string | null
  readonly doneWhen: string
}

/** LintSubject is a postmortem as the linter sees it. */
export type LintSubject = {
  readonly sections: readonly { readonly key: SectionKey; readonly body: string }[]
  readonly timeline: PostmortemRecord['timeline']
  readonly severity: string
  readonly items: readonly LintItem[]
}

const NEEDED: readonly SectionKey[] = ['summary', 'impact', 'causes', 'resolution']
const CLAIMING: readonly SectionKey[] = ['impact', 'timeline', 'causes', 'resolution']

const FAILED =
  "(?:forgot|failed to|broke|caused|neglected|ignored|overlooked|missed|messed|screwed|misconfigured|mistakenly|accidentally|carelessly|did not bother|didn[’']t bother|did not (?:check|test|notice|read|follow)|didn[’']t (?:check|test|notice|read|follow))"
const BLAME = new RegExp(
  `\\b(?:human error|operator error|user error|pilot error|careless\\w*|negligen\\w+|incompeten\\w+|sloppy|reckless\\w*|stupid\\w*|laz(?:y|iness)|to blame|blam(?:e|es|ed|ing)\\b|at fault|(?:fault|mistake|error) (?:of|by) (?:@\\w+|an? (?:engineer|operator|developer|responder))|(?:his|her|their|@\\w+(?:['’]s)?) (?:own )?(?:fault|mistake|carelessness)|should have known better|violated (?:the )?(?:policy|procedure)|(?:an? |the )?(?:engineer|operator|developer|intern|contractor|responder|commander|on-call|somebody|someone) ${FAILED})|@[\\w.-]+ ${FAILED}`,
  'gi',
)
const COUNTERFACTUAL =
  /\b(?:(?:should|could|would|might|ought to) (?:not |never |easily |simply |also |already |at least )*have\b(?! (?:to|the|a|an|no)\b)|shouldn['’]t have|couldn['’]t have|wouldn['’]t have|(?:should|could|would|might)['’]ve|if only|had (?:\w+ ){1,4}(?:been|known|looked|noticed|acted|done|checked|seen|tested|waited)\b[^.\n]{0,80}\bwould|would be avoided|(?:was|were) preventable|needed to have)\b/gi
const HINDSIGHT =
  /\b(?:obvious(?:ly)?|clearly|of course|simply|merely|trivial(?:ly)?|easily|naturally|in hindsight|in retrospect|as (?:everyone|everybody) knows|it was only a matter of)\b/gi
const CLAIM =
  /\b\d{1,2}:\d{2}(?::\d{2})?\s?Z?\b|[$€£]\s?\d|\b\d[\d.,]*\s?(?:%|percent\b|requests?\b|errors?\b|GPUs?\b|users?\b|customers?\b|tenants?\b|minutes?\b|hours?\b|seconds?\b|jobs?\b|instances?\b|hosts?\b|ms\b|req\/s|GPU-hours?\b)/i
const SINGLE =
  /\b(?:the|a) (?:single |only |sole |one )?(?:root cause|cause) (?:was|is) (?:simply |just |merely )?(?:that )?/i

/** lint judges a postmortem for what keeps people from learning: rules PM-LNT of docs/rules/postmortems.md, in the order of the page. */
export function lint(subject: LintSubject): readonly LintFinding[] {
  return [
    ...subject.sections.flatMap((section) => [...language(section), ...claims(section)]),
    ...gaps(subject),
    ...emptiness(subject),
    ...items(subject),
  ]
}

/** mustsOf gives the findings that a document may not be published with. */
export function mustsOf(findings: readonly LintFinding[]): readonly LintFinding[] {
  return findings.filter(({ level }) => level === 'must')
}

type Section = LintSubject['sections'][number]

function language(section: Section): readonly LintFinding[] {
  const prose = proseOf(section.body)
  const each = (rule: LintRule, pattern: RegExp, why: (text: string) => string): readonly LintFinding[] =>
    [...prose.matchAll(pattern)].map((hit) =>
      advice(rule, section.key, { from: hit.index, to: hit.index + hit[0].length }, why(hit[0])),
    )
  const cause = section.key === 'causes' && SINGLE.test(prose) && factorsIn(section.body) < 2
  return [
    ...each(
      'blame',
      BLAME,
      (text) =>
        `“${text}” ends the search at a person. Say what people saw, and what made it reasonable then.`,
    ),
    ...each(
      'counterfactual',
      COUNTERFACTUAL,
      (text) =>
        `“${text}” tells of what did not happen. Say what people saw and why waiting made sense then.`,
    ),
    ...each(
      'hindsight',
      HINDSIGHT,
      (text) => `“${text}” is what one knows afterwards. Say what was known then.`,
    ),
    ...(cause
      ? [
          advice(
            'single-cause',
            'causes',
            { from: 0, to: 0 },
            'One cause explains little. What else had to be true, and what made it last?',
          ),
        ]
      : []),
  ]
}

function factorsIn(body: string): number {
  return (body.match(/^ {0,3}(?:[-*+]|\d+[.)]) /gm) ?? []).length + (body.match(/\n\s*\n/g) ?? []).length
}

function claims({ key, body }: Section): readonly LintFinding[] {
  if (!CLAIMING.includes(key)) return []
  return sentencesIn(proseOf(body))
    .filter((sentence) => CLAIM.test(sentence.text) && !isLinked(body, sentence))
    .map((sentence) =>
      advice(
        'unlinked',
        key,
        sentence,
        'A figure or a time with nothing behind it. Insert the evidence that it rests on.',
      ),
    )
}

function isLinked(body: string, { from, to }: Sentence): boolean {
  // A link may begin inside the sentence and end behind its full stop.
  return /\]\([^)\s]|https?:\/\//.test(body.slice(from, to + 1)) || /^[^\n]{0,3}\]\(/.test(body.slice(to))
}

function gaps({ sections, timeline }: LintSubject): readonly LintFinding[] {
  const all = sections.map(({ body }) => body).join('\n')
  return timeline
    .filter((row) => row.kind === 'gap' && !isExplained(row, all))
    .map((row) => ({
      rule: 'gap',
      level: 'must',
      section: 'timeline',
      from: 0,
      to: 0,
      why: `${gapWords(row)}: nothing is known of it, and nobody says why.`,
      ref: row.id,
    }))
}

/** rowAnchor is the place of a row of the timeline in the document. */
export function rowAnchor(id: string): string {
  return `row-${id}`
}

/** A text speaks of a gap by a link to its row, or by the minute in which it begins. */
function isExplained(row: TimelineRow, text: string): boolean {
  return (
    text.includes(`](#${rowAnchor(row.id)})`) ||
    new RegExp(`(?<!\\d)${clock(row.eventAtMs)}(?!\\d)`).test(text)
  )
}

function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16)
}

/** A gap by its times, `Gap 02:14 to 02:19Z`. */
function gapWords({ eventAtMs, toMs }: Pick<TimelineRow, 'eventAtMs' | 'toMs'>): string {
  return toMs === null ? `Gap from ${clock(eventAtMs)}Z` : `Gap ${clock(eventAtMs)} to ${clock(toMs)}Z`
}

function emptiness({ sections }: LintSubject): readonly LintFinding[] {
  return NEEDED.filter((key) => (sections.find((one) => one.key === key)?.body ?? '').trim() === '').map(
    (key) => ({
      rule: 'empty',
      level: 'must',
      section: key,
      from: 0,
      to: 0,
      why: 'Nobody has written here yet.',
      ref: '',
    }),
  )
}

function items({ items: all, severity }: LintSubject): readonly LintFinding[] {
  if (all.length === 0 && (severity === 'P1' || severity === 'P2'))
    return [
      {
        rule: 'no-item',
        level: 'advice',
        section: 'items',
        from: 0,
        to: 0,
        why: `A ${severity} without an action item: say in the text why nothing is to be changed, or add one.`,
        ref: '',
      },
    ]
  return all.flatMap((item) => {
    const lacks = [
      item.owner === null ? 'an owner' : '',
      item.dueOn === null ? 'a due date' : '',
      item.kind === null ? 'a kind (prevent, detect, mitigate or process)' : '',
      item.doneWhen.trim() === '' ? 'a check that says when it is done' : '',
    ].filter((one) => one !== '')
    if (lacks.length === 0) return []
    const why = `“${item.title}” has not ${lacks.join(', nor ')}.`
    return [{ rule: 'item', level: 'must', section: 'items', from: 0, to: 0, why, ref: item.id }] as const
  })
}

function advice(
  rule: LintRule,
  section: SectionKey,
  { from, to }: { readonly from: number; readonly to: number },
  why: string,
): LintFinding {
  return { rule, level: 'advice', section, from, to, why, ref: '' }
}
