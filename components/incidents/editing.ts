'use client'

let editing = ''
const listeners = new Set<() => void>()

/** markEditing says which form or field this tab types in, empty for none: others are told of it. */
export function markEditing(next: string): void {
  if (next === editing) return
  editing = next
  for (const listener of listeners) listener()
}

/** currentEditing is what this tab types in. */
export function currentEditing(): string {
  return editing
}

/** onEditing calls back when it changes. */
export function onEditing(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
