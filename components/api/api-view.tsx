import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { Table } from '@/components/ui/table'

export type ApiOperation = {
  readonly name: string
  readonly type: 'query' | 'command'
  readonly summary: string
  readonly permission: string
  readonly mayKey: boolean
}

export type ApiRoom = { readonly name: string; readonly operations: readonly ApiOperation[] }

/** ApiView tells people what the API is: how to ask, and every operation with what it needs. */
export function ApiView({
  base,
  rooms,
}: {
  readonly base: string
  readonly rooms: readonly ApiRoom[]
}): ReactNode {
  return (
    <div className="grid max-w-6xl gap-8">
      <header className="grid max-w-2xl gap-2">
        <h2 className="text-16">API</h2>
        <p className="text-ink-2">
          Whatever this console shows and changes, a script can too: with a personal{' '}
          <Link href="/settings/keys" className="link">
            API key
          </Link>
          , through the same checks, on the same record.{' '}
          <a href="/api/openapi.json" className="link">
            openapi.json
          </a>{' '}
          describes every field for programs.
        </p>
      </header>
      <Examples base={base} />
      {rooms.map((room) => (
        <Room key={room.name} room={room} />
      ))}
    </div>
  )
}

function Examples({ base }: { readonly base: string }): ReactNode {
  const change = `curl ${base}/api/commands/incidents.addNote \\
  -H "Authorization: Bearer $WATCHFLOOR_KEY" \\
  -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '{"id":"…","text":"Fallback is on"}'`
  const read = `curl -G ${base}/api/queries/incidents.open \\
  -H "Authorization: Bearer $WATCHFLOOR_KEY" \\
  --data-urlencode 'input={}'`
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Panel title="Ask">
        <pre className="whitespace-pre-wrap wrap-anywhere rounded-2 border bg-sunk p-3 font-mono text-12">
          {read}
        </pre>
        <p className="pt-2 text-12 text-ink-3">
          A query changes nothing. What it takes is JSON in the parameter input.
        </p>
      </Panel>
      <Panel title="Change">
        <pre className="whitespace-pre-wrap wrap-anywhere rounded-2 border bg-sunk p-3 font-mono text-12">
          {change}
        </pre>
        <p className="pt-2 text-12 text-ink-3">
          The same Idempotency-Key sent again counts once and gives the same answer.
        </p>
      </Panel>
    </div>
  )
}

function Room({ room }: { readonly room: ApiRoom }): ReactNode {
  const title = `Operations of ${room.name}`
  return (
    <Panel title={title} aside={`${room.operations.length}`}>
      <Table label={title}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Name</th>
            <th scope="col">What it does</th>
            <th scope="col">Permission</th>
          </tr>
        </thead>
        <tbody>
          {room.operations.map((operation) => (
            <tr key={operation.name}>
              <td className="text-ink-2">{operation.type}</td>
              <td className="font-mono text-12">{operation.name}</td>
              <td className="min-w-72 whitespace-normal">{operation.summary}</td>
              <td>
                <span className="font-mono text-12 text-ink-2">{operation.permission}</span>{' '}
                {operation.mayKey ? null : <Chip>not through a key</Chip>}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
