import type { HealthState } from '@/lib/health/state'

/** FleetRows is what the pure files of this room read of the watched state. */
export type FleetRows = Pick<HealthState, 'instances' | 'gpus'>

/** GpuPath names a GPU in URLs and requests: instance id and index. */
export type GpuPath = { readonly instanceId: string; readonly index: number }

/** pathOf names the GPU of a row as `instanceId/index`. */
export function pathOf(fleet: FleetRows, row: number): string {
  const instance = fleet.gpus.instance[row] ?? 0
  return `${fleet.instances.id[instance] ?? ''}/${row - (fleet.instances.firstGpu[instance] ?? 0)}`
}

/** parsePath reads `instanceId/index`; undefined for anything else. */
export function parsePath(text: string | undefined): GpuPath | undefined {
  const match = /^([^/]{1,128})\/(\d{1,3})$/.exec(text ?? '')
  return match?.[1] && match[2] ? { instanceId: match[1], index: Number(match[2]) } : undefined
}

/** findRow finds a GPU's row by its path; −1 when the fleet has no such GPU. */
export function findRow(fleet: FleetRows, path: GpuPath | undefined): number {
  if (!path) return -1
  const instance = fleet.instances.id.indexOf(path.instanceId)
  if (instance < 0 || path.index >= (fleet.instances.gpus[instance] ?? 0)) return -1
  return (fleet.instances.firstGpu[instance] ?? 0) + path.index
}

/** indexOf is a GPU row's index within its instance. */
export function indexOf(fleet: FleetRows, row: number): number {
  return row - (fleet.instances.firstGpu[fleet.gpus.instance[row] ?? 0] ?? 0)
}
