'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { IncidentData, Me } from '@/components/incidents/types'
import { Panel } from '@/components/state/panel'
import { later } from '@/components/ui/later'
import { queryOf } from '@/lib/client/api'

const MessageRow = later(() => import('./message-row').then((module) => module.MessageRow))

const SHOWN = 6
const READ_AGAIN_MS = 30_000

/** SaidList is what was said of an incident and what waits to be said, newest first. */
export function SaidList({ incident, me }: { readonly incident: IncidentData; readonly me: Me }): ReactNode {
  const query = useQuery({
    ...queryOf('publications.ofIncident', { incidentId: incident.id }),
    refetchInterval: READ_AGAIN_MS,
  })
  const title = 'What was said'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading', rows: 2 }} />
  if (query.isError)
    return (
      <Panel
        title={title}
        face={{
          kind: 'failed',
          sentence: 'The messages could not be read.',
          retry: () => void query.refetch(),
        }}
      />
    )
  const { publications } = query.data
  if (publications.length === 0)
    return (
      <Panel
        title={title}
        face={{ kind: 'empty', sentence: 'Nothing was published yet. U writes the first.' }}
      />
    )
  return (
    <Panel
      title={title}
      aside={publications.length > SHOWN ? `${SHOWN} of ${publications.length}` : undefined}
    >
      <ul className="grid gap-2.5">
        {publications.slice(0, SHOWN).map((publication) => (
          <MessageRow key={publication.id} publication={publication} me={me} />
        ))}
      </ul>
    </Panel>
  )
}
