import type { SourceRow } from '@/lib/health/wire'
import type { SourceId } from '@/lib/settings/sources'

const KINDS: Readonly<Record<SourceId, readonly string[]>> = {
  vast: ['vast'],
  prometheus: ['prometheus', 'dcgm'],
  alertmanager: [],
  temporal: ['temporal'],
  statuspage: ['statuspage'],
  services: ['service-health', 'supervisor'],
}

/** rowsOfSource gives the live rows that one configured source feeds: Prometheus, for example, feeds two. */
export function rowsOfSource(id: SourceId, rows: readonly SourceRow[]): readonly SourceRow[] {
  return rows.filter((row) => KINDS[id].includes(row.kind) && row.state !== 'off')
}
