import type { Reading } from '../sources/reading'
import { type FleetBook, gpuCountOf, gpuOf, type InstanceEntry, instanceOf } from './fleet-book'
import type { KeptMemory } from './memory'
import { type GpuObservation, type InstanceObservation, RATINGS, type Verdict } from './model'
import type { HealthPolicy } from './policy'
import type { GpuValues, InstanceValues } from './publisher'
import { type GpuMemory, rateGpu } from './rules/gpu'
import { type InstanceMemory, rateInstance } from './rules/instance'

/** RatedGpu is a GPU as believed, with its verdict and the memory for the next look. */
export type RatedGpu = { readonly gpu: GpuObservation; readonly verdict: Verdict; readonly memory: GpuMemory }

/** RatedInstance is an instance as believed, with its verdict, its GPUs and their memories. */
export type RatedInstance = {
  readonly instance: InstanceObservation
  readonly verdict: Verdict
  readonly memory: InstanceMemory
  readonly gpus: readonly RatedGpu[]
}

/** EvaluateOptions is what judging one instance needs besides the book. */
export type EvaluateOptions = {
  readonly book: FleetBook
  readonly policy: HealthPolicy
  readonly now: Date
  readonly freshPollers: number | undefined
  /** kept is what an earlier collector remembered of this fleet; used for an instance's first look. */
  readonly kept: KeptMemory
}

/** evaluateInstance judges one instance and its GPUs from everything observed of them and what was remembered. */
export function evaluateInstance(
  entry: InstanceEntry,
  before: RatedInstance | undefined,
  options: EvaluateOptions,
): RatedInstance {
  const { policy, now, freshPollers, kept } = options
  const instance = instanceOf(entry, now)
  const gpus: RatedGpu[] = []
  let gpusSeen = 0
  for (let index = 0; index < gpuCountOf(entry); index += 1) {
    const gpu = gpuOf(entry, index, now)
    if (gpu.source !== 'vast' && gpu.tempC.kind === 'known') gpusSeen += 1
    gpus.push({
      gpu,
      ...rateGpu({
        gpu,
        instance,
        memory: before?.gpus[index]?.memory ?? kept.gpus.get(`${entry.id}/${index}`),
        policy,
        now,
      }),
    })
  }
  const looked = entry.slots.length > 0
  const rated = rateInstance({
    instance,
    ...(looked ? { gpusSeen } : {}),
    ...(freshPollers === undefined ? {} : { freshPollers }),
    memory: before?.memory ?? kept.instances.get(entry.id),
    policy,
    now,
  })
  return { instance, verdict: rated.verdict, memory: rated.memory, gpus }
}

/** epochSeconds is an instant as whole epoch seconds, 0 for none. */
export function epochSeconds(at: Date | undefined): number {
  return at ? Math.floor(at.getTime() / 1000) : 0
}

function word(reading: Reading<string>): string {
  return reading.kind === 'known' ? reading.value : 'unknown'
}

function whole(reading: Reading<number>): number {
  return reading.kind === 'known' ? Math.round(reading.value) : -1
}

function ratingCode(verdict: Verdict): number {
  return RATINGS.indexOf(verdict.rating)
}

const SAMPLE_LAG_MS = 45_000

function telemetryAt(entry: InstanceEntry): number {
  const { dcgmAt, sampledAt } = entry
  if (!dcgmAt) return 0
  return sampledAt && dcgmAt.getTime() - sampledAt.getTime() > SAMPLE_LAG_MS
    ? epochSeconds(sampledAt)
    : epochSeconds(dcgmAt)
}

/** instanceValues are an instance's published columns. */
export function instanceValues(entry: InstanceEntry, rated: RatedInstance): InstanceValues {
  const { instance, verdict } = rated
  const price = instance.dollarsPerHour
  return {
    host: instance.machineId || instance.hostId,
    owner: instance.hostId,
    label: instance.label,
    region: instance.region,
    model: instance.gpuModel,
    image: instance.image,
    rating: ratingCode(verdict),
    code: verdict.code,
    reason: verdict.rating === 'clear' ? '' : verdict.reason,
    actual: word(instance.actual),
    intended: word(instance.intended),
    allocation: word(instance.allocation),
    centsPerHour: price.kind === 'known' ? Math.round(price.value * 100) : -1,
    vastAt: epochSeconds(entry.listed?.observedAt),
    agentAt: epochSeconds(entry.agentAt),
    dcgmAt: telemetryAt(entry),
  }
}

/** SOURCE_CODES are the wire codes of a GPU row's source. */
export const SOURCE_CODES = { dcgm: 1, agent: 2, vast: 3 } as const

/** gpuValues are a GPU's published columns. */
export function gpuValues(rated: RatedGpu): GpuValues {
  const { gpu, verdict } = rated
  const { vramUsedMib, vramTotalMib } = gpu
  const bothKnown = vramUsedMib.kind === 'known' && vramTotalMib.kind === 'known' && vramTotalMib.value > 0
  return {
    rating: ratingCode(verdict),
    code: verdict.code,
    reason: verdict.rating === 'clear' ? '' : verdict.reason,
    source: SOURCE_CODES[gpu.source],
    util: whole(gpu.utilPercent),
    temp: whole(gpu.tempC),
    vram: bothKnown ? Math.round((vramUsedMib.value / vramTotalMib.value) * 100) : -1,
    xid: whole(gpu.xid),
  }
}
