'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { oneTimePassword } from '@/lib/access/one-time'
import { type FormProblem, formProblemOf } from './form-problem'
import { RoleBoxes, rolesIn } from './role-boxes'

const FIELDS = ['handle', 'name', 'email', 'title', 'roles'] as const
const TEXTS = [
  { name: 'name', label: 'Name', hint: undefined, autoComplete: 'off' },
  {
    name: 'handle',
    label: 'Handle',
    hint: 'Small letters, digits and hyphens; shown as @handle.',
    autoComplete: 'off',
  },
  { name: 'email', label: 'Work e-mail', hint: 'Single sign-on matches people by it.', autoComplete: 'off' },
  { name: 'title', label: 'Title', hint: undefined, autoComplete: 'off' },
] as const

/** AddPersonDialog adds somebody with a one-time password that this browser makes and shows once. */
export function AddPersonDialog({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void
  readonly onAdded: (name: string, password: string) => void
}): ReactNode {
  const [problem, setProblem] = useState<FormProblem>({ fields: {} })
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => String(form.get(name) ?? '')
    const password = oneTimePassword(crypto.getRandomValues(new Uint8Array(20)))
    setBusy(true)
    try {
      const input = {
        name: text('name'),
        handle: text('handle'),
        email: text('email'),
        title: text('title'),
        roles: rolesIn(form),
        oneTimePassword: password,
      }
      await runCommand('access.createPerson', input)
      onAdded(input.name, password)
    } catch (error) {
      setProblem(formProblemOf(error, FIELDS))
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={onClose} title="Add a person">
      <form onSubmit={submit} noValidate className="grid gap-4">
        {TEXTS.map(({ name, label, hint, autoComplete }) => (
          <Field key={name} label={label} hint={hint} error={problem.fields[name]}>
            {(control) => <Input {...control} name={name} autoComplete={autoComplete} />}
          </Field>
        ))}
        <RoleBoxes held={['viewer']} error={problem.fields.roles} />
        {problem.whole === undefined ? null : (
          <p role="alert" className="text-breach">
            {problem.whole}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            Add and make a one-time password
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
