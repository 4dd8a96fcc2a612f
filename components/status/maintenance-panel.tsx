'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Table } from '@/components/ui/table'
import { TextArea } from '@/components/ui/text-area'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { STATUS_WORDS } from '@/lib/status/words'
import { CounterpartsNote } from './counterparts-note'
import { faceOf } from './face-of'
import { useSending } from './use-sending'

type Maintenance = Wire<QueryResult<'status.maintenances'>>[number]

const seconds = (text: string): number => Date.parse(text) / 1000

/** MaintenancePanel announces planned work and starts, ends or calls it off. */
export function MaintenancePanel({ mayMaintain }: { readonly mayMaintain: boolean }): ReactNode {
  const list = useQuery(queryOf('status.maintenances', {}))
  const [isPlanning, setPlanning] = useState(false)
  const face = faceOf(list, 'Planned work could not be read.')
  if (face) return <Panel title="Maintenance" face={face} />
  const windows = list.data ?? []
  return (
    <Panel title="Maintenance" aside={`${windows.length}`}>
      <CounterpartsNote />
      {windows.length === 0 ? (
        <p className="pb-3 text-ink-2">No work is planned, and none was in the last 30 days.</p>
      ) : (
        <Table label="Planned work">
          <thead>
            <tr>
              <th>Status</th>
              <th>What</th>
              <th>From</th>
              <th>Until</th>
              <th className="num">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {windows.map((one) => (
              <tr key={one.id}>
                <td>{STATUS_WORDS[one.status]}</td>
                <td>
                  <a href={`/status/maintenance/${one.id}`} className="link" target="_blank" rel="noreferrer">
                    {one.name}
                  </a>
                </td>
                <td>
                  <Instant at={seconds(one.scheduledFor)} />
                </td>
                <td>
                  <Instant at={seconds(one.scheduledUntil)} />
                </td>
                <td className="num whitespace-nowrap">{mayMaintain ? <Moves one={one} /> : null}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {mayMaintain ? (
        <Button className="mt-3" onClick={() => setPlanning(true)}>
          Announce planned work
        </Button>
      ) : null}
      {isPlanning ? <Plan onClose={() => setPlanning(false)} /> : null}
    </Panel>
  )
}

function Moves({ one }: { readonly one: Maintenance }): ReactNode {
  const { send, isBusy, fault } = useSending()
  const move = (name: 'start' | 'complete' | 'cancel', label: string): ReactNode => (
    <Button
      size="small"
      variant="quiet"
      busy={isBusy}
      aria-label={`${label}: ${one.name}`}
      onClick={() => void send('status.moveMaintenance', { id: one.id, move: name })}
    >
      {label}
    </Button>
  )
  return (
    <>
      {one.status === 'scheduled' ? move('start', 'Start now') : null}
      {one.status === 'scheduled' ? move('cancel', 'Call off') : null}
      {one.status === 'in_progress' ? move('complete', 'Complete') : null}
      {fault ? (
        <span role="alert" className="block text-12 text-breach">
          {fault}
        </span>
      ) : null}
    </>
  )
}

/** What a person types as UTC becomes an instant: nobody's browser zone slips in. */
function utc(text: string): string {
  return `${text}:00.000Z`
}

function Plan({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { send, isBusy, fault } = useSending()
  const components = useQuery(queryOf('status.components', {}))
  const [name, setName] = useState('')
  const [body, setBody] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [isAutomatic, setAutomatic] = useState(true)
  async function plan(event: FormEvent): Promise<void> {
    event.preventDefault()
    const times = { scheduledFor: utc(from), scheduledUntil: utc(until) }
    const input = { name, body, ...times, componentIds: [...chosen], isAutomatic }
    if (await send('status.planMaintenance', input)) onClose()
  }
  return (
    <Dialog open onClose={onClose} title="Announce planned work">
      <form onSubmit={(event) => void plan(event)} className="grid gap-3">
        <Field label="What is done" {...(fault ? { error: fault } : {})}>
          {(control) => (
            <Input
              {...control}
              value={name}
              required
              maxLength={120}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="From, UTC">
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={from}
                required
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </Field>
          <Field label="Until, UTC">
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={until}
                required
                onChange={(event) => setUntil(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Field label="What customers will notice">
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={body}
              maxLength={2000}
              onChange={(event) => setBody(event.target.value)}
            />
          )}
        </Field>
        <fieldset className="grid gap-1">
          <legend className="pb-1 text-12 font-medium text-ink-2">Components it touches</legend>
          {(components.data ?? []).map(({ id, name: label }) => (
            <Checkbox
              key={id}
              label={label}
              checked={chosen.includes(id)}
              onChange={(event) =>
                setChosen(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
          ))}
        </fieldset>
        {chosen.length === 0 ? null : <CounterpartsNote among={chosen} />}
        <Checkbox
          label="The clock starts and ends it"
          checked={isAutomatic}
          onChange={(event) => setAutomatic(event.target.checked)}
        />
        <div className="flex justify-end">
          <Button type="submit" variant="primary" busy={isBusy}>
            Announce
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
