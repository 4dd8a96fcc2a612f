'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { ShownOnce } from '@/components/ui/shown-once'
import { toast } from '@/components/ui/toast-store'
import type { Sender } from '@/lib/alerts/model'
import { ProblemError } from '@/lib/client/api'

/** These two show their own secret, which is entered here; the others get one that is made here. */
const ENTERED: readonly Sender[] = ['pagerduty', 'vast']

/** NewSecret puts a secret in force; one that is made here is shown this once. */
export function NewSecret({
  sender,
  isFull,
}: {
  readonly sender: Sender
  readonly isFull: boolean
}): ReactNode {
  const client = useQueryClient()
  const [fault, setFault] = useState<{ readonly name?: string; readonly secret?: string }>({})
  const [isBusy, setBusy] = useState(false)
  const [made, setMade] = useState<string>()
  const isEntered = ENTERED.includes(sender)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    const secret = String(data.get('secret') ?? '').trim()
    setBusy(true)
    setFault({})
    try {
      const result = await runCommand('alerts.createHookSecret', {
        sender,
        name: String(data.get('name') ?? ''),
        ...(isEntered ? { secret } : {}),
      })
      form.reset()
      setMade(result.secret ?? undefined)
      if (result.secret === null) toast({ tone: 'done', text: 'The secret is in force' })
      await client.invalidateQueries({ queryKey: ['alerts.hooks'] })
    } catch (error) {
      const problem = error instanceof ProblemError ? error.problem : undefined
      const issue = problem?.issues?.[0]
      if (issue?.path === 'secret') setFault({ secret: issue.message })
      else setFault({ name: issue?.message ?? problem?.detail ?? 'Watchfloor does not answer.' })
    } finally {
      setBusy(false)
    }
  }

  if (made !== undefined)
    return (
      <ShownOnce
        lead={
          <>
            Put this into the sender now: it is shown <b className="font-semibold">this once</b>.
          </>
        }
        secret={made}
        onDone={() => setMade(undefined)}
      />
    )
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-start gap-2 border-t pt-2">
      <Field label="Where it is used" error={fault.name} className="w-56 max-w-full">
        {(control) => <Input {...control} name="name" required maxLength={80} autoComplete="off" />}
      </Field>
      {isEntered ? (
        <Field label="Its signing secret" error={fault.secret} className="w-72 max-w-full">
          {(control) => (
            <Input {...control} name="secret" type="password" required minLength={16} autoComplete="off" />
          )}
        </Field>
      ) : null}
      <Button
        type="submit"
        busy={isBusy}
        waitsFor={isFull ? 'two are in force, end one first' : undefined}
        className="mt-5.5"
      >
        {isEntered ? 'Put in force' : 'Make a secret'}
      </Button>
    </form>
  )
}
