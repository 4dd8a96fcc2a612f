'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Me } from '@/components/incidents/types'
import { queryOf } from '@/lib/client/api'
import { MessageRow } from './message-row'

/** SentView is what becomes of what was just published: its undo, then each channel's outcome. */
export function SentView({
  incidentId,
  ids,
  me,
}: {
  readonly incidentId: string
  readonly ids: readonly string[]
  readonly me: Me
}): ReactNode {
  const query = useQuery({ ...queryOf('publications.ofIncident', { incidentId }), refetchInterval: 5_000 })
  const shown = query.data?.publications.filter(({ id }) => ids.includes(id)) ?? []
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4 md:px-6">
      {shown.length === 0 ? <p className="text-ink-2">Reading what became of it…</p> : null}
      <ul className="grid gap-4">
        {shown.map((publication) => (
          <MessageRow key={publication.id} publication={publication} me={me} isOpen />
        ))}
      </ul>
    </div>
  )
}
