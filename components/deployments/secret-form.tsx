'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { ProblemLine } from '@/components/ui/dialog-foot'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import type { UpkeepData } from './types'
import { useDeploymentCommand } from './use-deployment-command'

/** SecretForm puts the name of a secret into the ledger. */
export function SecretForm({ services }: { readonly services: UpkeepData['services'] }): ReactNode {
  const { busy, problem, send } = useDeploymentCommand()
  const [name, setName] = useState('')
  const [service, setService] = useState(services[0]?.id ?? '')
  const [owner, setOwner] = useState('')
  const [rotatedOn, setRotatedOn] = useState('')
  const [consumers, setConsumers] = useState('')
  async function add(): Promise<void> {
    const made = await send('deployments.addSecret', {
      name,
      service,
      owner,
      rotatedAt: `${rotatedOn}T00:00:00.000Z`,
      consumers: consumers
        .split(',')
        .map((it) => it.trim())
        .filter((it) => it !== ''),
    })
    if (!made) return
    setName('')
    setConsumers('')
  }
  return (
    <form
      aria-label="Add a secret to the ledger"
      className="grid grid-cols-1 gap-3 border-t pt-3 md:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <Field label="Name of the secret">
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label="Service">
        {(control) => (
          <Select {...control} value={service} onChange={(event) => setService(event.target.value)}>
            {services.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Owner">
        {(control) => <Input {...control} value={owner} onChange={(event) => setOwner(event.target.value)} />}
      </Field>
      <Field label="Rotated last on">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={rotatedOn}
            onChange={(event) => setRotatedOn(event.target.value)}
          />
        )}
      </Field>
      <Field label="Consumers" hint="Names, with commas." className="md:col-span-2">
        {(control) => (
          <Input {...control} value={consumers} onChange={(event) => setConsumers(event.target.value)} />
        )}
      </Field>
      <div className="grid gap-2 md:col-span-2">
        <ProblemLine problem={problem} />
        <div>
          <Button
            type="submit"
            busy={busy}
            {...(name === '' || owner === '' || rotatedOn === ''
              ? { waitsFor: 'waits for name, owner and day' }
              : {})}
          >
            Add it
          </Button>
        </div>
      </div>
    </form>
  )
}
