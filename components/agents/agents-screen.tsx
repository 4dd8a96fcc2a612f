'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Table } from '@/components/ui/table'
import { queryOf } from '@/lib/client/api'
import { AgentRow } from './agent-row'
import { IssueToken } from './issue-token'

const REFRESH_MS = 15_000

/** AgentsScreen lists the agents that may report, issues their tokens and ends them. */
export function AgentsScreen({ mayManage }: { readonly mayManage: boolean }): ReactNode {
  return (
    <div className="grid max-w-5xl gap-8">
      <div>
        <h2 className="text-16">Agents on instances</h2>
        <p className="max-w-2xl pt-1 text-ink-2">
          The agent is one shell file on an instance. It reports what the provider can’t see: the driver’s own
          words about each GPU, the services, the disk and the models.
        </p>
      </div>
      {mayManage ? <IssueToken /> : null}
      <AgentList mayManage={mayManage} />
    </div>
  )
}

function AgentList({ mayManage }: { readonly mayManage: boolean }): ReactNode {
  const list = useQuery({ ...queryOf('agents.list', {}), refetchInterval: REFRESH_MS })
  const title = 'Tokens in force and ended'
  if (list.isPending) return <Panel title={title} face={{ kind: 'loading', rows: 4 }} />
  if (list.isError) {
    return <Panel title={title} face={failedFace(list, 'The agents could not be read.')} />
  }
  if (list.data.length === 0) {
    return (
      <Panel
        title={title}
        face={{
          kind: 'empty',
          sentence: mayManage
            ? 'No agent reports yet. Issue a token above and run its line on the instance.'
            : 'No agent reports yet. An administrator issues their tokens.',
        }}
      />
    )
  }
  return (
    <Panel title={title} aside={`${list.data.length}`}>
      <Table label={title}>
        <thead>
          <tr>
            <th>Agent</th>
            <th>Instance</th>
            <th>Newest report</th>
            <th>Issued</th>
            <th>Orders</th>
            <th className="num">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.data.map((agent) => (
            <AgentRow key={agent.instanceId} agent={agent} mayManage={mayManage} />
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
