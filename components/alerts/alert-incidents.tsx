'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { openDeclareFrom } from '@/components/incidents/declare-from'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

type Detail = Wire<QueryResult<'alerts.detail'>>

/** AlertIncidents says in which incidents an alert is, and declares one from it where it is in none that goes on. */
export function AlertIncidents({
  detail,
  mayDeclare,
}: {
  readonly detail: Detail
  readonly mayDeclare: boolean
}): ReactNode {
  const query = useQuery(queryOf('incidents.ofAlert', { alertId: detail.id }))
  if (query.isPending) return <Panel title="Incidents" face={{ kind: 'loading', rows: 1 }} />
  if (query.isError)
    return (
      <Panel
        title="Incidents"
        face={{
          kind: 'failed',
          sentence: 'The incidents of this alert could not be read.',
          retry: () => void query.refetch(),
        }}
      />
    )
  const isTaken = query.data.some((one) => one.state === 'linked' && one.status !== 'resolved')
  return (
    <Panel title="Incidents">
      {query.data.length === 0 ? <p className="border-t py-1.5 text-ink-2">In no incident.</p> : null}
      <ul>
        {query.data.map((one) => (
          <li key={one.id} className="flex items-center gap-2 border-t py-1.5">
            <Link href={`/incidents/${one.name}`} className="link min-w-0 truncate">
              <span className="font-mono">{one.name}</span> {one.title}
            </Link>
            {one.state === 'proposed' ? <Chip>proposed</Chip> : null}
            {one.status === 'resolved' ? <Chip>resolved</Chip> : null}
          </li>
        ))}
      </ul>
      {mayDeclare && !isTaken && detail.status === 'firing' ? (
        <Button
          className="mt-1"
          onClick={() =>
            openDeclareFrom({
              alerts: { ids: [detail.id] },
              title: detail.annotations.summary ?? detail.name,
              level: detail.level,
              count: 1,
              sinceMs: detail.since * 1_000,
            })
          }
        >
          Declare an incident from this alert
        </Button>
      ) : null}
    </Panel>
  )
}
