'use client'

import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Table } from '@/components/ui/table'
import { can } from '@/lib/access/permissions'
import { ReasonForm } from './reason-form'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

type Part = MigrationData['parts'][number]
type Why = MigrationData['reasons'][number]
type Open =
  | { readonly kind: 'steer'; readonly part: string; readonly to: 'paused' | 'running' }
  | {
      readonly kind: 'settle'
      readonly part: string
      readonly because: string
      readonly class: Why['class']
      /** atMost is how many rows were seen: what came since is not settled with them. */
      readonly atMost: number
      readonly to: 'retry' | 'waived'
    }
  | undefined

type Settle = Omit<Extract<NonNullable<Open>, { kind: 'settle' }>, 'kind'>

const STATES: Readonly<Record<string, string>> = {
  running: 'moving',
  paused: 'held',
  stopped: 'stopped',
  done: 'moved',
}

/** DataPanel shows every part of the data with its progress, and what lies in quarantine for which reason. */
export function DataPanel({ data, me }: { readonly data: MigrationData; readonly me: Me }): ReactNode {
  const [open, setOpen] = useState<Open>()
  const mayWork = can(me.roles, 'migrations.work')
  const isMoving = data.state === 'backfilling'
  return (
    <Panel
      title="Data"
      note={`batches of ${data.batch.rows}, as the migrator reports them`}
      face={
        data.parts.length === 0
          ? {
              kind: 'empty',
              sentence: 'No part was opened yet: a migrator opens one for each type of record.',
            }
          : { kind: 'ready' }
      }
    >
      <Table label="Parts of the data">
        <thead>
          <tr>
            <th>Part</th>
            <th className="num">Moved</th>
            <th className="num">Bad</th>
            <th>
              <span className="sr-only">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.parts.map((part) => (
            <tr key={part.name} className="hover:bg-raise">
              <td className="whitespace-normal">
                <span className="font-mono text-12">{part.name}</span>
                <span className="block text-12 text-ink-2">
                  {STATES[part.state] ?? part.state}, batch {part.batches},{' '}
                  <TimeAgo at={part.updatedAtMs / 1000} />
                </span>
                {part.why === '' ? null : <span className="block text-12 text-breach">{part.why}</span>}
              </td>
              <td className="num font-mono">{progress(part)}</td>
              <td className="num font-mono">
                {part.badRows} ({part.badPercent.toFixed(2)} %)
              </td>
              <td>
                {mayWork && isMoving ? (
                  <Button
                    size="small"
                    aria-label={`${part.state === 'running' ? 'Hold' : 'Go on with'} ${part.name}`}
                    onClick={() =>
                      setOpen({
                        kind: 'steer',
                        part: part.name,
                        to: part.state === 'running' ? 'paused' : 'running',
                      })
                    }
                  >
                    {part.state === 'running' ? 'Hold' : 'Go on'}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      {data.reasons.length === 0 ? null : (
        <Reasons
          reasons={data.reasons}
          mayWork={mayWork}
          onSettle={(settle) => setOpen({ kind: 'settle', ...settle })}
        />
      )}
      {open === undefined ? null : (
        <PartForm
          key={JSON.stringify(open)}
          open={open}
          number={data.number}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Panel>
  )
}

function progress({ goodRows, badRows, expectedRows }: Part): string {
  if (expectedRows === null || expectedRows === 0) return String(goodRows)
  return `${goodRows} of ${expectedRows} · ${Math.floor(((goodRows + badRows) / expectedRows) * 100)} %`
}

function Reasons({
  reasons,
  mayWork,
  onSettle,
}: {
  readonly reasons: readonly Why[]
  readonly mayWork: boolean
  readonly onSettle: (settle: Settle) => void
}): ReactNode {
  return (
    <div className="grid grid-cols-1 gap-1 pt-3">
      <h3 className="text-13 font-medium">Quarantine, by reason</h3>
      <ul className="grid grid-cols-1 border-t">
        {reasons.map((why) => {
          const seen = { part: why.part, because: why.reason, class: why.class, atMost: why.count }
          return (
            <li
              key={`${why.part} ${why.class} ${why.reason}`}
              className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-1.5"
            >
              <span className="font-mono text-12">{why.count}</span>
              <span className="min-w-0 flex-1 break-words">
                {why.part}: {why.reason} <span className="text-12 text-ink-3">({why.class})</span>
              </span>
              {mayWork ? (
                <span className="flex gap-1">
                  <Button
                    size="small"
                    aria-label={`Try again: ${why.reason}`}
                    onClick={() => onSettle({ ...seen, to: 'retry' })}
                  >
                    Try again
                  </Button>
                  <Button
                    size="small"
                    aria-label={`Waive: ${why.reason}`}
                    onClick={() => onSettle({ ...seen, to: 'waived' })}
                  >
                    Waive
                  </Button>
                </span>
              ) : null}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function PartForm({
  open,
  number,
  onClose,
}: {
  readonly open: NonNullable<Open>
  readonly number: number
  readonly onClose: () => void
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [tolerated, setTolerated] = useState('')
  const { part } = open
  const isSteering = open.kind === 'steer'
  const action = isSteering
    ? open.to === 'paused'
      ? 'Hold'
      : 'Go on'
    : open.to === 'waived'
      ? 'Waive'
      : 'Try again'
  return (
    <ReasonForm
      title={`${action}: ${part}`}
      label="Why"
      action={action}
      busy={busy}
      onClose={onClose}
      onSend={async (reason) => {
        if (!isSteering) {
          const { kind: _kind, ...settle } = open
          return (await send('migrations.settleRows', { number, ...settle, reason })) !== undefined
        }
        const toleratedPercent = tolerated === '' ? undefined : Number(tolerated)
        return (
          (await send('migrations.steerPart', { number, part, to: open.to, reason, toleratedPercent })) !==
          undefined
        )
      }}
    >
      {isSteering && open.to === 'running' ? (
        <Field
          label="Bad rows that are tolerated, in percent"
          hint="Leave it empty for the limit of the policy."
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={100}
              step={0.1}
              value={tolerated}
              onChange={(event) => setTolerated(event.target.value)}
            />
          )}
        </Field>
      ) : null}
    </ReasonForm>
  )
}
