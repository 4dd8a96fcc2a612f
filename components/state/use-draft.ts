'use client'

import { useCallback, useSyncExternalStore } from 'react'
import { draftVersions, keepDraft, NO_VERSIONS, subscribeDrafts } from '@/lib/client/drafts'
import type { DraftSlot } from '@/lib/incidents/drafts'

export type Draft = {
  readonly text: string | undefined
  /** others were typed elsewhere without knowing of this text: both are kept until one is chosen. */
  readonly others: readonly DraftSlot[]
  readonly keep: (text: string) => void
  readonly drop: () => void
  /** settle drops the draft after `sent` was sent, but not what was typed since. */
  readonly settle: (sent: string) => void
  /** take shows another version instead of this one; refuse lets it go. */
  readonly take: (other: DraftSlot) => void
  readonly refuse: (other: DraftSlot) => void
}

function noVersions(): typeof NO_VERSIONS {
  return NO_VERSIONS
}

/**
 * useDraft keeps what was typed for this person under a key, at once in this browser and, for keys of incidents, a second
 * later on the server; never use it for secrets. Two tabs never overwrite each other: see `others`.
 */
export function useDraft(key: string): Draft {
  const read = useCallback(() => draftVersions(key), [key])
  const versions = useSyncExternalStore(subscribeDrafts, read, noVersions)
  const { shown, others } = versions
  const basis = shown === undefined ? [] : [shown]
  return {
    text: shown?.text ?? undefined,
    others,
    keep: (text) => keepDraft(key, text, basis),
    drop: () => keepDraft(key, null, basis),
    settle: (sent) => {
      const now = draftVersions(key).shown
      if (now?.text === sent) keepDraft(key, null, [now])
    },
    take: (other) => keepDraft(key, other.text, [...basis, other]),
    refuse: (other) => keepDraft(key, shown?.text ?? null, [...basis, other]),
  }
}
