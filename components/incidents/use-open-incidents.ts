'use client'

import { useQuery } from '@tanstack/react-query'
import { queryOf } from '@/lib/client/api'

const REFRESH_MS = 30_000

/** useOpenIncidents reads what goes on; everything on one page that speaks of incidents shares the one reading. */
export function useOpenIncidents() {
  return useQuery({ ...queryOf('incidents.open', {}), refetchInterval: REFRESH_MS })
}

/** useSentenceIncidents gives the board's sentence what goes on, most severe and oldest first, without drills; undefined while that is being read. */
export function useSentenceIncidents(
  nowMs: number,
): readonly { readonly severity: string; readonly title: string; readonly minutes: number }[] | undefined {
  const { data, isPending } = useOpenIncidents()
  if (isPending) return undefined
  return (data?.incidents ?? [])
    .filter((incident) => !incident.isDrill)
    .toSorted((a, b) => a.severity.localeCompare(b.severity) || a.declaredAtMs - b.declaredAtMs)
    .map(({ severity, title, impactStartedAtMs, declaredAtMs }) => ({
      severity,
      title,
      minutes: Math.max(0, Math.floor((nowMs - (impactStartedAtMs ?? declaredAtMs)) / 60_000)),
    }))
}
