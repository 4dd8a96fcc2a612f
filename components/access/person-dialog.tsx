'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast-store'
import { oneTimePassword } from '@/lib/access/one-time'
import { type FormProblem, formProblemOf } from './form-problem'
import type { PersonRow } from './people-view'
import { RoleBoxes, rolesIn } from './role-boxes'

const FIELDS = ['name', 'title', 'roles'] as const
const OWN = 'Your own roles and access are changed by another administrator.'

/** PersonDialog changes what somebody may do, gives a one-time password, or ends their sessions. */
export function PersonDialog({
  person,
  isOwn,
  onClose,
  onOneTime,
}: {
  readonly person: PersonRow
  readonly isOwn: boolean
  readonly onClose: () => void
  readonly onOneTime: (name: string, password: string) => void
}): ReactNode {
  const [problem, setProblem] = useState<FormProblem>({ fields: {} })
  const [isBusy, setBusy] = useState(false)

  async function attempt(task: () => Promise<void>): Promise<void> {
    if (isBusy) return
    setBusy(true)
    try {
      await task()
    } catch (error) {
      setProblem(formProblemOf(error, FIELDS))
    }
    setBusy(false)
  }

  function save(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const input = {
      id: person.id,
      version: person.version,
      name: String(form.get('name') ?? ''),
      title: String(form.get('title') ?? ''),
      roles: isOwn ? [...person.roles] : rolesIn(form),
      isDisabled: isOwn ? person.isDisabled : form.get('isDisabled') !== null,
    }
    void attempt(async () => {
      await runCommand('access.updatePerson', input)
      toast({ tone: 'done', text: `${input.name} is saved` })
      onClose()
    })
  }

  function giveOneTime(): void {
    const password = oneTimePassword(crypto.getRandomValues(new Uint8Array(20)))
    void attempt(async () => {
      await runCommand('access.resetPassword', { id: person.id, oneTimePassword: password })
      onOneTime(person.name, password)
    })
  }

  function endSessions(): void {
    void attempt(async () => {
      const { sessionsEnded } = await runCommand('access.endSessions', { id: person.id })
      toast({ tone: 'done', text: `${sessionsEnded} sessions of ${person.name} ended` })
      onClose()
    })
  }

  return (
    <Dialog open onClose={onClose} title={`${person.name}, @${person.handle}`}>
      <form onSubmit={save} noValidate className="grid gap-4">
        <Field label="Name" error={problem.fields.name}>
          {(control) => <Input {...control} name="name" defaultValue={person.name} autoComplete="off" />}
        </Field>
        <Field label="Title" error={problem.fields.title}>
          {(control) => <Input {...control} name="title" defaultValue={person.title} autoComplete="off" />}
        </Field>
        <RoleBoxes held={person.roles} locked={isOwn ? OWN : undefined} error={problem.fields.roles} />
        {isOwn ? null : (
          <Checkbox
            name="isDisabled"
            defaultChecked={person.isDisabled}
            label="Access switched off: signed out at once, and no way back in"
          />
        )}
        {problem.whole === undefined ? null : (
          <p role="alert" className="text-breach">
            {problem.whole}
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {isOwn ? null : (
            <>
              <Button variant="quiet" onClick={giveOneTime}>
                One-time password
              </Button>
              <Button
                variant="quiet"
                onClick={endSessions}
                waitsFor={person.sessions === 0 ? 'no session is open' : undefined}
              >
                End sessions
              </Button>
            </>
          )}
          <Button type="submit" variant="primary" busy={isBusy} className="ml-auto">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
