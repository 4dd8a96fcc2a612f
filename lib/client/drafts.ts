'use client'

import { type DraftSlot, mergeSlots, nextSlot, type Versions, versionsFor } from '../incidents/drafts'
import { browserNowMs } from './clock'
import { draftStorage } from './draft-storage'
import { newId } from './new-id'
import { currentPerson } from './person'

/** NO_VERSIONS is what stands where nothing was typed. */
export const NO_VERSIONS: Versions = { shown: undefined, others: [] }

const NOBODY = 'nobody'
const listeners = new Set<() => void>()
const keptListeners = new Set<(key: string) => void>()
let loadedFor: string | undefined
let slotsOf = new Map<string, readonly DraftSlot[]>()
let versionsOf = new Map<string, Versions>()
let ownWriter = ''

function person(): string {
  return currentPerson()?.id ?? NOBODY
}

/** draftWriter is this tab's name among the writers of drafts; a reload is another writer. */
export function draftWriter(): string {
  if (ownWriter === '') ownWriter = newId()
  return ownWriter
}

function put(key: string, slots: readonly DraftSlot[]): void {
  const merged = mergeSlots(slotsOf.get(key) ?? [], slots)
  slotsOf.set(key, merged)
  versionsOf.set(key, versionsFor(merged, draftWriter()))
}

function tell(): void {
  for (const listener of listeners) listener()
}

function load(): void {
  if (typeof window === 'undefined' || loadedFor === person()) return
  loadedFor = person()
  slotsOf = new Map()
  versionsOf = new Map()
  const byKey = new Map<string, DraftSlot[]>()
  for (const { place, slot } of draftStorage.read(loadedFor))
    byKey.set(place.key, [...(byKey.get(place.key) ?? []), slot])
  for (const [key, slots] of byKey) put(key, slots)
}

/** draftVersions gives what stands under a key for this tab; the same object until something changes. */
export function draftVersions(key: string): Versions {
  load()
  return versionsOf.get(key) ?? NO_VERSIONS
}

/** subscribeDrafts calls back at each change, also of another tab. */
export function subscribeDrafts(listener: () => void): () => void {
  listeners.add(listener)
  const off = draftStorage.onChange((place, slot) => {
    load()
    if (place.person !== person() || slot === undefined) return
    put(place.key, [slot])
    listener()
  })
  return () => {
    listeners.delete(listener)
    off()
  }
}

/** onDraftKept calls back with the key of what was typed in this tab. */
export function onDraftKept(listener: (key: string) => void): () => void {
  keptListeners.add(listener)
  return () => keptListeners.delete(listener)
}

/** keepDraft stores a text under a key at once; `basis` are the versions that were on screen, which it takes over. */
export function keepDraft(key: string, text: string | null, basis: readonly DraftSlot[]): void {
  load()
  const slots = slotsOf.get(key) ?? []
  if (text === null && slots.length === 0) return
  const slot = nextSlot({ slots, basis, writer: draftWriter(), text, nowMs: browserNowMs() })
  draftStorage.write({ person: person(), key, writer: slot.writer }, slot)
  put(key, [slot])
  tell()
  for (const listener of keptListeners) listener(key)
}

/** takeSlots lets in what the server or another tab holds under a key. */
export function takeSlots(key: string, slots: readonly DraftSlot[]): void {
  load()
  put(key, slots)
  tell()
}
