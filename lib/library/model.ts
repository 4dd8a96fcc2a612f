import { z } from 'zod'

/** TAG is how a tag is written: small letters, digits and hyphens, 2 to 40 characters. */
const TAG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/

/** MOST_TAGS is how many tags a postmortem may have. */
export const MOST_TAGS = 12

/** tagsSchema reads tags as people type them: case, blanks and repeats don't matter. */
export const tagsSchema: z.ZodType<readonly string[], readonly string[]> = z
  .array(z.string().max(80))
  .max(40)
  .transform((tags) => [...new Set(tags.map(tagOf).filter((tag) => tag !== ''))])
  .pipe(
    z
      .array(z.string().regex(TAG, 'write a tag with small letters, digits and hyphens, 2 to 40 characters'))
      .max(MOST_TAGS, `at most ${MOST_TAGS} tags`),
  )

/** tagOf writes a tag in its one form. */
export function tagOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
}

/** MARKS stand around a hit in a snippet: control characters that no text holds. */
export const MARKS = { from: '\u0001', to: '\u0002' } as const

/** Piece is a part of a snippet; `isHit` says that it was searched for. */
export type Piece = { readonly text: string; readonly isHit: boolean }

/** piecesOf cuts a snippet at its marks. */
export function piecesOf(snippet: string): readonly Piece[] {
  return snippet.split(MARKS.from).flatMap((part, place) => {
    if (place === 0) return part === '' ? [] : [{ text: part, isHit: false }]
    const [hit = '', ...rest] = part.split(MARKS.to)
    const after = rest.join('')
    return [
      ...(hit === '' ? [] : [{ text: hit, isHit: true }]),
      ...(after === '' ? [] : [{ text: after, isHit: false }]),
    ]
  })
}

/**
 * wordsAsked takes a search apart: what is asked as it was typed, and the last word once more as the begin of a word, for who
 * is still typing. `begun` is empty after a quotation mark, a minus or a blank.
 */
export function wordsAsked(text: string): {
  readonly whole: string
  readonly before: string
  readonly begun: string
} {
  const whole = text.replace(/\p{Cc}/gu, ' ')
  const last = /(?:^|\s)([\p{L}\p{N}]{2,})$/u.exec(whole)
  if (last === null || (whole.match(/"/g)?.length ?? 0) % 2 === 1) return { whole, before: whole, begun: '' }
  return { whole, before: whole.slice(0, last.index), begun: last[1] ?? '' }
}
