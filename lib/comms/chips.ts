import { FACT_DEFS } from './catalogue'
import type { Facts, Message } from './model'
import { shownValue } from './units'
import { wordsOf } from './words'

/** Chip is one `{{fact_id}}` in a text with its offsets. */
export type Chip = { readonly id: string; readonly from: number; readonly to: number }

const CHIP = /\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g

/** chipsIn gives the chips of a text in their order. */
export function chipsIn(text: string): readonly Chip[] {
  return [...text.matchAll(CHIP)].map((match) => ({
    id: match[1] ?? '',
    from: match.index,
    to: match.index + match[0].length,
  }))
}

/** shownFacts gives what each chip of a message stands for; a fact that is unknown, has no value or another unit than its own is left out. */
export function shownFacts(
  message: Omit<Message, 'title' | 'body'>,
  facts: Facts,
): ReadonlyMap<string, string> {
  const shown = new Map(wordsOf(message))
  for (const { id, from, unit } of FACT_DEFS.values()) {
    if (from === 'message') continue
    const fact = facts[id]
    if (fact?.value === null || fact?.value === undefined || fact.unit !== unit) continue
    const text = shownValue(unit, fact.value)
    if (text !== undefined) shown.set(id, text)
  }
  return shown
}

/** Expanded is a text with its chips replaced, and the way back from each offset of it to the draft. */
export type Expanded = {
  readonly text: string
  /** spans are the ranges of the text that come of chips. */
  readonly spans: readonly Chip[]
  readonly back: (from: number, to: number) => { readonly from: number; readonly to: number }
}

/** expand replaces the chips that have a value; the others stay as they are. */
export function expand(draft: string, shown: ReadonlyMap<string, string>): Expanded {
  let text = ''
  let read = 0
  const spans: (Chip & { readonly draft: Chip })[] = []
  for (const chip of chipsIn(draft)) {
    const value = shown.get(chip.id)
    if (value === undefined) continue
    text += draft.slice(read, chip.from)
    spans.push({ id: chip.id, from: text.length, to: text.length + value.length, draft: chip })
    text += value
    read = chip.to
  }
  text += draft.slice(read)
  const place = (offset: number, side: 'from' | 'to'): number => {
    let shift = 0
    for (const span of spans) {
      const isInside = side === 'from' ? offset < span.to : offset <= span.to
      if (side === 'from' ? offset < span.from : offset <= span.from) break
      if (isInside) return span.draft[side]
      shift = span.draft.to - span.to
    }
    return offset + shift
  }
  return { text, spans, back: (from, to) => ({ from: place(from, 'from'), to: place(to, 'to') }) }
}
