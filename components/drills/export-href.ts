import { queryUrl } from '@/lib/client/api'

/** exportHref leads to an incident as a scenario file. */
export function exportHref(incidentId: string): string {
  return queryUrl('drills.export', { incidentId })
}
