'use client'

import { type ReactNode, useState } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { TextArea } from '@/components/ui/text-area'
import { useSend } from './use-send'

/** ReopenForm makes a published document a draft again, with the reason. */
export function ReopenForm({
  id,
  onClose,
}: {
  readonly id: string
  readonly onClose: () => void
}): ReactNode {
  const draft = useDraft(`postmortem:${id}:reopen`)
  const reason = draft.text ?? ''
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = useSend()
  async function reopen(): Promise<void> {
    setBusy(true)
    const refused = await send('postmortems.reopen', { id, reason })
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
      title="Open it again"
      footer={
        <Button
          variant="primary"
          busy={busy}
          {...(reason.trim() === '' ? { waitsFor: 'say why' } : {})}
          onClick={() => void reopen()}
        >
          Make it a draft again
        </Button>
      }
    >
      <Field label="Why" {...(problem === undefined ? {} : { error: problem })}>
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => (event.target.value === '' ? draft.drop() : draft.keep(event.target.value))}
          />
        )}
      </Field>
    </Dialog>
  )
}
