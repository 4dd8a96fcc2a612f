import { placeLabels } from '../prometheus/queries'
import type { PromVector } from '../prometheus/types'

/** GpuPlace is where a GPU sits, by its labels. */
export type GpuPlace = {
  readonly uuid: string
  readonly instanceId: string
  readonly index: number
  readonly model?: string
  readonly pciBusId?: string
}

/** instanceIdOf finds the instance in a series' labels: the configured one, `vast_instance_id`, then a host name `C.<digits>`. */
export function instanceIdOf(
  labels: Readonly<Record<string, string>>,
  instanceLabel?: string,
): string | undefined {
  for (const name of placeLabels(instanceLabel)) {
    const text = labels[name]?.trim()
    if (text === undefined || text === '') continue
    const container = /^C\.(\d+)$/.exec(text)
    if (container) return container[1]
    if (name === instanceLabel || (name === 'vast_instance_id' && /^\d+$/.test(text))) return text
  }
  return undefined
}

/** parseInventory reads where every GPU sits; `unplaced` counts GPUs that no label puts on an instance. */
export function parseInventory(
  vector: PromVector,
  instanceLabel?: string,
): { readonly places: readonly GpuPlace[]; readonly unplaced: number } {
  const places: GpuPlace[] = []
  const unplaced = new Set<string>()
  for (const { metric } of vector) {
    const uuid = metric.UUID
    const instanceId = instanceIdOf(metric, instanceLabel)
    const index = Number(metric.gpu)
    if (uuid === undefined || instanceId === undefined || !Number.isInteger(index) || index < 0) {
      unplaced.add(uuid ?? `${metric.hostname ?? metric.Hostname ?? ''}/${metric.gpu ?? ''}`)
      continue
    }
    places.push({
      uuid,
      instanceId,
      index,
      ...(metric.modelName ? { model: metric.modelName } : {}),
      ...(metric.pci_bus_id ? { pciBusId: metric.pci_bus_id } : {}),
    })
  }
  for (const { uuid } of places) unplaced.delete(uuid)
  return { places, unplaced: unplaced.size }
}
