import { defaultHosts, type QueueSpec, queueSpecs, type Scenario } from '../scenario'
import { GPU_MODELS, type GpuModel, MODEL_NAMES, type ModelName } from './models'
import { chooseIndexes, hash32, hex, unit } from './random'

export type SimGpu = {
  readonly index: number
  readonly instance: number
  readonly slot: number
  readonly uuid: string
  readonly model: GpuModel
  readonly seed: number
  readonly phaseMs: number
  readonly baseUtilPercent: number
  readonly baseMemoryShare: number
}

export type SimInstance = {
  readonly index: number
  readonly id: number
  readonly host: number
  readonly hostId: number
  readonly machineId: number
  readonly region: string
  readonly modelName: ModelName
  readonly model: GpuModel
  readonly gpus: readonly SimGpu[]
  readonly label: string
  readonly seed: number
  readonly interruptible: boolean
  readonly startedMs: number
  readonly endsMs: number
}

export type SimQueue = QueueSpec & { readonly index: number; readonly pollerInstances: readonly number[] }

export type Fleet = {
  readonly instances: readonly SimInstance[]
  readonly gpus: readonly SimGpu[]
  readonly queues: readonly SimQueue[]
  readonly hosts: number
  readonly dollarsPerHour: number
}

const FIRST_INSTANCE_ID = 9_100_001
const FIRST_HOST_ID = 301
const FIRST_MACHINE_ID = 5501
const DAY_MS = 86_400_000

export function buildFleet(scenario: Scenario): Fleet {
  const { seed, world } = scenario
  const hosts = Math.min(world.hosts ?? defaultHosts(world.instances), world.instances)
  const sizes = gpusPerInstance(world.gpus, world.instances, seed)
  const gpus: SimGpu[] = []
  const instances = sizes.map((size, index): SimInstance => {
    const instanceSeed = hash32(seed, index, 1)
    const host = index < hosts ? index : hash32(instanceSeed, 2) % hosts
    const modelName = pickModel(world.models, unit(hash32(seed, host, 3), 3))
    const model = GPU_MODELS[modelName]
    const region = world.regions[host % world.regions.length] ?? 'eu-fra'
    const cards = Array.from({ length: size }, (_, slot) =>
      buildGpu({
        index: gpus.length + slot,
        instance: index,
        slot,
        model,
        seed,
        periodMs: world.telemetryPeriod,
      }),
    )
    gpus.push(...cards)
    return {
      index,
      id: FIRST_INSTANCE_ID + index,
      host,
      hostId: FIRST_HOST_ID + Math.floor(host / 2),
      machineId: FIRST_MACHINE_ID + host,
      region,
      modelName,
      model,
      gpus: cards,
      label: `${region}-worker-${String(index + 1).padStart(world.instances > 999 ? 4 : 2, '0')}`,
      seed: instanceSeed,
      interruptible: unit(instanceSeed, 5) < 0.12,
      startedMs: -Math.floor((1 + unit(instanceSeed, 6) * 20) * DAY_MS),
      endsMs: Math.floor((20 + unit(instanceSeed, 7) * 60) * DAY_MS),
    }
  })
  const queues = queueSpecs(world.queues).map((spec, index) => buildQueue(spec, index, instances, seed))
  const dollarsPerHour = instances.reduce((sum, instance) => sum + dollarsOf(instance), 0)
  return { instances, gpus, queues, hosts, dollarsPerHour }
}

export function dollarsOf(instance: SimInstance): number {
  const factor = instance.interruptible ? 0.55 : 0.9 + unit(instance.seed, 8) * 0.25
  return Math.round(instance.model.dollarsPerHour * instance.gpus.length * factor * 10_000) / 10_000
}

function gpusPerInstance(gpus: number, instances: number, seed: number): number[] {
  const sizes = Array.from({ length: instances }, () => 1)
  let left = gpus - instances
  const order = chooseOrder(instances, seed)
  for (const wanted of [8, 4, 2]) {
    const stride = wanted === 8 ? 3 : 2
    for (const [position, index] of order.entries()) {
      const size = sizes[index] ?? 1
      if (position % stride !== 0 || size !== 1 || left < wanted - 1) continue
      sizes[index] = wanted
      left -= wanted - 1
    }
  }
  for (let round = 0; left > 0; round += 1) {
    const index = order[round % instances] ?? 0
    const size = sizes[index] ?? 1
    if (size >= 8) continue
    sizes[index] = size + 1
    left -= 1
  }
  return sizes
}

function chooseOrder(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) => index).sort(
    (left, right) => hash32(seed, left, 11) - hash32(seed, right, 11) || left - right,
  )
}

function pickModel(weights: Partial<Record<ModelName, number | undefined>>, at: number): ModelName {
  const names = MODEL_NAMES.filter((name) => (weights[name] ?? 0) > 0)
  const total = names.reduce((sum, name) => sum + (weights[name] ?? 0), 0)
  let reached = 0
  for (const name of names) {
    reached += (weights[name] ?? 0) / total
    if (at < reached) return name
  }
  return names[names.length - 1] ?? 'RTX 4090'
}

type GpuInput = {
  readonly index: number
  readonly instance: number
  readonly slot: number
  readonly model: GpuModel
  readonly seed: number
  readonly periodMs: number
}

function buildGpu({ index, instance, slot, model, seed, periodMs }: GpuInput): SimGpu {
  const gpuSeed = hash32(seed, index, 21)
  const idle = unit(gpuSeed, 1) < 0.07
  const id = hex(gpuSeed, 2, 32)
  return {
    index,
    instance,
    slot,
    uuid: `GPU-${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`,
    model,
    seed: gpuSeed,
    phaseMs: Math.floor(unit(gpuSeed, 3) * periodMs),
    baseUtilPercent: idle ? 0 : 48 + unit(gpuSeed, 4) * 44,
    baseMemoryShare: idle ? 0.02 : 0.35 + unit(gpuSeed, 5) * 0.45,
  }
}

function buildQueue(
  spec: QueueSpec,
  index: number,
  instances: readonly SimInstance[],
  seed: number,
): SimQueue {
  if (spec.neverSeen) return { ...spec, index, pollerInstances: [] }
  const wanted = Math.min(instances.length, spec.pollers ?? Math.max(2, Math.ceil(instances.length / 3)), 50)
  const pool = instances.map((instance) => instance.index)
  return { ...spec, index, pollerInstances: chooseIndexes(pool, wanted, hash32(seed, index, 31)) }
}
