'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queryOf } from '@/lib/client/api'
import { eventGroups } from './event-groups'
import { EventRow } from './event-row'
import { failedFace } from './failed-face'
import { Panel } from './panel'

const DAY_MINUTES = 1440
const REFRESH_MS = 15_000

/** SubjectEvents lists the changes of one subject's rating over the last day. */
export function SubjectEvents({ subject }: { readonly subject: string }): ReactNode {
  const query = useQuery({
    ...queryOf('health.events', { minutes: DAY_MINUTES, subject }),
    refetchInterval: REFRESH_MS,
  })
  const title = 'Changes in the last day'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading' }} />
  if (query.isError) {
    return <Panel title={title} face={failedFace(query, 'The changes could not be read.')} />
  }
  if (query.data.length === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: 'Its rating did not change.' }} />
  return (
    <Panel title={title}>
      <ol>
        {eventGroups(query.data).map((group) => (
          <EventRow key={group.id} group={group} />
        ))}
      </ol>
    </Panel>
  )
}
