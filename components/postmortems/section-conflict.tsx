'use client'

import type { ReactNode } from 'react'
import { DiffView } from '@/components/runbooks/diff-view'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import type { SectionFace } from './editor-draft'
import type { SectionWriting } from './use-section'

/** SectionConflict shows both texts of a section that two people wrote at once; nothing is overwritten until one chooses. */
export function SectionConflict({
  face,
  writing,
}: {
  readonly face: Extract<SectionFace, { kind: 'conflict' }>
  readonly writing: SectionWriting
}): ReactNode {
  const { theirs, text } = face
  return (
    <section aria-label="Two texts" role="alert" className="grid grid-cols-1 gap-3 border-y border-warn py-3">
      <p>
        <b className="font-medium">@{theirs.editedBy} wrote here while you did</b>
        {theirs.editedAtMs === null ? null : (
          <>
            , <Instant at={theirs.editedAtMs / 1000} />
          </>
        )}
        . Both texts are kept.
      </p>
      <div className="grid grid-cols-1 gap-3 md:grid-cols-2">
        <Version title={`@${theirs.editedBy}`} text={theirs.body} />
        <Version title="You" text={text} />
      </div>
      <DiffView left={theirs.body} right={text} label={`@${theirs.editedBy}’s text, and yours`} />
      <p className="flex flex-wrap gap-2">
        <Button variant="primary" size="small" onClick={writing.keepBoth}>
          Bring both together
        </Button>
        <Button size="small" onClick={writing.keepMine}>
          Keep mine
        </Button>
        <Button size="small" onClick={writing.takeTheirs}>
          Take theirs
        </Button>
      </p>
    </section>
  )
}

function Version({ title, text }: { readonly title: string; readonly text: string }): ReactNode {
  return (
    <figure className="grid min-w-0 grid-cols-1 gap-1">
      <figcaption className="text-12 text-ink-3">{title}</figcaption>
      <pre className="max-h-60 overflow-auto bg-sunk px-3 py-2 font-mono text-12 break-words whitespace-pre-wrap [word-spacing:0]">
        {text === '' ? '(nothing)' : text}
      </pre>
    </figure>
  )
}
