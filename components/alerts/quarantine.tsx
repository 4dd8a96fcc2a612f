'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { sourceWord } from './alert-words'

type Held = Wire<QueryResult<'alerts.quarantine'>>[number]

const TITLE = 'Signed, but not understood'

/** Quarantine lists deliveries that carried a valid signature and an unknown shape; each can be read, driven again or set aside. */
export function Quarantine({ mayRedrive }: { readonly mayRedrive: boolean }): ReactNode {
  const list = useQuery(queryOf('alerts.quarantine', {}))
  const [opened, setOpened] = useState<string>()
  if (!list.data) {
    return (
      <Panel
        title={TITLE}
        face={
          list.isError ? failedFace(list, 'The quarantine could not be read.') : { kind: 'loading', rows: 4 }
        }
      />
    )
  }
  if (list.data.length === 0)
    return <Panel title={TITLE} face={{ kind: 'empty', sentence: 'Every delivery was understood.' }} />
  return (
    <Panel title={TITLE} note="Nothing here is lost: the bytes are kept for 30 days.">
      <Table label={TITLE}>
        <thead>
          <tr>
            <th>Sender</th>
            <th>Why</th>
            <th>What</th>
            <th className="num">Received</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.data.map((held) => (
            <HeldRow
              key={held.id}
              held={held}
              mayRedrive={mayRedrive}
              isOpen={opened === held.id}
              onToggle={() => setOpened(opened === held.id ? undefined : held.id)}
            />
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

function HeldRow({
  held,
  mayRedrive,
  isOpen,
  onToggle,
}: {
  readonly held: Held
  readonly mayRedrive: boolean
  readonly isOpen: boolean
  readonly onToggle: () => void
}): ReactNode {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)

  async function change(task: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await task()
    } catch (error) {
      const detail = error instanceof ProblemError ? error.problem.detail : undefined
      toast({ tone: 'failed', text: 'That did not work', detail })
    } finally {
      setBusy(false)
      await client.invalidateQueries({
        predicate: (query) => String(query.queryKey[0]).startsWith('alerts.'),
      })
    }
  }

  async function redrive(): Promise<void> {
    const result = await runCommand('alerts.redrive', { id: held.id })
    if (result.understood) toast({ tone: 'done', text: `Understood: ${result.alerts} alerts` })
    else toast({ tone: 'failed', text: 'Still not understood', detail: result.reason ?? undefined })
  }

  async function dismiss(): Promise<void> {
    await runCommand('alerts.dismiss', { id: held.id })
    toast({ tone: 'done', text: 'Set aside' })
  }

  return (
    <>
      <tr>
        <td>{sourceWord(held.sender)}</td>
        <td className="min-w-64">{held.reason}</td>
        <td>{held.position < 0 ? 'the whole delivery' : `alert ${held.position + 1} of it`}</td>
        <td className="num">
          <TimeAgo at={held.receivedAt} />
        </td>
        <td className="num">
          <span className="inline-flex gap-1">
            <Button size="small" variant="quiet" aria-expanded={isOpen} onClick={onToggle}>
              {isOpen ? 'Close' : 'Read'}
            </Button>
            {mayRedrive ? (
              <>
                <Button size="small" busy={isBusy} onClick={() => void change(redrive)}>
                  Drive again
                </Button>
                <Button size="small" variant="quiet" busy={isBusy} onClick={() => void change(dismiss)}>
                  Set aside
                </Button>
              </>
            ) : null}
          </span>
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={5}>
            <Raw id={held.id} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

function Raw({ id }: { readonly id: string }): ReactNode {
  const raw = useQuery({ ...queryOf('alerts.quarantineRaw', { id }), retry: 1 })
  if (!raw.data) {
    return (
      <Panel
        title="As it came"
        face={
          raw.isError
            ? { kind: 'failed', sentence: 'The delivery could not be read.', detail: raw.error.message }
            : { kind: 'loading', rows: 3 }
        }
      />
    )
  }
  return (
    <Panel
      title="As it came"
      note={`${raw.data.sizeBytes} bytes, secrets masked${raw.data.isCut ? ', cut' : ''}`}
    >
      <pre className="max-h-96 overflow-auto rounded-2 border bg-sunk p-3 font-mono text-12 break-all whitespace-pre-wrap">
        {raw.data.text}
      </pre>
    </Panel>
  )
}
