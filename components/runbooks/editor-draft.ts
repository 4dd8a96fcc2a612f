/** Edited is what is kept of an edit: the text, the reason for it, and the hash of the text that it was begun over. */
export type Edited = { readonly text: string; readonly why: string; readonly base: string }

/** readEdited reads a kept edit; undefined for what is none. */
export function readEdited(kept: string | undefined): Edited | undefined {
  if (kept === undefined) return undefined
  try {
    const found: unknown = JSON.parse(kept)
    return isEdited(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isEdited(value: unknown): value is Edited {
  if (value === null || typeof value !== 'object') return false
  return ['text', 'why', 'base'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string')
}

/** keepEdited writes an edit as it is kept. */
export function keepEdited(edited: Edited): string {
  return JSON.stringify(edited)
}
