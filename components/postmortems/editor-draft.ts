import type { SectionKey } from '@/lib/postmortems/model'

/**
 * KeptText is what is kept of a section that is being written: the text, what it was begun over, and what was sent last, so
 * that a save whose answer was lost is known as one's own.
 */
export type KeptText = {
  readonly text: string
  readonly base: number
  readonly baseText: string
  readonly sent?: string
}

/** sectionDraftKey is the key under which somebody's draft of a section is kept. */
export function sectionDraftKey(postmortemId: string, key: SectionKey): string {
  return `postmortem:${postmortemId}:${key}`
}

/** readKept reads a kept draft of a section; undefined for what is none. */
export function readKept(stored: string | null | undefined): KeptText | undefined {
  if (stored === undefined || stored === null) return undefined
  try {
    const found: unknown = JSON.parse(stored)
    if (typeof found !== 'object' || found === null) return undefined
    const { text, base, baseText, sent } = found as Record<string, unknown>
    if (typeof text !== 'string' || typeof base !== 'number' || typeof baseText !== 'string') return undefined
    return { text, base, baseText, ...(typeof sent === 'string' ? { sent } : {}) }
  } catch {
    return undefined
  }
}

/** storedText is a draft of a section as it is kept. */
export function storedText({ text, base, baseText, sent }: KeptText): string {
  return JSON.stringify({ text, base, baseText, sent })
}

/** SectionNow is a section as the server has it. */
export type SectionNow = {
  readonly body: string
  readonly version: number
  readonly editedBy: string
  readonly editedAtMs: number | null
}

/** SectionFace is what the editor shows: the text, whether it waits to be saved, and what stands in its way. */
export type SectionFace =
  | { readonly kind: 'clean'; readonly text: string }
  | { readonly kind: 'unsaved'; readonly text: string; readonly kept: KeptText }
  | { readonly kind: 'conflict'; readonly text: string; readonly kept: KeptText; readonly theirs: SectionNow }

/** faceOf weighs a kept draft against the section as it is now: a draft over an older version is a conflict unless both say the same. */
export function faceOf(kept: KeptText | undefined, now: SectionNow): SectionFace {
  if (kept === undefined || kept.text === now.body) return { kind: 'clean', text: now.body }
  if (kept.base >= now.version) return { kind: 'unsaved', text: kept.text, kept }
  // What stands is what it was begun over, or a save of one's own whose answer was lost.
  if (kept.baseText === now.body || kept.sent === now.body)
    return { kind: 'unsaved', text: kept.text, kept: { ...kept, base: now.version } }
  return { kind: 'conflict', text: kept.text, kept, theirs: now }
}

/** typedOver gives what is kept after typing: what the text was begun over stays what it was. */
export function typedOver(text: string, kept: KeptText | undefined, now: SectionNow): KeptText {
  return kept === undefined || kept.text === now.body
    ? { text, base: now.version, baseText: now.body }
    : { ...kept, text }
}
