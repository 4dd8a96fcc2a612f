'use client'

import { useEffect, useSyncExternalStore } from 'react'

/** Action is something the person may do here; the palette and the help list it, `keys` runs it. */
export type Action = {
  readonly id: string
  readonly title: string
  readonly group: 'Go to' | 'On this page' | 'Console'
  readonly keys?: string
  readonly words?: string
  readonly run: () => void
}

let actions: readonly Action[] = []
const sets = new Set<readonly Action[]>()
const listeners = new Set<() => void>()
const NONE: readonly Action[] = []

function publish(): void {
  actions = [...sets].flat()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** currentActions is what may be done now, in order of registration. */
export function currentActions(): readonly Action[] {
  return actions
}

/** useCurrentActions follows what may be done now. */
export function useCurrentActions(): readonly Action[] {
  return useSyncExternalStore(subscribe, currentActions, () => NONE)
}

/** useActions offers actions while the calling component is on screen; pass a list that is kept between renders. */
export function useActions(offered: readonly Action[]): void {
  useEffect(() => {
    sets.add(offered)
    publish()
    return () => {
      sets.delete(offered)
      publish()
    }
  }, [offered])
}
