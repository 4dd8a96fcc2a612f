'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { ProblemLine } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { useDeploymentCommand } from './use-deployment-command'

/** FreezeForm sets a freeze for an event, or stops every start at once. */
export function FreezeForm(): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [kind, setKind] = useState<'event' | 'stop-line'>('event')
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  async function freeze(): Promise<void> {
    const made = await send('deployments.freeze', {
      kind,
      reason,
      ...(from === '' ? {} : { startsAt: `${from}:00.000Z` }),
      ...(to === '' ? {} : { endsAt: `${to}:00.000Z` }),
    })
    if (!made) return
    setReason('')
    setFrom('')
    setTo('')
  }
  return (
    <form
      aria-label="Set a freeze"
      className="grid grid-cols-1 gap-3 border-t pt-3 md:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        void freeze()
      }}
    >
      <Field label="What">
        {(control) => (
          <Select
            {...control}
            value={kind}
            onChange={(event) => setKind(event.target.value === 'stop-line' ? 'stop-line' : 'event')}
          >
            <option value="event">A freeze for an event</option>
            <option value="stop-line">Stop every start, now</option>
          </Select>
        )}
      </Field>
      <Field label="Why">
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <Field label="From, UTC" hint="Empty: from now on.">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        )}
      </Field>
      <Field label="To, UTC">
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-2 md:col-span-2">
        <ProblemLine problem={problem} />
        <div>
          <Button type="submit" busy={busy}>
            {kind === 'event' ? 'Freeze' : 'Stop every start'}
          </Button>
        </div>
      </div>
    </form>
  )
}
