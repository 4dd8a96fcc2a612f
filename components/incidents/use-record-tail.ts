'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { queryOf, type Wire } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import { type Addition, additionOf } from '@/lib/incidents/hint-ref'
import type { QueryInput, QueryResult } from '@/lib/registry'
import { withTail } from './record-tail'
import type { IncidentData } from './types'

type Input = QueryInput<'incidents.timeline'>
type Page = Wire<QueryResult<'incidents.timeline'>>

const TAIL = 100
const OPENING_MS = 3_000

/** useRecordTail asks only for what was added to a record since the newest entry on screen, when a hint says that no more changed. */
export function useRecordTail(incidentId: string): void {
  const client = useQueryClient()
  useEffect(() => {
    const offHint = onHint((hint) => {
      const added = hint === 'all' || hint.topic !== 'incidents' ? undefined : additionOf(hint.ref)
      if (added?.id === incidentId) catchUp(client, added)
    })
    // What was added after the page was made and before its stream was open had no hint here.
    const timer = setTimeout(() => catchUp(client, { id: incidentId, seq: 0 }), OPENING_MS)
    return () => {
      offHint()
      clearTimeout(timer)
    }
  }, [client, incidentId])
}

function catchUp(client: QueryClient, { id, seq }: Pick<Addition, 'id' | 'seq'>): void {
  client.setQueryData<IncidentData>(['incidents.byId', { ref: id }], (incident) =>
    incident === undefined ? undefined : { ...incident, lastSeq: Math.max(incident.lastSeq, seq) },
  )
  for (const { queryKey } of client.getQueryCache().findAll({ queryKey: ['incidents.timeline'] })) {
    const input = queryKey[1] as Input
    if (input.id !== id || input.before !== undefined) continue
    extend(client, queryKey, input).catch(() => void client.invalidateQueries({ queryKey, exact: true }))
  }
}

async function extend(client: QueryClient, queryKey: readonly unknown[], input: Input): Promise<void> {
  const newest = client.getQueryData<Page>(queryKey)?.entries[0]?.seq
  if (newest === undefined) throw new Error('there is nothing to extend yet')
  const asked = queryOf('incidents.timeline', { ...input, after: newest, limit: TAIL })
  const tail = await asked.queryFn({ signal: new AbortController().signal })
  if (tail.hasMore) throw new Error('more was added than fits')
  client.setQueryData<Page>(queryKey, (page) =>
    page === undefined ? undefined : { ...tail, ...withTail(page, tail.entries, input.limit) },
  )
}
