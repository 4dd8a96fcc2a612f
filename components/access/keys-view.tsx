'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { ShownOnce } from '@/components/ui/shown-once'
import { Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toast-store'
import type { Permission } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { problemText } from '@/lib/client/problem-text'
import type { QueryResult } from '@/lib/registry'
import { KeyRow } from './key-row'
import type { MadeKey } from './make-key-dialog'

type Keys = QueryResult<'access.keys'>

const MakeKeyDialog = later(() => import('./make-key-dialog').then((module) => module.MakeKeyDialog))

/** KeysView makes, lists and ends API keys: one's own, and for who manages people everybody's. */
export function KeysView({
  initial,
  whose,
  grantable,
}: {
  readonly initial: Keys
  readonly whose: 'mine' | 'all'
  readonly grantable: readonly Permission[]
}): ReactNode {
  const client = useQueryClient()
  const { data } = useQuery({ ...queryOf('access.keys', { whose }), initialData: initial })
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<MadeKey>()
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: ['access.keys'] })

  async function end(key: Keys[number]): Promise<void> {
    try {
      await runCommand(key.isMine ? 'access.revokeKey' : 'access.endKey', { id: key.id })
      toast({ tone: 'done', text: `${key.name} is revoked`, detail: 'Its next request is refused.' })
    } catch (error) {
      const detail = problemText(error)
      toast({ tone: 'failed', text: 'The key still holds', detail })
    }
    await refresh()
  }

  return (
    <section aria-labelledby="keys-title" className="grid max-w-6xl gap-6">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div className="max-w-2xl">
          <h2 id="keys-title" className="text-16">
            API keys
          </h2>
          <p className="text-ink-2">
            A script with your key does what you may do, within the scopes of the key, and stands in the
            record under your name. Nothing that asks for your password can be done through a key.{' '}
            <Link href="/settings/api" className="link">
              What can be asked
            </Link>
          </p>
        </div>
        <Button variant="primary" onClick={() => setMaking(true)}>
          Make an API key
        </Button>
      </header>
      {made === undefined ? null : (
        <ShownOnce
          lead={
            <>
              The key of <b className="font-semibold">{made.name}</b>. It is shown{' '}
              <b className="font-semibold">this once</b>.
            </>
          }
          secret={made.secret}
          onDone={() => setMade(undefined)}
        />
      )}
      <KeyTable rows={data} whose={whose} onEnd={end} onMake={() => setMaking(true)} />
      {isMaking ? (
        <MakeKeyDialog
          grantable={grantable}
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false)
            setMade(key)
            void refresh()
          }}
        />
      ) : null}
    </section>
  )
}

function KeyTable({
  rows,
  whose,
  onEnd,
  onMake,
}: {
  readonly rows: Keys
  readonly whose: 'mine' | 'all'
  readonly onEnd: (key: Keys[number]) => Promise<void>
  readonly onMake: () => void
}): ReactNode {
  const live = rows.filter((row) => row.state === 'live').length
  const title = whose === 'all' ? 'Everybody’s keys' : 'Your keys'
  if (rows.length === 0)
    return (
      <Panel
        title={title}
        face={{
          kind: 'empty',
          sentence: 'No key has been made yet.',
          action: <Button onClick={onMake}>Make the first</Button>,
        }}
      />
    )
  return (
    <Panel title={title} aside={`${live} of ${rows.length} in force`}>
      <Table label="API keys">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Key</th>
            {whose === 'all' ? <th scope="col">Whose</th> : null}
            <th scope="col">May do</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col" className="num">
              <span className="sr-only">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <KeyRow key={row.id} row={row} showsOwner={whose === 'all'} onEnd={onEnd} />
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
