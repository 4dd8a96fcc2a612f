'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { DiffView } from '@/components/runbooks/diff-view'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { queryOf } from '@/lib/client/api'
import { SECTION_TITLES, type SectionKey } from '@/lib/postmortems/model'
import type { SectionView } from '@/lib/postmortems/view'
import { sectionDraftKey, storedText } from './editor-draft'
import { useOwnDraft } from './own-draft'

/** SectionHistory shows every text that a section held, what each changed, and writes one again. */
export function SectionHistory({
  id,
  section,
  mayEdit,
  onClose,
  onWrite,
}: {
  readonly id: string
  readonly section: SectionView
  readonly mayEdit: boolean
  readonly onClose: () => void
  /** onWrite opens the section once an older text stands in its draft. */
  readonly onWrite: () => void
}): ReactNode {
  const [picked, pick] = useState<number | undefined>(undefined)
  const query = useQuery(queryOf('postmortems.history', { id, key: section.key }))
  const revisions = query.data?.revisions ?? []
  const shown = picked ?? revisions[0]?.seq
  return (
    <Drawer open onClose={onClose} title={`History of ${SECTION_TITLES[section.key]}`}>
      {query.isPending || query.isError ? (
        <Panel
          title="Versions"
          face={
            query.isError ? failedFace(query, 'The history could not be read.') : { kind: 'loading', rows: 4 }
          }
        />
      ) : revisions.length === 0 ? (
        <p className="text-ink-2">Nobody has written here yet.</p>
      ) : (
        <div className="grid grid-cols-1 gap-4">
          <ol aria-label="Versions, newest first" className="max-h-60 overflow-y-auto">
            {revisions.map((revision) => (
              <li key={revision.seq}>
                <button
                  type="button"
                  aria-pressed={revision.seq === shown}
                  className={`w-full border-b py-1.5 text-left ${revision.seq === shown ? 'bg-accent-tint' : 'hover:bg-raise'}`}
                  onClick={() => pick(revision.seq)}
                >
                  Version {revision.version} · @{revision.author} · <Instant at={revision.atMs / 1000} />
                </button>
              </li>
            ))}
          </ol>
          {shown === undefined ? null : (
            <Revision key={shown} id={id} seq={shown} section={section} mayEdit={mayEdit} onWrite={onWrite} />
          )}
        </div>
      )}
    </Drawer>
  )
}

function Revision({
  id,
  seq,
  section,
  mayEdit,
  onWrite,
}: {
  readonly id: string
  readonly seq: number
  readonly section: SectionView
  readonly mayEdit: boolean
  readonly onWrite: () => void
}): ReactNode {
  const draft = useOwnDraft(sectionDraftKey(id, section.key as SectionKey))
  const query = useQuery(queryOf('postmortems.revision', { id, seq }))
  if (query.isPending) return <Panel title="What it changed" face={{ kind: 'loading', rows: 6 }} />
  if (query.isError)
    return <Panel title="What it changed" face={failedFace(query, 'It could not be read.')} />
  const { body, before, version, author } = query.data
  const isNow = body === section.body
  return (
    <section aria-label={`Version ${version}`} className="grid grid-cols-1 gap-3">
      <DiffView left={before} right={body} label={`Version ${version} by @${author}, and the one before`} />
      {isNow || !mayEdit ? null : (
        <Button
          size="small"
          className="justify-self-start"
          onClick={() => {
            draft.keep(storedText({ text: body, base: section.version, baseText: section.body }))
            onWrite()
          }}
        >
          Write this text again
        </Button>
      )}
    </section>
  )
}
