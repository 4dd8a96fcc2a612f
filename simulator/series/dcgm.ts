import type { SimGpu } from '../world/build'
import type { GpuFrame } from '../world/gpus'
import type { World } from '../world/world'
import type { Family, Labels } from './family'
import type { TargetHealth } from './targets'

type Field = {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  read(frame: GpuFrame, gpu: SimGpu, offsetMs: number): number | undefined
}

const XID_FIELD = 'DCGM_FI_DEV_XID_ERRORS'
const DRIVER_VERSION = '570.133.20'
const onlyDataCentre = (gpu: SimGpu, value: number): number | undefined =>
  gpu.model.dataCentre ? value : undefined

const FIELDS: readonly Field[] = [
  {
    name: 'DCGM_FI_DEV_SM_CLOCK',
    type: 'gauge',
    help: 'SM clock frequency (in MHz).',
    read: (f) => f.smClockMhz,
  },
  {
    name: 'DCGM_FI_DEV_MEM_CLOCK',
    type: 'gauge',
    help: 'Memory clock frequency (in MHz).',
    read: (_, gpu) => gpu.model.memoryClockMhz,
  },
  {
    name: 'DCGM_FI_DEV_MEMORY_TEMP',
    type: 'gauge',
    help: 'Memory temperature (in C).',
    read: (f) => f.memoryCelsius,
  },
  { name: 'DCGM_FI_DEV_GPU_TEMP', type: 'gauge', help: 'GPU temperature (in C).', read: (f) => f.celsius },
  { name: 'DCGM_FI_DEV_POWER_USAGE', type: 'gauge', help: 'Power draw (in W).', read: (f) => f.watts },
  {
    name: 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
    type: 'counter',
    help: 'Total energy consumption since boot (in mJ).',
    read: (_, gpu, offsetMs) => energyMillijoules(gpu, offsetMs),
  },
  {
    name: 'DCGM_FI_DEV_PCIE_REPLAY_COUNTER',
    type: 'counter',
    help: 'Total number of PCIe retries.',
    read: (_, gpu, offsetMs) => Math.floor((offsetMs + 86_400_000) / (40_000_000 + (gpu.seed % 90_000_000))),
  },
  {
    name: 'DCGM_FI_DEV_GPU_UTIL',
    type: 'gauge',
    help: 'GPU utilization (in %).',
    read: (f) => f.utilPercent,
  },
  {
    name: 'DCGM_FI_DEV_MEM_COPY_UTIL',
    type: 'gauge',
    help: 'Memory utilization (in %).',
    read: (f) => f.memoryUtilPercent,
  },
  {
    name: 'DCGM_FI_DEV_XID_ERRORS',
    type: 'gauge',
    help: 'Value of the last XID error encountered.',
    read: (f) => f.xid,
  },
  {
    name: 'DCGM_FI_DEV_FB_FREE',
    type: 'gauge',
    help: 'Framebuffer memory free (in MiB).',
    read: (f) => f.freeMib,
  },
  {
    name: 'DCGM_FI_DEV_FB_USED',
    type: 'gauge',
    help: 'Framebuffer memory used (in MiB).',
    read: (f) => f.usedMib,
  },
  {
    name: 'DCGM_FI_DEV_FB_RESERVED',
    type: 'gauge',
    help: 'Framebuffer memory reserved (in MiB).',
    read: (_, gpu) => gpu.model.reservedMib,
  },
  {
    name: 'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS',
    type: 'counter',
    help: 'Number of remapped rows for uncorrectable errors',
    read: (f, gpu) => onlyDataCentre(gpu, f.remappedRows),
  },
  {
    name: 'DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS',
    type: 'counter',
    help: 'Number of remapped rows for correctable errors',
    read: (_, gpu) => onlyDataCentre(gpu, 0),
  },
  {
    name: 'DCGM_FI_DEV_ROW_REMAP_FAILURE',
    type: 'gauge',
    help: 'Whether remapping of rows has failed',
    read: (f, gpu) => onlyDataCentre(gpu, f.remapFailed ? 1 : 0),
  },
]

const OPTIONAL_FIELDS: readonly Field[] = [
  {
    name: 'DCGM_FI_DEV_GPU_TEMP_LIMIT',
    type: 'gauge',
    help: 'Thermal margin until the maximum operating temperature (in C).',
    read: (f, gpu) => gpu.model.maxOperatingCelsius - f.celsius,
  },
  {
    name: 'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL',
    type: 'counter',
    help: 'Total number of double-bit volatile ECC errors.',
    read: (f, gpu) => onlyDataCentre(gpu, f.eccUncorrectable),
  },
]

export function dcgmFamilies(world: World, targets: TargetHealth): readonly Family[] {
  const { gpus } = world.fleet
  const labels: (Labels | undefined)[] = []
  const labelsOf = (index: number): Labels => {
    const known = labels[index]
    if (known !== undefined) return known
    const built = Object.freeze(gpuLabels(world, index))
    labels[index] = built
    return built
  }
  const fields = world.scenario.world.optionalDcgmFields ? [...FIELDS, ...OPTIONAL_FIELDS] : FIELDS
  return fields.map((field) => ({
    name: field.name,
    type: field.type,
    help: field.help,
    size: gpus.length,
    labels: labelsOf,
    valueAt(index, offsetMs) {
      const gpu = gpus[index]
      if (gpu === undefined || !targets.dcgmUp(gpu.instance, offsetMs)) return undefined
      if (field.name === XID_FIELD && world.effects.ofGpu(index).length === 0) return 0
      const frame = world.gpuAt(gpu, offsetMs)
      if (!frame.present && field.name !== XID_FIELD) return undefined
      return field.read(frame, gpu, offsetMs)
    },
  }))
}

export function dcgmTarget(instanceId: number): string {
  return `C.${instanceId}:9400`
}

function gpuLabels(world: World, index: number): Labels {
  const gpu = world.fleet.gpus[index]
  const instance = gpu === undefined ? undefined : world.fleet.instances[gpu.instance]
  if (gpu === undefined || instance === undefined) return {}
  return {
    DCGM_FI_DRIVER_VERSION: DRIVER_VERSION,
    UUID: gpu.uuid,
    device: `nvidia${gpu.slot}`,
    gpu: String(gpu.slot),
    hostname: `C.${instance.id}`,
    instance: dcgmTarget(instance.id),
    job: 'dcgm',
    modelName: gpu.model.driverName,
    pci_bus_id: `00000000:${(0x01 + gpu.slot * 0x20).toString(16).padStart(2, '0').toUpperCase()}:00.0`,
  }
}

/** Integral of the mean draw with a slow swing whose slope never turns negative. */
function energyMillijoules(gpu: SimGpu, offsetMs: number): number {
  const seconds = (offsetMs + 86_400_000) / 1000
  const { idleWatts, maxWatts } = gpu.model
  const watts = idleWatts + (maxWatts - idleWatts) * 0.86 * (gpu.baseUtilPercent / 100)
  const swing = 0.2 * watts * (600 / Math.PI) * Math.sin((seconds * Math.PI) / 600)
  return Math.round((watts * seconds + swing) * 1000)
}
