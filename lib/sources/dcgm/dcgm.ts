import { dcgmQueries, SLOW_METRICS } from '../prometheus/queries'
import type { PromColumn, Prometheus, PromVector } from '../prometheus/types'
import type { Answer, CallOptions, SourceFailure, TestVerdict } from '../source'
import { failedTest } from '../verdict'
import { type GpuMemory, gpuOf, keepLast, newGpu, noteXid, type SharedUnknowns, sharedUnknowns } from './gpu'
import { instanceIdOf, parseInventory } from './inventory'
import type { Dcgm, DcgmConfig, DcgmGpu, DcgmMissing, DcgmSweep } from './types'

const DEADLINE_MS = 5000
const SLOW_INTERVAL_MS = 60_000
const FORGET_MS = 900_000

/** Order is how the GPUs of one hot column came last, with their names. */
type Order = { readonly gpus: GpuMemory[]; readonly names: string[] }

type Memory = {
  readonly gpus: Map<string, GpuMemory>
  readonly orders: Order[]
  cycle: number
  slowAt: Date | undefined
  unplaced: number
  /** strangers are GPUs that the newest inventory does not place; they must not cause a new look at every sweep. */
  readonly strangers: Set<string>
  shared: SharedUnknowns | undefined
}

type Context = DcgmConfig & {
  readonly prometheus: Prometheus
  readonly sourceId: string
  readonly queries: ReturnType<typeof dcgmQueries>
  readonly memory: Memory
}

/** createDcgm reads GPU telemetry out of Prometheus: one hot query a sweep, where GPUs sit and slow fields once a minute. */
export function createDcgm(config: DcgmConfig): Dcgm {
  const context: Context = {
    ...config,
    sourceId: config.sourceId ?? 'dcgm',
    queries: dcgmQueries(config.instanceLabel),
    memory: {
      gpus: new Map(),
      orders: [],
      cycle: 0,
      slowAt: undefined,
      unplaced: 0,
      strangers: new Set(),
      shared: undefined,
    },
  }
  return {
    sweep: (now, options) => sweep(context, now, options),
    test: (now) => test(context, now),
  }
}

async function sweep(context: Context, now: Date, options?: CallOptions): Promise<Answer<DcgmSweep>> {
  const { memory, prometheus, queries } = context
  const bounds = { deadlineMs: DEADLINE_MS, ...options }
  const drift: string[] = []
  const isSlowDue =
    memory.slowAt === undefined ||
    now.getTime() - memory.slowAt.getTime() >= (context.slowIntervalMs ?? SLOW_INTERVAL_MS)
  const [times, slowFailed] = await Promise.all([
    prometheus.vector(queries.sampleTimes.expr, bounds),
    isSlowDue ? readSlow(context, now, bounds) : undefined,
  ])
  if (slowFailed && memory.gpus.size === 0) return slowFailed
  if (slowFailed) drift.push(`${context.sourceId}.inventory`)
  if (!times.ok) drift.push(`${context.sourceId}.sampleTimes`)

  memory.cycle += 1
  const hot = await readHot(context, bounds)
  if (!hot.ok) return hot
  if (hot.value.size > 0 && !isSlowDue) {
    const failed = await readSlow(context, now, bounds)
    if (failed) drift.push(`${context.sourceId}.inventory`)
    else {
      const again = await readHot(context, bounds)
      if (again.ok) for (const uuid of again.value) memory.strangers.add(uuid)
    }
  } else for (const uuid of hot.value) memory.strangers.add(uuid)
  const sampledAt = times.ok ? sampleTimes(times.value, context.instanceLabel) : new Map<string, Date>()
  memory.shared ??= sharedUnknowns(context.sourceId, now)
  const value: DcgmSweep = { ...collect(context, memory.shared, { now, sampledAt }), sampledAt, at: now }
  return { ok: true, value, latencyMs: hot.latencyMs, drift }
}

/** Reads the hot metrics one after the other, so that one answer at a time is held and read; gives the GPUs that are new to us. */
async function readHot(context: Context, bounds: CallOptions): Promise<Answer<ReadonlySet<string>>> {
  const { memory, prometheus, queries } = context
  const strangers = new Set<string>()
  let latencyMs = 0
  for (const [column, query] of queries.hot.entries()) {
    const known = memory.orders[column]?.names ?? []
    const answer = await prometheus.column(query.expr, 'UUID', { ...bounds, known })
    if (!answer.ok) return answer
    latencyMs = Math.max(latencyMs, answer.latencyMs)
    fileHot(memory, { column, answer: answer.value, strangers })
  }
  return { ok: true, value: strangers, latencyMs, drift: [] }
}

function fileHot(
  memory: Memory,
  look: { readonly column: number; readonly answer: PromColumn; readonly strangers: Set<string> },
): void {
  const { gpus, cycle } = memory
  const { keys, numbers } = look.answer
  memory.orders[look.column] ??= { gpus: [], names: [] }
  const order = memory.orders[look.column] as Order
  for (let at = 0; at < keys.length; at += 1) {
    const uuid = keys[at] ?? ''
    const expected = order.gpus[at]
    const gpu = expected?.place.uuid === uuid ? expected : gpus.get(uuid)
    if (!gpu) {
      // A copy, because the key would keep the whole answer alive.
      if (!memory.strangers.has(uuid)) look.strangers.add(structuredClone(uuid))
      continue
    }
    order.gpus[at] = gpu
    order.names[at] = gpu.place.uuid
    if (gpu.cycle !== cycle) {
      gpu.cycle = cycle
      gpu.hot.fill(Number.NaN)
    }
    gpu.hot[look.column] = numbers[at] ?? Number.NaN
  }
  order.gpus.length = Math.min(order.gpus.length, keys.length)
  order.names.length = order.gpus.length
}

const SLOW_COLUMN: ReadonlyMap<string, number> = new Map(SLOW_METRICS.map((name, column) => [name, column]))

async function readSlow(
  context: Context,
  now: Date,
  bounds: CallOptions,
): Promise<SourceFailure | undefined> {
  const { memory, prometheus, queries } = context
  const [inventory, slow] = await Promise.all([
    prometheus.vector(queries.inventory.expr, bounds),
    prometheus.vector(queries.slow.expr, bounds),
  ])
  if (!inventory.ok) return inventory
  const { places, unplaced } = parseInventory(inventory.value, context.instanceLabel)
  memory.unplaced = unplaced
  memory.strangers.clear()
  for (const place of places) {
    const gpu = memory.gpus.get(place.uuid)
    if (gpu) gpu.place = place
    else memory.gpus.set(place.uuid, newGpu(place, now))
  }
  if (slow.ok) fileSlow(memory, slow.value)
  memory.slowAt = now
  return slow.ok ? undefined : slow
}

function fileSlow(memory: Memory, vector: PromVector): void {
  for (const gpu of memory.gpus.values()) {
    gpu.slow.fill(Number.NaN)
    gpu.slowReadings = undefined
  }
  for (const { metric, value } of vector) {
    const column = SLOW_COLUMN.get(metric.__name__ ?? '')
    const gpu = metric.UUID === undefined ? undefined : memory.gpus.get(metric.UUID)
    if (gpu && column !== undefined) gpu.slow[column] = Number(value[1])
  }
}

function sampleTimes(vector: PromVector, instanceLabel: string | undefined): Map<string, Date> {
  const times = new Map<string, Date>()
  for (const { metric, value } of vector) {
    const id = instanceIdOf(metric, instanceLabel)
    const seconds = Number(value[1])
    if (id === undefined || !Number.isFinite(seconds) || seconds <= 0) continue
    const at = new Date(seconds * 1000)
    const other = times.get(id)
    if (!other || at < other) times.set(id, at)
  }
  return times
}

function collect(
  context: Context,
  shared: SharedUnknowns,
  look: { readonly now: Date; readonly sampledAt: ReadonlyMap<string, Date> },
): Omit<DcgmSweep, 'at' | 'sampledAt'> {
  const { memory } = context
  const { now } = look
  const gpus: DcgmGpu[] = []
  const missing: DcgmMissing[] = []
  for (const gpu of memory.gpus.values()) {
    const { place } = gpu
    if (gpu.cycle !== memory.cycle) {
      const { lastSeenAt } = gpu
      if (now.getTime() - lastSeenAt.getTime() > (context.forgetMs ?? FORGET_MS)) {
        memory.gpus.delete(place.uuid)
        memory.orders.length = 0
      } else missing.push({ instanceId: place.instanceId, index: place.index, uuid: place.uuid, lastSeenAt })
      continue
    }
    noteXid(gpu, now)
    const sampleAt = look.sampledAt.get(place.instanceId)
    gpus.push(gpuOf(gpu, { source: context.sourceId, at: now, sampleAt, shared }))
    keepLast(gpu, now)
  }
  return { gpus, missing, unplaced: memory.unplaced }
}

async function test(context: Context, now: Date): Promise<TestVerdict> {
  const inventory = await context.prometheus.vector(context.queries.inventory.expr, { at: now })
  if (!inventory.ok)
    return failedTest(inventory, {
      name: 'Prometheus',
      address: 'its configured address',
      credential: 'PROMETHEUS_TOKEN',
    })
  const { latencyMs } = inventory
  const { places, unplaced } = parseInventory(inventory.value, context.instanceLabel)
  if (places.length === 0 && unplaced === 0)
    return {
      ok: false,
      sentence: 'Prometheus answers, but knows no GPU: there is no DCGM_FI_DEV_GPU_TEMP series.',
      repair: 'Let Prometheus scrape dcgm-exporter (port 9400), or use the agent on the instances instead.',
      latencyMs,
    }
  const instances = new Set(places.map(({ instanceId }) => instanceId)).size
  const sentence = `Prometheus knows ${places.length} GPUs on ${instances} instances`
  if (unplaced === 0) return { ok: true, sentence: `${sentence}.`, latencyMs }
  return {
    ok: places.length > 0,
    sentence: `${sentence}; ${unplaced} more name no instance.`,
    repair: 'Give their scrape target the label vast_instance_id with the instance’s number.',
    latencyMs,
  }
}
