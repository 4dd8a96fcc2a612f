'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { TextArea } from '@/components/ui/text-area'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import type { DocumentData, ReviewData } from './editor-types'
import { useSend } from './use-send'

/** AskReview asks who is to review; at least one of them neither responded nor wrote here. */
export function AskReview({
  document,
  review,
  onClose,
}: {
  readonly document: DocumentData
  readonly review: ReviewData
  readonly onClose: () => void
}): ReactNode {
  const people = useQuery(queryOf('access.people', {}))
  const [chosen, choose] = useState<readonly string[]>(review.reviewers.map(({ id }) => id))
  const draft = useDraft(`postmortem:${document.id}:ask-review`)
  const text = draft.text ?? ''
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = useSend()
  const reviewers = (people.data ?? []).filter(
    (one) => !one.isDisabled && can(one.roles, 'postmortems.review'),
  )
  const isInsider = (handle: string): boolean => review.insiders.includes(handle)
  const hasOutsider = reviewers.some(({ id, handle }) => chosen.includes(id) && !isInsider(handle))
  async function ask(): Promise<void> {
    setBusy(true)
    const refused = await send('postmortems.askReview', { id: document.id, reviewerIds: [...chosen], text })
    setBusy(false)
    setProblem(refused?.detail)
    if (refused !== undefined) return
    draft.drop()
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send for review"
      footer={
        <Button
          variant="primary"
          busy={busy}
          {...(hasOutsider ? {} : { waitsFor: 'choose somebody outside the response' })}
          onClick={() => void ask()}
        >
          Send
        </Button>
      }
    >
      <fieldset className="grid grid-cols-1 gap-1">
        <legend className="pb-1 text-12 font-medium text-ink-2">Reviewers</legend>
        {people.isPending ? <p className="text-ink-3">Reading who is here…</p> : null}
        {people.isError ? (
          <p role="alert" className="text-breach">
            {people.error.message}
          </p>
        ) : null}
        <div className="grid max-h-60 grid-cols-1 overflow-y-auto">
          {reviewers.map(({ id, handle, name }) => (
            <Checkbox
              key={id}
              checked={chosen.includes(id)}
              onChange={(event) =>
                choose(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
              label={
                <span>
                  @{handle} <span className="text-ink-3">{name}</span>
                  {isInsider(handle) ? (
                    <span className="text-12 text-ink-3"> · responded or wrote here</span>
                  ) : null}
                </span>
              }
            />
          ))}
        </div>
      </fieldset>
      <Field label="Note for them" hint="May be left empty.">
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            maxLength={2_000}
            value={text}
            onChange={(event) => (event.target.value === '' ? draft.drop() : draft.keep(event.target.value))}
          />
        )}
      </Field>
      {problem === undefined ? null : (
        <p role="alert" className="text-breach">
          {problem}
        </p>
      )}
    </Dialog>
  )
}
