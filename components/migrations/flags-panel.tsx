'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Table } from '@/components/ui/table'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { FLAG_KEY } from '@/lib/flags/model'
import { ReasonForm } from './reason-form'
import type { FlagsData, Me } from './types'
import { useMigrationCommand } from './use-migration-command'

type Flag = FlagsData['flags'][number]
type Open = { readonly key: string; readonly what: 'change' | 'off' } | undefined

/** FlagsPanel lists the percentage flags; those of migrations are shifted on their pages. */
export function FlagsPanel({ initial, me }: { readonly initial: FlagsData; readonly me: Me }): ReactNode {
  const { data } = useQuery({ ...queryOf('flags.list', {}), initialData: initial })
  const [open, setOpen] = useState<Open>()
  const [isMaking, setMaking] = useState(false)
  const mayChange = can(me.roles, 'flags.change')
  const mayTurnOff = can(me.roles, 'flags.turn-off')
  const flag = data.flags.find(({ key }) => key === open?.key)
  return (
    <Panel
      title="Flags"
      note="asked at /ofrep/v1 and /api/flags"
      aside={
        mayChange && !isMaking ? (
          <Button size="small" variant="quiet" onClick={() => setMaking(true)}>
            New flag
          </Button>
        ) : undefined
      }
      face={
        data.flags.length === 0 && !isMaking
          ? { kind: 'empty', sentence: 'There is no flag yet. A migration brings its own.' }
          : { kind: 'ready' }
      }
    >
      {isMaking ? <NewFlag onClose={() => setMaking(false)} /> : null}
      <Table label="Flags">
        <thead>
          <tr>
            <th>Flag</th>
            <th className="num">New side</th>
            <th className="max-md:hidden">Last changed</th>
            <th>
              <span className="sr-only">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.flags.map((one) => (
            <tr key={one.key} className="hover:bg-raise">
              <td className="whitespace-normal">
                <span className="font-mono text-12 break-all">{one.key}</span>
                <span className="block text-12 text-ink-2">{one.description}</span>
              </td>
              <td className="num font-mono">{one.isOn ? `${one.percent} %` : 'off'}</td>
              <td className="max-md:hidden">
                <TimeAgo at={one.updatedAtMs / 1000} /> by @{one.updatedBy}
              </td>
              <td>
                {one.migrationId === null ? (
                  <div className="flex flex-wrap justify-end gap-1">
                    {mayChange ? (
                      <Button
                        size="small"
                        aria-label={`Change ${one.key}`}
                        onClick={() => setOpen({ key: one.key, what: 'change' })}
                      >
                        Change
                      </Button>
                    ) : null}
                    {mayTurnOff && one.isOn && one.percent > 0 ? (
                      <Button
                        size="small"
                        aria-label={`Turn off ${one.key}`}
                        onClick={() => setOpen({ key: one.key, what: 'off' })}
                      >
                        Turn off
                      </Button>
                    ) : null}
                  </div>
                ) : (
                  <span className="text-12 text-ink-3">by its migration</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      {flag && open ? (
        <FlagForm
          key={`${open.key} ${open.what}`}
          flag={flag}
          what={open.what}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </Panel>
  )
}

function FlagForm({
  flag,
  what,
  onClose,
}: {
  readonly flag: Flag
  readonly what: 'change' | 'off'
  readonly onClose: () => void
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [percent, setPercent] = useState(String(flag.percent))
  const { key, version } = flag
  return (
    <ReasonForm
      title={what === 'off' ? `Turn ${key} off` : `Change ${key}`}
      label="Why"
      action={what === 'off' ? 'Turn off now' : 'Set'}
      busy={busy}
      onClose={onClose}
      onSend={async (reason) =>
        (what === 'off'
          ? await send('flags.turnOff', { key, reason })
          : await send('flags.change', { key, version, percent: Number(percent), reason })) !== undefined
      }
    >
      {what === 'off' ? null : (
        <Field label="Percent for whom it is true">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={100}
              step={0.01}
              value={percent}
              onChange={(event) => setPercent(event.target.value)}
            />
          )}
        </Field>
      )}
    </ReasonForm>
  )
}

function NewFlag({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [key, setKey] = useState('')
  const [description, setDescription] = useState('')
  const missing = FLAG_KEY.test(key) ? undefined : 'small letters, digits, dots, dashes'
  return (
    <form
      aria-label="New flag"
      className="mb-3 grid grid-cols-1 gap-3 border bg-sunk p-3 md:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (missing === undefined)
          void send('flags.create', { key, description }).then((made) => made && onClose())
      }}
    >
      <Field label="Name">
        {(control) => <Input {...control} value={key} onChange={(event) => setKey(event.target.value)} />}
      </Field>
      <Field label="What it decides">
        {(control) => (
          <Input {...control} value={description} onChange={(event) => setDescription(event.target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy} waitsFor={missing}>
          Make it
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  )
}
