'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useHeld } from '@/components/incidents/use-held'
import { queryOf } from '@/lib/client/api'
import { type ShownList, withHeld } from './with-held'

const REFRESH_MS = 30_000

/** useChecklists reads the checklists of an incident with what waits in this browser laid over them; undefined until they are here. */
export function useChecklists(incidentId: string): {
  readonly lists: readonly ShownList[] | undefined
  readonly isFailed: boolean
  readonly retry: () => void
} {
  const query = useQuery({ ...queryOf('checklists.ofIncident', { incidentId }), refetchInterval: REFRESH_MS })
  const { mine } = useHeld()
  const lists = useMemo(
    () =>
      query.data?.lists.map((list) =>
        withHeld(
          list,
          mine.filter(({ incident }) => incident.id === incidentId),
        ),
      ),
    [query.data, mine, incidentId],
  )
  return { lists, isFailed: query.error !== null, retry: () => void query.refetch() }
}
