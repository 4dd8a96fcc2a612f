/** Traits are what incidents are told apart by; `words` are stems of title, error type, summary and causes. */
export type Traits = {
  readonly leaves: readonly string[]
  readonly components: readonly string[]
  readonly hosts: readonly string[]
  readonly words: readonly string[]
}

/** Reason says in what two incidents are alike. */
export type Reason =
  | { readonly kind: 'leaf' | 'component' | 'host'; readonly shared: readonly string[] }
  | { readonly kind: 'words'; readonly shared: readonly string[]; readonly percent: number }

/** Alike is a candidate with why it is alike and how much. */
export type Alike<Candidate> = {
  readonly candidate: Candidate
  readonly score: number
  readonly reasons: readonly Reason[]
}

const WEIGHTS = { leaf: 4, component: 1.5, host: 1, words: 4 } as const
/** Shared words count from here on: below it two texts are alike by chance. */
const LEAST_PERCENT = 12
const MOST_WORDS = 8
/** Below so many candidates nothing can be said of which words are common. */
const COMMON_FROM = 8

/**
 * alikeOf orders candidates by what they share with a subject and leaves out those that share nothing. A word that half of
 * the candidates hold tells nothing. Rules L-SIM of docs/rules/library.md.
 */
export function alikeOf<Candidate extends Traits>(
  subject: Traits,
  candidates: readonly Candidate[],
  most: number,
): readonly Alike<Candidate>[] {
  const common = commonOf(candidates)
  const own = new Set(subject.words.filter((word) => tells(word) && !common.has(word)))
  return candidates
    .map((candidate) => {
      const reasons = reasonsOf(subject, candidate, { own, common })
      return { candidate, reasons, score: reasons.reduce((sum, reason) => sum + worthOf(reason), 0) }
    })
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
}

// Days, months, plain numbers and how long something took say nothing of what went wrong.
const IDLE =
  /^(?:\d.*|..?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|minut|hour|wait|becaus|caus|known|nobodi|told)$/

function tells(word: string): boolean {
  return !IDLE.test(word)
}

function commonOf(candidates: readonly Traits[]): ReadonlySet<string> {
  if (candidates.length < COMMON_FROM) return new Set()
  const counts = new Map<string, number>()
  for (const { words } of candidates)
    for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return new Set([...counts].filter(([, count]) => count * 2 > candidates.length).map(([word]) => word))
}

function reasonsOf(
  subject: Traits,
  candidate: Traits,
  { own, common }: { readonly own: ReadonlySet<string>; readonly common: ReadonlySet<string> },
): readonly Reason[] {
  const both = (a: readonly string[], b: readonly string[]): string[] =>
    [...new Set(a)].filter((one) => b.includes(one)).sort()
  const reasons: Reason[] = []
  const leaf = both(subject.leaves, candidate.leaves)
  if (leaf.length > 0) reasons.push({ kind: 'leaf', shared: leaf })
  const component = both(subject.components, candidate.components)
  if (component.length > 0) reasons.push({ kind: 'component', shared: component })
  const host = both(subject.hosts, candidate.hosts)
  if (host.length > 0) reasons.push({ kind: 'host', shared: host })
  const theirs = new Set(candidate.words.filter((word) => tells(word) && !common.has(word)))
  const shared = [...own].filter((word) => theirs.has(word))
  const percent =
    shared.length === 0 ? 0 : Math.round((shared.length / Math.sqrt(own.size * theirs.size)) * 100)
  if (shared.length > 1 && percent >= LEAST_PERCENT)
    reasons.push({ kind: 'words', shared: longest(shared), percent })
  return reasons
}

// Long words say more of what happened than short ones.
function longest(words: readonly string[]): readonly string[] {
  return words.toSorted((a, b) => b.length - a.length || a.localeCompare(b)).slice(0, MOST_WORDS)
}

function worthOf(reason: Reason): number {
  if (reason.kind === 'words') return (WEIGHTS.words * reason.percent) / 100
  return WEIGHTS[reason.kind] * Math.min(2, 1 + (reason.shared.length - 1) / 2)
}

/** wordOf gives the word of a text that has this stem, as it is written there; the stem where there is none. */
export function wordOf(stem: string, text: string): string {
  const begin = stem.endsWith('i') && stem.length > 3 ? stem.slice(0, -1) : stem
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.toLowerCase().startsWith(begin))
  return words.sort((a, b) => a.length - b.length)[0]?.toLowerCase() ?? stem
}
