'use client'

import { useQuery } from '@tanstack/react-query'
import { queryOf } from '@/lib/client/api'

/** useRuns reads an incident's runs, newest first. */
export function useRuns(incidentId: string) {
  return useQuery({
    ...queryOf('actions.list', { incidentId }),
    refetchInterval: ({ state }) => ((state.data?.working ?? 0) > 0 ? 3_000 : 15_000),
  })
}
