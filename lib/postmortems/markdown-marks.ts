import type { Inline } from './markdown-model'

// A run of *, _ or ~ that may open or close emphasis.
type Mark = { readonly kind: 'mark'; readonly char: string; count: number; readonly size: number } & {
  readonly opens: boolean
  readonly closes: boolean
}

/** Bracket is a [ or ![ that may begin a link; one inside a link no longer may. */
export type Bracket = {
  readonly kind: 'bracket'
  readonly text: string
  isActive: boolean
  readonly from: number
}

/** Piece is inline text that is not settled yet. */
export type Piece = Inline | Mark | Bracket

/** PUNCTUATION is what CommonMark counts as such: punctuation and symbols. */
export const PUNCTUATION = /[\p{P}\p{S}]/u

/** flanking tells whether a run of marks between two characters may open and may close. */
export function flanking(before: string, next: string): readonly [left: boolean, right: boolean] {
  const [blankBefore, blankNext] = [/^\s?$/.test(before), /^\s?$/.test(next)]
  const [markBefore, markNext] = [PUNCTUATION.test(before), PUNCTUATION.test(next)]
  return [
    !blankNext && (!markNext || blankBefore || markBefore),
    !blankBefore && (!markBefore || blankNext || markNext),
  ]
}

/** settled makes emphasis of marks, from the left: each closing one looks back for what it closes; what is left over is text. */
export function settled(pieces: readonly Piece[]): readonly Inline[] {
  const out: Piece[] = []
  const open: number[] = []
  const bottoms = new Map<string, number>()
  for (const piece of pieces) {
    if (piece.kind !== 'mark') {
      out.push(piece)
      continue
    }
    const mark = { ...piece }
    while (mark.closes && mark.count > 0) {
      const key = `${mark.char}${mark.opens}${mark.size % 3}`
      const place = openerOf(out, open, mark, bottoms.get(key) ?? 0)
      if (place === undefined) {
        bottoms.set(key, open.length)
        break
      }
      wrap(out, open, place, mark)
      for (const [one, bottom] of bottoms) if (bottom > open.length) bottoms.set(one, open.length)
    }
    if (mark.count === 0) continue
    if (mark.opens) open.push(out.length)
    out.push(mark)
  }
  return joined(out)
}

function openerOf(
  out: readonly Piece[],
  open: readonly number[],
  mark: Mark,
  bottom: number,
): number | undefined {
  for (let index = open.length - 1; index >= bottom; index -= 1) {
    const one = out[open[index] ?? -1]
    if (one?.kind !== 'mark' || one.char !== mark.char) continue
    const isEither = (one.closes || mark.opens) && (one.size + mark.size) % 3 === 0
    if (isEither && (one.size % 3 !== 0 || mark.size % 3 !== 0)) continue
    return index
  }
  return undefined
}

function wrap(out: Piece[], open: number[], place: number, mark: Mark): void {
  const at = open[place] ?? 0
  const opener = out[at]
  if (opener?.kind !== 'mark') return
  const used = mark.char === '~' || (opener.count >= 2 && mark.count >= 2) ? 2 : 1
  const children = joined(out.splice(at + 1))
  open.length = place + 1
  opener.count -= used
  mark.count -= used
  if (opener.count === 0) {
    out.pop()
    open.pop()
  }
  const kind = mark.char === '~' ? 'struck' : used === 2 ? 'strong' : 'emphasis'
  out.push({ kind, children })
}

function joined(pieces: readonly Piece[]): readonly Inline[] {
  const out: Inline[] = []
  for (const piece of pieces) {
    const inline = plain(piece)
    const last = out.at(-1)
    if (inline.kind === 'text' && last?.kind === 'text')
      out[out.length - 1] = { kind: 'text', text: last.text + inline.text }
    else if (inline.kind !== 'text' || inline.text !== '') out.push(inline)
  }
  return out
}

function plain(piece: Piece): Inline {
  if (piece.kind === 'mark') return { kind: 'text', text: piece.char.repeat(piece.count) }
  return piece.kind === 'bracket' ? { kind: 'text', text: piece.text } : piece
}
