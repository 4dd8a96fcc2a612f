'use client'

import { type ReactNode, useId, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { later, laterInBrowser } from '@/components/ui/later'
import { Skeleton } from '@/components/ui/skeleton'
import { SECTION_TITLES, type SectionKey } from '@/lib/postmortems/model'
import type { PostmortemView } from '@/lib/postmortems/view'
import { AlsoWriting } from './also-writing'
import { sectionOf } from './document-now'
import { faceOf, readKept, sectionDraftKey } from './editor-draft'
import { Markdown } from './markdown'
import { useOwnDraft } from './own-draft'

const SectionEditor = laterInBrowser(
  () => import('./section-editor').then((module) => module.SectionEditor),
  <Skeleton className="h-40" />,
)
const SectionHistory = later(() => import('./section-history').then((module) => module.SectionHistory))

/** EditableSection is one section: to be read, or written in place. What was typed and not saved opens it by itself. */
export function EditableSection({
  document: postmortem,
  section: key,
  mayEdit,
  isOpened,
  onOpen,
  onRemark,
}: {
  readonly document: PostmortemView
  readonly section: SectionKey
  readonly mayEdit: boolean
  readonly isOpened: boolean
  readonly onOpen: (isOpen: boolean) => void
  readonly onRemark?: (quote: string) => void
}): ReactNode {
  const titleId = useId()
  const [showsHistory, showHistory] = useState(false)
  const section = sectionOf(postmortem, key)
  const draft = useOwnDraft(sectionDraftKey(postmortem.id, key))
  const isWaiting = faceOf(readKept(draft.text), section).kind !== 'clean' || draft.others.length > 0
  // What opened by itself stays open once it is saved: nobody is put out of a text that they type in.
  const [wasWaiting, setWasWaiting] = useState(isWaiting)
  const [stays, stay] = useState(isWaiting)
  if (isWaiting !== wasWaiting) {
    setWasWaiting(isWaiting)
    if (isWaiting) stay(true)
  }
  const isOpen = mayEdit && (isOpened || isWaiting || stays)
  const close = (): void => {
    stay(false)
    onOpen(false)
  }
  const title = SECTION_TITLES[key]
  return (
    <section
      id={key}
      data-section={key}
      aria-labelledby={titleId}
      className="grid min-w-0 scroll-mt-16 grid-cols-1 gap-3 border-t border-line-2 pt-3"
    >
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 id={titleId} className="text-20">
          {title}
        </h2>
        <p className="ml-auto flex flex-wrap items-baseline gap-2 text-12 text-ink-3">
          <AlsoWriting postmortemId={postmortem.id} section={key} />
          {section.editedAtMs === null || section.version === 0 ? null : (
            <span>
              @{section.editedBy} <Instant at={section.editedAtMs / 1000} />
            </span>
          )}
          {mayEdit && !isOpen ? (
            <Button size="small" aria-label={`Write ${title}`} onClick={() => onOpen(true)}>
              Write
            </Button>
          ) : null}
          {onRemark === undefined ? null : (
            <Button
              size="small"
              variant="quiet"
              aria-label={`Remark on ${title}`}
              onClick={() => onRemark(selectedIn(key))}
            >
              Remark
            </Button>
          )}
          {section.version === 0 ? null : (
            <Button
              size="small"
              variant="quiet"
              aria-label={`History of ${title}`}
              onClick={() => showHistory(true)}
            >
              History
            </Button>
          )}
        </p>
      </header>
      {isOpen ? (
        <SectionEditor document={postmortem} section={key} title={title} onClose={close} />
      ) : section.body.trim() === '' ? (
        <p className="text-ink-3">Nobody has written here yet.</p>
      ) : (
        <div className="max-w-[42.5rem]">
          <Markdown text={section.body} home={`/postmortems/${postmortem.name}`} />
        </div>
      )}
      {showsHistory ? (
        <SectionHistory
          id={postmortem.id}
          section={section}
          mayEdit={mayEdit}
          onClose={() => showHistory(false)}
          onWrite={() => {
            showHistory(false)
            onOpen(true)
          }}
        />
      ) : null}
    </section>
  )
}

/** What is selected in a section, as far as it is of that section alone. */
function selectedIn(key: SectionKey): string {
  const chosen = window.getSelection()
  const place = window.document.querySelector(`[data-section="${key}"]`)
  if (chosen === null || chosen.rangeCount === 0 || place === null) return ''
  const range = chosen.getRangeAt(0)
  return place.contains(range.commonAncestorContainer) ? chosen.toString().trim().slice(0, 500) : ''
}
