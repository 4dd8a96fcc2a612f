'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

/** ReasonForm asks why before something is done; `children` are further fields. */
export function ReasonForm({
  label,
  title,
  action,
  busy,
  minLength = 3,
  onSend,
  onClose,
  children,
}: {
  readonly label: string
  readonly title: string
  readonly action: string
  readonly busy: boolean
  readonly minLength?: number
  readonly onSend: (reason: string) => Promise<boolean>
  readonly onClose: () => void
  readonly children?: ReactNode
}): ReactNode {
  const [reason, setReason] = useState('')
  const isShort = reason.trim().length < minLength
  return (
    <form
      aria-label={title}
      className="grid gap-3 border bg-sunk p-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isShort) void onSend(reason.trim()).then((isDone) => isDone && onClose())
      }}
    >
      <Field label={label} hint={minLength > 3 ? `At least ${minLength} characters.` : undefined}>
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      {children}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy} waitsFor={isShort ? 'say why' : undefined}>
          {action}
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  )
}
