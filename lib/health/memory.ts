import { z } from 'zod'
import type { RatedInstance } from './evaluate'
import type { FleetBook, SeenXid } from './fleet-book'
import type { Verdict } from './model'
import type { GpuMemory } from './rules/gpu'
import type { InstanceMemory } from './rules/instance'
import type { QueueMemory } from './rules/queue'
import type { ServiceMemory } from './rules/service'
import type { HealthState } from './state'

/** KeptMemory is what the rules remember, by subject: holds, counts and first appearances. */
export type KeptMemory = {
  readonly gpus: ReadonlyMap<string, GpuMemory>
  readonly instances: ReadonlyMap<string, InstanceMemory>
  readonly queues: ReadonlyMap<string, QueueMemory>
  readonly services: ReadonlyMap<string, ServiceMemory>
  readonly xids: ReadonlyMap<string, SeenXid>
}

const NOT_EVALUATED: Verdict = {
  rating: 'unknown',
  code: 'not-evaluated',
  reason: 'Not evaluated since the restart',
}

const millis = z.number().min(0)
const gpuSchema = z.object({
  warmSince: millis,
  hotSince: millis,
  fullSince: millis,
  xid: z.number(),
  xidWatchedSince: millis,
  eccBase: z.number(),
  slowdownsAt: z.array(millis),
})
const instanceSchema = z.object({
  pollAt: millis,
  runningSince: millis,
  leftAt: millis,
  leftPolls: z.number(),
  flappedAt: millis,
  waitingFor: z.enum(['', 'provisioning', 'scheduling', 'rebooting', 'connecting']),
  waitingSince: millis,
})
const schema = z.object({
  gpus: z.record(z.string(), gpuSchema),
  instances: z.record(z.string(), instanceSchema),
  queues: z.record(z.string(), z.object({ growingSince: millis, stillSince: millis })),
  services: z.record(z.string(), z.object({ down: z.boolean() })),
  xids: z.record(z.string(), z.object({ code: z.number(), sinceMs: millis })),
})

/** MemoryBody is the memory as it is stored; subjects at rest are left out. */
export type MemoryBody = z.infer<typeof schema>

/** NOTHING_KEPT is the memory of a fleet never watched before. */
export const NOTHING_KEPT: KeptMemory = {
  gpus: new Map(),
  instances: new Map(),
  queues: new Map(),
  services: new Map(),
  xids: new Map(),
}

function isAtRest(memory: GpuMemory): boolean {
  return (
    memory.warmSince === 0 &&
    memory.fullSince === 0 &&
    memory.xid === 0 &&
    memory.eccBase <= 0 &&
    memory.slowdownsAt.length === 0
  )
}

/** memoryBody gathers what is not at rest, for storing. */
export function memoryBody(input: {
  readonly rated: ReadonlyMap<string, RatedInstance>
  readonly queues: ReadonlyMap<string, QueueMemory>
  readonly services: ReadonlyMap<string, ServiceMemory>
  readonly book: FleetBook
}): MemoryBody {
  const body: MemoryBody = {
    gpus: {},
    instances: {},
    queues: Object.fromEntries(input.queues),
    services: Object.fromEntries(input.services),
    xids: {},
  }
  for (const [id, { memory, gpus }] of input.rated) {
    const { verdict: _, ...instance } = memory
    if (memory.leftAt > 0 || memory.flappedAt > 0 || memory.waitingFor !== '') body.instances[id] = instance
    for (const [index, gpu] of gpus.entries()) {
      if (isAtRest(gpu.memory)) continue
      const { verdict: __, slowdownsAt, ...rest } = gpu.memory
      body.gpus[`${id}/${index}`] = { ...rest, slowdownsAt: [...slowdownsAt] }
    }
  }
  for (const [key, seen] of input.book.xids) if (seen.code !== 0) body.xids[key] = seen
  return body
}

function codesOf(state: HealthState): Map<string, SeenXid> {
  const codes = new Map<string, SeenXid>()
  const { instances, gpus } = state
  for (let gpu = 0; gpu < gpus.count; gpu += 1) {
    const row = gpus.instance[gpu] ?? 0
    const code = gpus.xid[gpu] ?? -1
    if (code >= 0)
      codes.set(`${instances.id[row]}/${gpu - (instances.firstGpu[row] ?? 0)}`, { code, sinceMs: 0 })
  }
  return codes
}

/**
 * keptMemory reads a stored body; one that does not fit (an older version's) is treated as nothing kept. The published
 * state adds which XID every GPU showed last, so that a code which appeared meanwhile counts as new.
 */
export function keptMemory(body: unknown, state: HealthState): KeptMemory {
  const xids = codesOf(state)
  const parsed = schema.safeParse(body)
  if (!parsed.success) return { ...NOTHING_KEPT, xids }
  const { gpus, instances, queues, services } = parsed.data
  for (const [key, seen] of Object.entries(parsed.data.xids)) xids.set(key, seen)
  return {
    gpus: new Map(Object.entries(gpus).map(([key, memory]) => [key, { ...memory, verdict: NOT_EVALUATED }])),
    instances: new Map(
      Object.entries(instances).map(([key, memory]) => [key, { ...memory, verdict: NOT_EVALUATED }]),
    ),
    queues: new Map(Object.entries(queues)),
    services: new Map(Object.entries(services)),
    xids,
  }
}
