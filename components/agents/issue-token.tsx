'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useFleet } from '@/components/fleet/use-fleet'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { ShownOnce } from '@/components/ui/shown-once'
import { problemText } from '@/lib/client/problem-text'

type Issued = { readonly instanceId: string; readonly install: string }

/** IssueToken makes an agent's token and shows its install line once. */
export function IssueToken(): ReactNode {
  const client = useQueryClient()
  const { fleet } = useFleet()
  const listId = useId()
  const [instanceId, setInstanceId] = useState('')
  const [fault, setFault] = useState<string | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const [issued, setIssued] = useState<Issued | undefined>(undefined)

  async function issue(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setFault(undefined)
    try {
      setIssued(await runCommand('agents.issueToken', { instanceId: instanceId.trim() }))
      setInstanceId('')
      await client.invalidateQueries({ queryKey: ['agents.list'] })
    } catch (error) {
      setFault(problemText(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <section aria-labelledby="issue-title" className="grid gap-3 border-t pt-4">
      <h3 id="issue-title" className="text-13">
        Issue a token
      </h3>
      <form onSubmit={(event) => void issue(event)} className="flex flex-wrap items-end gap-2">
        <Field
          label="Instance"
          hint="An older token of the same instance ends."
          error={fault}
          className="w-72 max-w-full"
        >
          {(control) => (
            <Input
              {...control}
              list={listId}
              value={instanceId}
              autoComplete="off"
              required
              placeholder="15204417"
              onChange={(event) => setInstanceId(event.target.value)}
            />
          )}
        </Field>
        <datalist id={listId}>
          {fleet?.instances.id.slice(0, 500).map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
        <Button type="submit" variant="primary" busy={isBusy} className="mb-5">
          Issue token
        </Button>
      </form>
      {issued === undefined ? null : (
        <ShownOnce
          lead={
            <>
              Run this on <b className="font-mono">{issued.instanceId}</b>. The token in it is shown{' '}
              <b className="font-semibold">this once</b>.
            </>
          }
          secret={issued.install}
          onDone={() => setIssued(undefined)}
        />
      )}
    </section>
  )
}
