'use client'

import { useSyncExternalStore } from 'react'
import type { OfferedAction } from './types'

/** Opened is what the drawer is about: an action to prepare or to write down, or a run. */
export type Opened =
  | { readonly kind: 'prepare' | 'manual'; readonly action: OfferedAction }
  | { readonly kind: 'run'; readonly id: string }

// It outlives the list from which it was opened: the triage may put another cause first at any moment.
let opened: Opened | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** openAction shows an action or a run in the drawer; undefined closes it. */
export function openAction(next: Opened | undefined): void {
  opened = next
  for (const listener of listeners) listener()
}

/** useOpened follows what the drawer is about. */
export function useOpened(): Opened | undefined {
  return useSyncExternalStore(
    subscribe,
    () => opened,
    () => undefined,
  )
}
