'use client'

import type { DraftSlot } from '../incidents/drafts'

const SLOT = 'wf-draft:'
const SENT = 'wf-draft-sent:'

/** DraftPlace is where a slot lies in this browser: whose it is, under which key, which tab wrote it. */
export type DraftPlace = { readonly person: string; readonly key: string; readonly writer: string }

function nameOf(prefix: string, { person, key, writer }: DraftPlace): string {
  return `${prefix}${person}:${key}:${writer}`
}

/** placeOf reads the name of a stored slot; undefined for every other name. */
export function placeOf(name: string): DraftPlace | undefined {
  const parts = /^wf-draft:([^:]+):(.+):([^:]+)$/.exec(name)
  if (parts === null) return undefined
  const [, person = '', key = '', writer = ''] = parts
  return { person, key, writer }
}

function parsed(text: string | null): DraftSlot | undefined {
  if (text === null) return undefined
  try {
    const slot = JSON.parse(text) as DraftSlot
    return typeof slot.writer === 'string' && slot.rev > 0 ? slot : undefined
  } catch {
    return undefined
  }
}

/**
 * draftStorage is this browser's own copy of drafts. A write is on its way out of the tab when the call returns, so a
 * tab that is killed loses nothing; each tab writes under its own name, so none overwrites another's.
 */
export const draftStorage = {
  /** read gives every slot of a person with its place. */
  read(person: string): readonly { readonly place: DraftPlace; readonly slot: DraftSlot }[] {
    const found: { place: DraftPlace; slot: DraftSlot }[] = []
    for (let index = 0; index < localStorage.length; index += 1) {
      const name = localStorage.key(index) ?? ''
      const place = placeOf(name)
      const slot = place?.person === person ? parsed(localStorage.getItem(name)) : undefined
      if (place && slot) found.push({ place, slot })
    }
    return found
  },
  /** write gives false where the browser refuses (full, or storage is switched off). */
  write(place: DraftPlace, slot: DraftSlot): boolean {
    try {
      localStorage.setItem(nameOf(SLOT, place), JSON.stringify(slot))
      return true
    } catch {
      return false
    }
  },
  /** remove forgets a slot of a tab that is gone, or the own one. */
  remove(place: DraftPlace): void {
    localStorage.removeItem(nameOf(SLOT, place))
    localStorage.removeItem(nameOf(SENT, place))
  },
  /** sentRev is the latest change of a slot that the server has, 0 for none. */
  sentRev(place: DraftPlace): number {
    return Number(localStorage.getItem(nameOf(SENT, place)) ?? 0)
  },
  /** markSent remembers that the server has a change. */
  markSent(place: DraftPlace, rev: number): void {
    try {
      localStorage.setItem(nameOf(SENT, place), String(rev))
    } catch {
      // It is sent once more then, which changes nothing.
    }
  },
  /** onChange calls back with what another tab wrote. */
  onChange(listener: (place: DraftPlace, slot: DraftSlot | undefined) => void): () => void {
    const hear = (event: StorageEvent): void => {
      const place = event.key === null ? undefined : placeOf(event.key)
      if (place) listener(place, parsed(event.newValue))
    }
    window.addEventListener('storage', hear)
    return () => window.removeEventListener('storage', hear)
  },
}
