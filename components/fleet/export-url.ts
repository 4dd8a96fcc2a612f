import { queryUrl } from '@/lib/client/api'
import type { FleetView } from '@/lib/client/health-store'
import { csvOf, exportRows } from '@/lib/health/export'
import { pathOf } from './rows'

/** ExportFormat is the kind of file. */
export type ExportFormat = 'csv' | 'json'

/** fleetUrl is the address of the whole fleet as a file: also for scripts. */
export function fleetUrl(format: ExportFormat): string {
  return queryUrl('health.exportFleet', { format })
}

/**
 * setFile writes the present set as a file in the browser: the same rows and columns as the server's export, without
 * naming up to ten thousand GPUs in an address.
 */
export function setFile(
  fleet: FleetView,
  matches: Uint8Array,
  format: ExportFormat,
): { name: string; blob: Blob } {
  const only = new Set<string>()
  for (let row = 0; row < fleet.gpus.count; row += 1) if (matches[row] === 1) only.add(pathOf(fleet, row))
  const at = new Date(fleet.at * 1000).toISOString()
  const rows = exportRows(fleet, only)
  const text = format === 'csv' ? csvOf(rows) : JSON.stringify({ at, gpus: rows })
  const type = format === 'csv' ? 'text/csv' : 'application/json'
  return {
    name: `watchfloor-set-${at.slice(0, 16).replaceAll(':', '')}.${format}`,
    blob: new Blob([text], { type }),
  }
}
