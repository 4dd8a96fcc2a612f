import type { Rating } from '@/lib/health/model'
import type { ShownState } from '@/lib/status/model'

/** RATINGS show a public component's state with the console's own marks. */
export const RATINGS: Readonly<Record<ShownState, Rating>> = {
  operational: 'clear',
  under_maintenance: 'stale',
  degraded_performance: 'warning',
  partial_outage: 'warning',
  major_outage: 'breach',
  unknown: 'unknown',
}
