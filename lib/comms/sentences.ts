/** Sentence is one sentence of a text with its offsets; `text` is trimmed. */
export type Sentence = { readonly text: string; readonly from: number; readonly to: number }

const END = /[.!?]+(?=["”')\]]*(?:\s|$))|\n{2,}/g
/** What ends in a point and ends no sentence. */
const SHORT = /(?:\b(?:e\.g|i\.e|etc|approx|vs|no|Mr|Ms|Dr|St)|\b[A-Z])$/

/** sentencesOf splits a text at its full stops and blank lines; versions, addresses and short forms stay whole. */
export function sentencesOf(text: string): readonly Sentence[] {
  const out: Sentence[] = []
  let start = 0
  const push = (end: number): void => {
    const raw = text.slice(start, end)
    const trimmed = raw.trim()
    if (/[\p{L}\p{N}]/u.test(trimmed)) {
      const from = start + raw.indexOf(trimmed)
      out.push({ text: trimmed, from, to: from + trimmed.length })
    }
    start = end
  }
  for (const match of text.matchAll(END)) {
    if (match[0] === '.' && SHORT.test(text.slice(start, match.index))) continue
    push(match.index + match[0].length)
  }
  push(text.length)
  return out
}

/** wordsIn gives the words of a text, numbers among them. */
export function wordsIn(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}’'.,:%-]*/gu) ?? []
}

/** readingGrade is the Flesch–Kincaid grade: years of school that a text asks for; 0 below 20 words, where it says nothing. */
export function readingGrade(text: string): number {
  const words = wordsIn(text).filter((word) => /\p{L}/u.test(word))
  const sentences = sentencesOf(text).length
  if (words.length < 20 || sentences === 0) return 0
  const syllables = words.reduce((sum, word) => sum + syllablesIn(word), 0)
  return 0.39 * (words.length / sentences) + 11.8 * (syllables / words.length) - 15.59
}

function syllablesIn(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '')
  if (plain.length <= 3) return 1
  const groups = plain
    .replace(/(?:[^laeiouy]es|ed|[^laeiouy]e)$/, '')
    .replace(/^y/, '')
    .match(/[aeiouy]{1,2}/g)
  return Math.max(1, groups?.length ?? 1)
}

/** similarity is how much two texts share of their groups of three letters, 0 to 1; clock times do not count. */
export function similarity(a: string, b: string): number {
  const left = trigrams(a)
  const right = trigrams(b)
  if (left.size === 0 || right.size === 0) return left.size === right.size ? 1 : 0
  const shared = [...left].filter((it) => right.has(it)).length
  return (2 * shared) / (left.size + right.size)
}

function trigrams(text: string): ReadonlySet<string> {
  const plain = ` ${text
    .toLowerCase()
    .replace(/\d{1,2}:\d\d\s?(?:utc|z|gmt)?/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, at) => plain.slice(at, at + 3)))
}
