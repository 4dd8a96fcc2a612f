'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast-store'
import { sendCommand } from '@/lib/client/api'
import { type FormProblem, formProblemOf } from './form-problem'

/** PasswordForm changes the own password; every other session ends with it. */
export function PasswordForm({ onChanged }: { readonly onChanged: () => Promise<void> }): ReactNode {
  const [problem, setProblem] = useState<FormProblem>({ fields: {} })
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const element = event.currentTarget
    const form = new FormData(element)
    setBusy(true)
    try {
      const { sessionsEnded } = await sendCommand('access.setPassword', {
        current: String(form.get('current') ?? ''),
        next: String(form.get('next') ?? ''),
      })
      setProblem({ fields: {} })
      element.reset()
      toast({
        tone: 'done',
        text: 'Your password is changed',
        detail: `${sessionsEnded} other sessions ended`,
      })
      await onChanged()
    } catch (error) {
      setProblem(formProblemOf(error, ['current', 'next']))
    }
    setBusy(false)
  }

  return (
    <Panel title="Password">
      <form onSubmit={submit} noValidate className="grid max-w-sm gap-4 border-t pt-4">
        <Field label="Present password" error={problem.fields.current}>
          {(control) => <Input {...control} name="current" type="password" autoComplete="current-password" />}
        </Field>
        <Field
          label="New password"
          hint="At least 12 characters; a short sentence works well."
          error={problem.fields.next}
        >
          {(control) => <Input {...control} name="next" type="password" autoComplete="new-password" />}
        </Field>
        {problem.whole === undefined ? null : (
          <p role="alert" className="text-breach">
            {problem.whole}
          </p>
        )}
        <Button type="submit" variant="primary" busy={isBusy} className="justify-self-start">
          Change password
        </Button>
      </form>
    </Panel>
  )
}
