import type { FleetView } from '@/lib/client/health-store'
import { RATINGS, type Rating } from '@/lib/health/model'

export type FleetCounts = {
  readonly gpus: Readonly<Record<Rating, number>>
  readonly total: number
  readonly hosts: number
  readonly instances: number
  /** lastAt is the newest reading of any source, epoch seconds, 0 = never. */
  readonly lastAt: number
  readonly lastSource: 'dcgm' | 'agent' | 'vast' | undefined
}

/** countFleet counts GPUs by rating and finds the newest reading; one pass over the columns. */
export function countFleet(fleet: Pick<FleetView, 'gpus' | 'instances'>): FleetCounts {
  const gpus: Record<Rating, number> = { clear: 0, warning: 0, breach: 0, unknown: 0, stale: 0 }
  for (let row = 0; row < fleet.gpus.count; row += 1) {
    const rating = RATINGS[fleet.gpus.rating[row] ?? 3] ?? 'unknown'
    gpus[rating] += 1
  }
  const { instances } = fleet
  let lastAt = 0
  let lastSource: FleetCounts['lastSource']
  for (const [source, column] of [
    ['dcgm', instances.dcgmAt],
    ['agent', instances.agentAt],
    ['vast', instances.vastAt],
  ] as const) {
    for (let row = 0; row < instances.count; row += 1) {
      const at = column[row] ?? 0
      if (at > lastAt) {
        lastAt = at
        lastSource = source
      }
    }
  }
  return {
    gpus,
    total: fleet.gpus.count,
    hosts: new Set(instances.host).size,
    instances: instances.count,
    lastAt,
    lastSource,
  }
}
