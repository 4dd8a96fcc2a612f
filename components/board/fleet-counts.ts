import type { FleetView } from '@/lib/client/health-store'
import { countGpus, type GpuCounts } from '@/lib/health/rules/in-service'

export type FleetCounts = {
  readonly gpus: GpuCounts
  readonly total: number
  readonly hosts: number
  readonly instances: number
  /** lastAt is the newest reading of any source, epoch seconds, 0 = never. */
  readonly lastAt: number
  readonly lastSource: 'dcgm' | 'agent' | 'vast' | undefined
}

/** countFleet counts GPUs by rating, those out of service apart, and finds the newest reading; one pass over the columns. */
export function countFleet(fleet: Pick<FleetView, 'gpus' | 'instances'>): FleetCounts {
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
    gpus: countGpus(fleet.gpus),
    total: fleet.gpus.count,
    hosts: new Set(instances.host).size,
    instances: instances.count,
    lastAt,
    lastSource,
  }
}
