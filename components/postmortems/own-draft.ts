'use client'

import { useCallback, useSyncExternalStore } from 'react'
import type { Draft } from '@/components/state/use-draft'
import { draftVersions, draftWriter, keepDraft, NO_VERSIONS, subscribeDrafts } from '@/lib/client/drafts'
import type { DraftSlot, Versions } from '@/lib/incidents/drafts'

const typedHere = new Set<string>()

/** What this tab shows: its own text, or a recovered one while nothing was typed here; another tab's never takes its place. */
function ownVersions(key: string, { shown, others }: Versions): Versions {
  if (shown === undefined || !typedHere.has(key) || shown.writer === draftWriter()) return { shown, others }
  return { shown: undefined, others: [shown, ...others] }
}

function basisOf(key: string): readonly DraftSlot[] {
  const { shown } = ownVersions(key, draftVersions(key))
  return shown === undefined ? [] : [shown]
}

/** ownText is what this tab has under a key now, outside of a render. */
export function ownText(key: string): string | null | undefined {
  return ownVersions(key, draftVersions(key)).shown?.text
}

/** keepOwn keeps a text of this tab, or nothing; another tab's text stays beside it. */
export function keepOwn(key: string, text: string | null): void {
  const basis = basisOf(key)
  typedHere.add(key)
  keepDraft(key, text, basis)
}

/** isTypedHere tells whether this tab has written under a key; what it merely recovered may be another tab's that still lives. */
export function isTypedHere(key: string): boolean {
  return typedHere.has(key)
}

/** useOwnDraft is a draft that is saved again and again while others may type under the same key in other tabs. */
export function useOwnDraft(key: string): Draft {
  const read = useCallback(() => draftVersions(key), [key])
  const versions = useSyncExternalStore(subscribeDrafts, read, () => NO_VERSIONS)
  const { shown, others } = ownVersions(key, versions)
  return {
    text: shown?.text ?? undefined,
    others,
    keep: (text) => keepOwn(key, text),
    drop: () => keepOwn(key, null),
    settle: (sent) => {
      if (ownText(key) === sent) keepOwn(key, null)
    },
    take: (other) => {
      const basis = basisOf(key)
      typedHere.add(key)
      keepDraft(key, other.text, [...basis, other])
    },
    refuse: (other) => {
      const basis = basisOf(key)
      typedHere.add(key)
      keepDraft(key, shown?.text ?? null, [...basis, other])
    },
  }
}
