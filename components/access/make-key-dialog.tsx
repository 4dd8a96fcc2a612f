'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { Permission } from '@/lib/access/permissions'
import { type FormProblem, formProblemOf } from './form-problem'
import { scopeGroups, scopeText } from './scopes'

export type MadeKey = { readonly name: string; readonly secret: string }

const FIELDS = ['name', 'scopes', 'days'] as const
const LIVES = [
  { days: 7, label: 'a week' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'a year' },
] as const

/** MakeKeyDialog makes an API key; what it may do is chosen from what the person may do. */
export function MakeKeyDialog({
  grantable,
  onClose,
  onMade,
}: {
  readonly grantable: readonly Permission[]
  readonly onClose: () => void
  readonly onMade: (made: MadeKey) => void
}): ReactNode {
  const [problem, setProblem] = useState<FormProblem>({ fields: {} })
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const name = String(form.get('name') ?? '')
    const ticked = form.getAll('scopes').map(String)
    setBusy(true)
    setProblem({ fields: {} })
    try {
      const { secret } = await runCommand('access.createKey', {
        name,
        scopes: grantable.filter((scope) => ticked.includes(scope)),
        days: Number(form.get('days')),
      })
      if (secret === null) onClose()
      else onMade({ name, secret })
    } catch (error) {
      setProblem(formProblemOf(error, FIELDS))
      setBusy(false)
    }
  }

  return (
    <Dialog open onClose={onClose} title="Make an API key">
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field label="What will use it" error={problem.fields.name}>
          {(control) => (
            <Input
              {...control}
              name="name"
              required
              maxLength={80}
              autoComplete="off"
              placeholder="paging bot"
            />
          )}
        </Field>
        <Field label="It ends after" hint="A key can’t be made longer. Make a new one and revoke the old.">
          {(control) => (
            <Select {...control} name="days" defaultValue="90" className="w-40">
              {LIVES.map(({ days, label }) => (
                <option key={days} value={days}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <fieldset className="grid gap-3">
          <legend className="pb-1 text-12 font-medium text-ink-2">What it may do</legend>
          <div className="grid max-h-72 gap-3 overflow-y-auto border-y py-3">
            {scopeGroups(grantable).map((group) => (
              <div key={group.title} className="grid gap-1">
                <h3 className="text-12 text-ink-3">{group.title}</h3>
                {group.scopes.map((scope) => (
                  <Checkbox
                    key={scope}
                    name="scopes"
                    value={scope}
                    label={
                      <span>
                        <span className="font-mono text-12">{scope}</span>{' '}
                        <span className="text-ink-3">{scopeText(scope)}</span>
                      </span>
                    }
                  />
                ))}
              </div>
            ))}
          </div>
          {problem.fields.scopes === undefined ? null : (
            <p role="alert" className="text-12 text-breach">
              {problem.fields.scopes}
            </p>
          )}
        </fieldset>
        {problem.whole === undefined ? null : (
          <p role="alert" className="text-breach">
            {problem.whole}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
