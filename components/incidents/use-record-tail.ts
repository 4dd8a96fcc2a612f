'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { queryOf, type Wire } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import { additionOf } from '@/lib/incidents/hint-ref'
import type { QueryInput, QueryResult } from '@/lib/registry'
import { withTail } from './record-tail'

type Input = QueryInput<'incidents.timeline'>
type Page = Wire<QueryResult<'incidents.timeline'>>

const TAIL = 100
const OPENING_MS = 3_000
const asking = new Map<string, Promise<void>>()

/**
 * useRecordTail asks only for what was added to a record since the newest entry on screen, when a hint says that no more
 * changed; gives the newest place that it was told of.
 */
export function useRecordTail(incidentId: string): number {
  const client = useQueryClient()
  const [newest, setNewest] = useState(0)
  useEffect(() => {
    const offHint = onHint((hint) => {
      const added = hint === 'all' || hint.topic !== 'incidents' ? undefined : additionOf(hint.ref)
      if (added?.id !== incidentId) return
      setNewest((known) => Math.max(known, added.seq))
      readTail(client, added)
    })
    // What was added after the page was made and before its stream was open had no hint here.
    const timer = setTimeout(() => readTail(client, { id: incidentId, seq: undefined }), OPENING_MS)
    return () => {
      offHint()
      clearTimeout(timer)
    }
  }, [client, incidentId])
  return newest
}

/** readTail brings every page of a record on screen up to a place, or to the end when none is known. */
export function readTail(
  client: QueryClient,
  { id, seq }: { readonly id: string; readonly seq: number | undefined },
): void {
  for (const { queryKey, queryHash } of client
    .getQueryCache()
    .findAll({ queryKey: ['incidents.timeline'] })) {
    const input = queryKey[1] as Input
    if (input.id !== id || input.before !== undefined) continue
    // One after the other: the second often finds that the first has brought its entry along.
    const turn = (asking.get(queryHash) ?? Promise.resolve())
      .then(() => extend(client, queryKey, seq))
      .catch(() => void client.invalidateQueries({ queryKey, exact: true }))
      .finally(() => {
        if (asking.get(queryHash) === turn) asking.delete(queryHash)
      })
    asking.set(queryHash, turn)
  }
}

async function extend(
  client: QueryClient,
  queryKey: readonly unknown[],
  seq: number | undefined,
): Promise<void> {
  const input = queryKey[1] as Input
  const newest = client.getQueryData<Page>(queryKey)?.entries[0]?.seq
  if (newest === undefined) throw new Error('there is nothing to extend yet')
  if (seq !== undefined && newest >= seq) return
  const asked = queryOf('incidents.timeline', { ...input, after: newest, limit: TAIL })
  const tail = await asked.queryFn({ signal: new AbortController().signal })
  if (tail.hasMore) throw new Error('more was added than fits')
  client.setQueryData<Page>(queryKey, (page) =>
    page === undefined ? undefined : { ...tail, ...withTail(page, tail.entries, input.limit) },
  )
}
