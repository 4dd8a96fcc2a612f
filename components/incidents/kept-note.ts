/** KeptNote is a note as its draft is stored; `entryId` belongs to exactly the text that was sent under it. */
export type KeptNote = { readonly text: string; readonly entryId?: string }

/** keptNote reads a stored draft; whatever is not one counts as its text. */
export function keptNote(stored: string | undefined): KeptNote {
  if (stored === undefined) return { text: '' }
  try {
    const kept: unknown = JSON.parse(stored)
    if (typeof kept !== 'object' || kept === null || !('text' in kept)) return { text: stored }
    const entryId = 'entryId' in kept && typeof kept.entryId === 'string' ? kept.entryId : undefined
    return { text: String(kept.text), ...(entryId === undefined ? {} : { entryId }) }
  } catch {
    return { text: stored }
  }
}

/** storedNote is what is kept of a note. */
export function storedNote(note: KeptNote): string {
  return JSON.stringify(note)
}
