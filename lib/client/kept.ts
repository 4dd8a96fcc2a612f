'use client'

import { useSyncExternalStore } from 'react'

/** KeepItem is a page to keep on this device with the answers that it asks for; `mark` changes when they do. */
export type KeepItem = { readonly path: string; readonly urls: readonly string[]; readonly mark: string }

const REGISTER_MS = 3_000
const NONE: ReadonlySet<string> = new Set()
let kept = NONE
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** useIsKept tells whether the page at a path can be opened without the server; false where it is not known. */
export function useIsKept(path: string): boolean {
  const paths = useSyncExternalStore(
    subscribe,
    () => kept,
    () => NONE,
  )
  return paths.has(path)
}

const wishes = new Set<() => void>()

/** askKeep wishes that the page that is open now be kept. */
export function askKeep(): void {
  for (const listener of wishes) listener()
}

/** onKeepAsked calls back when a page wishes to be kept. */
export function onKeepAsked(listener: () => void): () => void {
  wishes.add(listener)
  return () => wishes.delete(listener)
}

function hear(event: MessageEvent<unknown>): void {
  const { data } = event
  if (typeof data !== 'object' || data === null || !('kept' in data) || !Array.isArray(data.kept)) return
  kept = new Set(data.kept as string[])
  for (const listener of listeners) listener()
}

/**
 * startKeeping installs the service worker once the page has come to rest; true once it can be given things to keep.
 * Does nothing where the browser has none, on plain http at a network address, or where the console serves none.
 */
export async function startKeeping(): Promise<boolean> {
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return false
  await new Promise((resolve) => setTimeout(resolve, REGISTER_MS))
  navigator.serviceWorker.addEventListener('message', hear)
  await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  await navigator.serviceWorker.ready
  return true
}

/** keepItems asks the service worker to keep pages with their answers; what is fresh costs nothing. */
export async function keepItems(items: readonly KeepItem[]): Promise<void> {
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage({ keep: items })
}
