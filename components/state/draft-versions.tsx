'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import type { Draft } from './use-draft'

const LONGEST = 400

/** DraftVersions shows what was typed for the same field elsewhere: nothing is lost until the person chooses. */
export function DraftVersions({
  draft,
  wordsOf,
}: {
  readonly draft: Draft
  /** wordsOf makes a stored text readable. */
  readonly wordsOf: (text: string) => string
}): ReactNode {
  if (draft.others.length === 0) return null
  return (
    <section
      aria-label="Other versions of what you typed"
      className="grid gap-2 border-l-2 border-warn pl-3 text-13"
    >
      {draft.others.map((other) => (
        <div key={other.writer} className="grid gap-1.5">
          <p className="text-12 text-ink-2">
            You also typed this, <Instant at={other.editedAtMs / 1000} />, in another tab or browser:
          </p>
          <p className="break-words whitespace-pre-wrap">{wordsOf(other.text ?? '').slice(0, LONGEST)}</p>
          <p className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => draft.take(other)}>
              Use this instead
            </Button>
            <Button size="small" variant="quiet" onClick={() => draft.refuse(other)}>
              Let it go
            </Button>
          </p>
        </div>
      ))}
    </section>
  )
}
