'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { eventGroups } from '@/components/state/event-groups'
import { EventRow } from '@/components/state/event-row'
import { Panel } from '@/components/state/panel'
import { queryOf } from '@/lib/client/api'

const SHOWN = 5

/** HourChanges are the newest ratings that changed in the last hour. */
export function HourChanges(): ReactNode {
  const query = useQuery({ ...queryOf('health.events', { minutes: 60 }), refetchInterval: 15_000 })
  const title = 'Changes of the last hour'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading' }} />
  if (query.isError)
    return (
      <Panel
        title={title}
        face={{
          kind: 'failed',
          sentence: 'The changes could not be read.',
          retry: () => void query.refetch(),
        }}
      />
    )
  const groups = eventGroups(query.data)
  if (groups.length === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: 'No rating changed in the last hour.' }} />
  return (
    <Panel title={title} aside={groups.length > SHOWN ? `${SHOWN} of ${groups.length}` : undefined}>
      <ol>
        {groups.slice(0, SHOWN).map((group) => (
          <EventRow key={group.id} group={group} />
        ))}
      </ol>
    </Panel>
  )
}
