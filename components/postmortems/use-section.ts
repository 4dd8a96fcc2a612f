'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import type { Draft } from '@/components/state/use-draft'
import { ProblemError } from '@/lib/client/api'
import { serverNowMs } from '@/lib/client/health-store'
import { mergeTexts } from '@/lib/postmortems/merge'
import type { SectionKey } from '@/lib/postmortems/model'
import type { PostmortemView } from '@/lib/postmortems/view'
import { documentQuery, sectionOf } from './document-now'
import {
  faceOf,
  type KeptText,
  readKept,
  type SectionFace,
  sectionDraftKey,
  storedText,
  typedOver,
} from './editor-draft'
import { isTypedHere, keepOwn, ownText, useOwnDraft } from './own-draft'

const PAUSE_MS = 1_500
const LONGEST_MS = 10_000
const AGAIN_MS = 5_000

/** SaveState is what became of the last attempt to save a section. */
export type SaveState =
  | { readonly kind: 'none' | 'saving' | 'unanswered' }
  | { readonly kind: 'saved'; readonly atMs: number }
  | { readonly kind: 'refused'; readonly why: string }

/** SectionWriting is a section that is being written: its face, and what may be done with it. */
export type SectionWriting = {
  readonly face: SectionFace
  readonly draft: Draft
  readonly saveState: SaveState
  /** isRecovered says that the text was typed before and waits for the person: it may belong to a tab that still lives. */
  readonly isRecovered: boolean
  readonly type: (text: string) => void
  readonly save: () => Promise<boolean>
  readonly takeTheirs: () => void
  readonly keepMine: () => void
  readonly keepBoth: () => void
  /** dropped is what was let go last, to be brought back. */
  readonly dropped: string | undefined
  readonly bringBack: () => void
}

/** useSection writes one section: each letter is kept at once on this device, the text is saved when typing pauses. */
export function useSection(document: PostmortemView, key: SectionKey): SectionWriting {
  const client = useQueryClient()
  const section = sectionOf(document, key)
  const draftKey = sectionDraftKey(document.id, key)
  const draft = useOwnDraft(draftKey)
  const [saveState, setSaveState] = useState<SaveState>({ kind: 'none' })
  const [dropped, setDropped] = useState<string | undefined>(undefined)
  const kept = readKept(draft.text)
  const face = faceOf(kept, section)
  const running = useRef(false)

  const save = useCallback(async (): Promise<boolean> => {
    if (running.current) return false
    const now = readKept(ownText(draftKey))
    if (now === undefined) return true
    running.current = true
    keepOwn(draftKey, storedText({ ...now, sent: now.text }))
    setSaveState({ kind: 'saving' })
    try {
      const input = { id: document.id, key, body: now.text, baseVersion: now.base }
      const saved = await runCommand('postmortems.saveSection', input, { timeoutMs: 10_000 })
      put(client, document.number, key, {
        body: saved.body,
        version: saved.version,
        documentVersion: saved.documentVersion,
      })
      settle(draftKey, now, { text: saved.body, base: saved.version, baseText: saved.body })
      setSaveState({ kind: 'saved', atMs: serverNowMs() })
      return true
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setSaveState(stateAfter(error))
      if (error.problem.code === 'conflict') await readAgain(client, document.number)
      return false
    } finally {
      running.current = false
    }
  }, [client, document.id, document.number, draftKey, key])

  const isRecovered = face.kind === 'unsaved' && !isTypedHere(draftKey)
  useAutosave({ face, isRecovered, saveState, save })

  const write = (next: KeptText): void => draft.keep(storedText(next))
  return {
    face,
    draft,
    saveState,
    isRecovered,
    dropped,
    save,
    type: (text) => {
      // What was refused may be right now: it is tried again when typing pauses.
      if (saveState.kind === 'refused') setSaveState({ kind: 'none' })
      const next = typedOver(text, kept, section)
      if (text === section.body && next.base === section.version) draft.drop()
      else write(next)
    },
    takeTheirs: () => {
      setDropped(face.text)
      draft.drop()
    },
    keepMine: () => write({ text: face.text, base: section.version, baseText: section.body }),
    keepBoth: () => {
      const { text } = mergeTexts(kept?.baseText ?? '', face.text, section.body)
      write({ text, base: section.version, baseText: section.body })
    },
    bringBack: () => {
      if (dropped !== undefined) write({ text: dropped, base: section.version, baseText: section.body })
      setDropped(undefined)
    },
  }
}

function stateAfter(error: ProblemError): SaveState {
  const { status, code, detail, current } = error.problem
  // Without an answer, or without a session, the text waits on this device.
  if (status >= 500 || status === 401) return { kind: 'unanswered' }
  return code === 'conflict' && isOverwrite(current) ? { kind: 'none' } : { kind: 'refused', why: detail }
}

function isOverwrite(current: unknown): boolean {
  return typeof current === 'object' && current !== null && 'theirs' in current
}

/** What was typed while the text was on its way stays, now over what was saved. */
function settle(draftKey: string, sent: KeptText, saved: KeptText): void {
  const now = readKept(ownText(draftKey))
  if (now === undefined) return
  keepOwn(draftKey, now.text === sent.text ? null : storedText({ ...saved, text: now.text }))
}

function put(
  client: QueryClient,
  number: number,
  key: SectionKey,
  saved: { readonly body: string; readonly version: number; readonly documentVersion: number },
): void {
  client.setQueryData<PostmortemView>(documentQuery(number).queryKey, (document) =>
    document === undefined
      ? document
      : {
          ...document,
          version: Math.max(document.version, saved.documentVersion),
          sections: document.sections.map((section) =>
            section.key === key && section.version < saved.version
              ? { ...section, body: saved.body, version: saved.version }
              : section,
          ),
        },
  )
  void client.invalidateQueries({
    predicate: ({ queryKey }) => String(queryKey[0]).startsWith('postmortems.'),
  })
}

async function readAgain(client: QueryClient, number: number): Promise<void> {
  await client.invalidateQueries({ queryKey: documentQuery(number).queryKey })
}

function useAutosave({
  face,
  isRecovered,
  saveState,
  save,
}: {
  readonly face: SectionFace
  readonly isRecovered: boolean
  readonly saveState: SaveState
  readonly save: () => Promise<boolean>
}): void {
  const since = useRef<number | undefined>(undefined)
  const text = face.kind === 'unsaved' && !isRecovered ? face.text : undefined
  const isWaiting = saveState.kind === 'unanswered'
  const isRefused = saveState.kind === 'refused'
  // The clock of the pause is this tab's own: nothing is told of it to anybody.
  useEffect(() => {
    if (text === undefined) {
      since.current = undefined
      return undefined
    }
    if (isRefused) return undefined
    since.current ??= performance.now()
    const waited = performance.now() - since.current
    const waitMs = isWaiting ? AGAIN_MS : Math.max(0, Math.min(PAUSE_MS, LONGEST_MS - waited))
    const timer = window.setTimeout(() => {
      since.current = undefined
      void save()
    }, waitMs)
    return () => window.clearTimeout(timer)
  }, [text, isWaiting, isRefused, save])
}
