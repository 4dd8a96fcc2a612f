'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { TextArea } from '@/components/ui/text-area'

/** ReasonForm opens a field for a reason and sends nothing before there is one. */
export function ReasonForm({
  opener,
  label,
  hint,
  submit,
  min,
  busy,
  onSend,
}: {
  readonly opener: string
  readonly label: string
  readonly hint: string
  readonly submit: string
  readonly min: number
  readonly busy: boolean
  readonly onSend: (reason: string) => Promise<unknown>
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  if (!isOpen)
    return (
      <Button variant="quiet" onClick={() => setOpen(true)}>
        {opener}
      </Button>
    )
  const missing = min - reason.trim().length

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (missing <= 0) await onSend(reason.trim())
  }

  return (
    <form onSubmit={(event) => void send(event)} className="grid basis-full gap-2 border-t pt-3">
      <Field label={label} hint={hint}>
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            autoFocus
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          busy={busy}
          {...(missing > 0 ? { waitsFor: `${missing} more characters` } : {})}
        >
          {submit}
        </Button>
        <Button variant="quiet" onClick={() => setOpen(false)}>
          Not now
        </Button>
      </div>
    </form>
  )
}
