'use client'

import { useCallback, useSyncExternalStore } from 'react'

const PREFIX = 'wf-draft:'
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

function tell(): void {
  for (const listener of listeners) listener()
}

export type Draft = {
  readonly text: string | undefined
  readonly keep: (text: string) => void
  readonly drop: () => void
}

/** useDraft keeps what was typed in this browser until it is saved or dropped; never use it for secrets. */
export function useDraft(key: string): Draft {
  const name = `${PREFIX}${key}`
  const text = useSyncExternalStore(
    subscribe,
    () => window.localStorage.getItem(name) ?? undefined,
    () => undefined,
  )
  const keep = useCallback(
    (next: string) => {
      window.localStorage.setItem(name, next)
      tell()
    },
    [name],
  )
  const drop = useCallback(() => {
    window.localStorage.removeItem(name)
    tell()
  }, [name])
  return { text, keep, drop }
}
