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

/** nextFieldId is the id of what ticks the next item of the list in hand. */
export const NEXT_FIELD = 'checklist-next'

/** focusNext puts the cursor on what ticks the next item, and brings it into view. */
export function focusNext(): void {
  const field = document.getElementById(NEXT_FIELD)
  field?.scrollIntoView({ block: 'nearest' })
  field?.focus()
}
