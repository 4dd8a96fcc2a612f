'use client'

import type { ReactNode } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { TextArea } from '@/components/ui/text-area'
import type { PublicationData } from './types'
import { useMessageCommand } from './use-message-command'

/** CorrectionForm writes a message of its own for exactly those who got the wrong one; what is typed is kept. */
export function CorrectionForm({
  publication,
  onClose,
}: {
  readonly publication: PublicationData
  readonly onClose: () => void
}): ReactNode {
  const { busy, problem, send } = useMessageCommand()
  const draft = useDraft(`incident:${publication.id}:correction`)
  const body = draft.text ?? publication.body

  async function publish(): Promise<void> {
    const isThrough = await send('publications.correct', {
      id: publication.id,
      title: publication.title,
      body,
    })
    if (!isThrough) return
    draft.drop()
    onClose()
  }

  return (
    <div className="grid gap-2 border-l-2 border-line-2 pl-3">
      <TextArea
        aria-label="What is true instead"
        rows={5}
        value={body}
        onChange={(event) => draft.keep(event.target.value)}
      />
      {problem === undefined ? null : (
        <div role="alert" className="grid gap-0.5 text-12 text-breach">
          <p>{problem.detail}</p>
          {problem.issues?.map((issue) => (
            <p key={issue.message}>{issue.message}</p>
          ))}
        </div>
      )}
      <p className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          busy={busy}
          {...(body.trim() === publication.body ? { waitsFor: 'what is true instead' } : {})}
          onClick={() => void publish()}
        >
          Publish the correction
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Close, keep what I typed
        </Button>
      </p>
    </div>
  )
}
