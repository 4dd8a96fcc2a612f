'use client'

import { useSyncExternalStore } from 'react'

type InHand = { readonly incidentId: string; readonly list: string }

let inHand: InHand | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** takeInHand shows a list of an incident, or none. */
export function takeInHand(incidentId: string, list: string | undefined): void {
  inHand = list === undefined ? undefined : { incidentId, list }
  for (const listener of listeners) listener()
}

/** useInHand is the list of an incident that is in hand in this tab. */
export function useInHand(incidentId: string): string | undefined {
  const current = useSyncExternalStore(
    subscribe,
    () => inHand,
    () => undefined,
  )
  return current?.incidentId === incidentId ? current.list : undefined
}

const PATIENCE_MS = 5_000
let wanted: { readonly after: string | undefined; readonly untilMs: number } | undefined

/** NEXT_FIELD is the id of what ticks the next item of the list in hand. */
export const NEXT_FIELD = 'checklist-next'

/** wantFocus brings the cursor to what ticks the next item as soon as it is there; `after` is the item that is being settled. */
export function wantFocus(after?: string): void {
  wanted = { after, untilMs: performance.now() + PATIENCE_MS }
}

/** takeFocus is called with what ticks the next item whenever it is drawn. */
export function takeFocus(item: string, field: HTMLElement | null): void {
  if (field === null || wanted === undefined || wanted.after === item) return
  const isLate = performance.now() > wanted.untilMs
  wanted = undefined
  if (!isLate) field.focus()
}

/** focusNext puts the cursor on what ticks the next item where it is drawn already, else as soon as it is. */
export function focusNext(): void {
  const field = document.getElementById(NEXT_FIELD)
  if (field === null) wantFocus()
  else field.focus()
}
