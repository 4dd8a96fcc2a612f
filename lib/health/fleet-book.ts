import type { Reading, Unknown, UnknownWhy } from '../sources/reading'
import type { GpuObservation, InsideProgram, InstanceInside, InstanceObservation } from './model'
import type { AgentLook, GpuSweep, ListedInstance } from './ports'

/** GpuSlot is what each source last said of one GPU. */
export type GpuSlot = { dcgm?: GpuObservation; agent?: GpuObservation }

/** InstanceEntry is everything observed of one instance; `listed` is absent while only telemetry knows it. */
export type InstanceEntry = {
  readonly id: string
  listed?: ListedInstance
  readonly slots: GpuSlot[]
  agentAt?: Date
  dcgmAt?: Date
  /** sampledAt is the exporter's own sample time of the newest sweep, where told. */
  sampledAt?: Date
  goneAt?: Date
  inside?: InstanceInside
}

/** FleetBook keeps the newest observation of every instance and GPU by source, and which instances were touched. */
export type FleetBook = {
  readonly entries: Map<string, InstanceEntry>
  readonly touched: Set<string>
  /** xids is the last XID of each GPU (`instance/index`) and when it was seen to appear (epoch ms, 0 = it stood there). */
  readonly xids: Map<string, SeenXid>
}

/** SeenXid is a code and when it appeared. */
export type SeenXid = { readonly code: number; readonly sinceMs: number }

/** emptyBook is a book without entries. */
export function emptyBook(): FleetBook {
  return { entries: new Map(), touched: new Set(), xids: new Map() }
}

function entryOf(book: FleetBook, id: string): InstanceEntry {
  const known = book.entries.get(id)
  if (known) return known
  const made: InstanceEntry = { id, slots: [] }
  book.entries.set(id, made)
  return made
}

function slotOf(entry: InstanceEntry, index: number): GpuSlot {
  for (let at = entry.slots.length; at <= index; at += 1) entry.slots.push({})
  return entry.slots[index] ?? {}
}

/** noteListed records instances as the provider lists them and those confirmed gone. */
export function noteListed(
  book: FleetBook,
  step: { readonly instances: readonly ListedInstance[]; readonly gone: readonly string[] },
  now: Date,
): void {
  for (const listed of step.instances) {
    const entry = entryOf(book, listed.id)
    entry.listed = listed
    entry.goneAt = undefined
    book.touched.add(listed.id)
  }
  for (const id of step.gone) {
    const entry = book.entries.get(id)
    if (!entry) continue
    entry.goneAt = now
    book.touched.add(id)
  }
}

const MAX_GPUS_PER_INSTANCE = 64

// The exporter's gauge is latched and a new collector meets it at its first look: what an earlier one saw dates it.
function dated(book: FleetBook, gpu: GpuObservation, at: Date): GpuObservation {
  if (gpu.xid.kind !== 'known') return gpu
  const key = `${gpu.instanceId}/${gpu.index}`
  const code = gpu.xid.value
  const seen = book.xids.get(key)
  if (gpu.xidSince) {
    if (seen?.code !== code) book.xids.set(key, { code, sinceMs: gpu.xidSince.getTime() })
    return gpu
  }
  if (!seen || seen.code !== code) {
    book.xids.set(key, { code, sinceMs: seen && code !== 0 ? at.getTime() : 0 })
  }
  const sinceMs = book.xids.get(key)?.sinceMs ?? 0
  return sinceMs > 0 ? { ...gpu, xidSince: new Date(sinceMs) } : gpu
}

/** noteSweep records a telemetry sweep; GPUs it no longer names keep their last observation and so grow old. */
export function noteSweep(book: FleetBook, sweep: GpuSweep): void {
  for (const gpu of sweep.gpus) {
    if (gpu.index >= MAX_GPUS_PER_INSTANCE) continue
    const entry = entryOf(book, gpu.instanceId)
    slotOf(entry, gpu.index).dcgm = dated(book, gpu, sweep.at)
    if (entry.dcgmAt !== sweep.at) {
      entry.dcgmAt = sweep.at
      entry.sampledAt = sweep.sampledAt.get(gpu.instanceId)
      book.touched.add(gpu.instanceId)
    }
  }
  for (const missing of sweep.missing) book.touched.add(missing.instanceId)
}

/** noteAgent records an agent's report. */
export function noteAgent(book: FleetBook, look: AgentLook): void {
  const entry = entryOf(book, look.instanceId)
  if (entry.agentAt && entry.agentAt > look.receivedAt) return
  entry.agentAt = look.receivedAt
  for (const gpu of look.gpus) {
    if (gpu.index < MAX_GPUS_PER_INSTANCE) slotOf(entry, gpu.index).agent = gpu
  }
  if (look.inside) entry.inside = withStarts(entry.inside, look.inside)
  book.touched.add(look.instanceId)
}

const STARTS_WINDOW_MS = 10 * 60_000

// supervisord counts no restarts: a start time that rises from look to look is one.
function withStarts(before: InstanceInside | undefined, next: InstanceInside): InstanceInside {
  if (next.programs.kind !== 'known') return next
  const earlier = before?.programs.kind === 'known' ? before.programs.value : []
  const fromMs = next.at.getTime() - STARTS_WINDOW_MS
  const value = next.programs.value.map((program): InsideProgram => {
    const known = earlier.find((one) => one.name === program.name)
    const startMs = program.startedAt?.getTime()
    const seen = (known?.startsAt ?? []).filter((at) => at > fromMs)
    const isNew =
      startMs !== undefined && known !== undefined && startMs > (known.startedAt?.getTime() ?? startMs)
    return { ...program, startsAt: isNew ? [...seen, startMs] : seen }
  })
  return { ...next, programs: { ...next.programs, value } }
}

function nothing<T>(why: UnknownWhy, source: string, since: Date, detail?: string): Unknown<T> {
  return detail === undefined
    ? { kind: 'unknown', why, source, since }
    : { kind: 'unknown', why, source, since, detail }
}

function newest(reading: Reading<unknown>): number {
  if (reading.kind === 'known') return (reading.sampleAt ?? reading.observedAt).getTime()
  return reading.last?.observedAt.getTime() ?? 0
}

/** gpuSeenAt is when the newest of a GPU's core values was read, in epoch ms; 0 when none ever was. */
export function gpuSeenAt(gpu: GpuObservation): number {
  return Math.max(newest(gpu.tempC), newest(gpu.utilPercent), newest(gpu.lost))
}

function better<T>(first: Reading<T>, second: Reading<T>): Reading<T> {
  return first.kind === 'known' || second.kind === 'unknown' ? first : second
}

function mergeGpu(first: GpuObservation, second: GpuObservation): GpuObservation {
  const xid = better(first.xid, second.xid)
  const xidSince = xid === first.xid ? first.xidSince : second.xidSince
  return {
    ...first,
    uuid: first.uuid ?? second.uuid,
    model: first.model ?? second.model,
    marginC: better(first.marginC, second.marginC),
    memoryTempC: better(first.memoryTempC, second.memoryTempC),
    powerW: better(first.powerW, second.powerW),
    xid,
    ...(xidSince ? { xidSince } : {}),
    throttle: better(first.throttle, second.throttle),
    eccUncorrected: better(first.eccUncorrected, second.eccUncorrected),
    remapPending: better(first.remapPending, second.remapPending),
    remapFailed: better(first.remapFailed, second.remapFailed),
    nvlinkDown: better(first.nvlinkDown, second.nvlinkDown),
    limits: first.limits ?? second.limits,
  }
}

/** PER_GPU_HINT says why a provider's single figure is not taken for each of several GPUs. */
export const PER_GPU_HINT = 'the provider gives one figure for all GPUs of this instance'

function fromList(entry: InstanceEntry, index: number, now: Date): GpuObservation {
  const listed = entry.listed
  const since = listed?.observedAt ?? now
  const single = listed !== undefined && listed.gpuCount === 1
  const own = <T>(reading: Reading<T> | undefined): Reading<T> => {
    if (!listed || reading === undefined) return nothing('never_observed', 'vast', since)
    return single ? reading : nothing('not_supported', 'vast', since, PER_GPU_HINT)
  }
  const unseen = <T>(): Reading<T> => nothing('not_supported', 'vast', since)
  return {
    instanceId: entry.id,
    index,
    source: 'vast',
    model: listed?.gpuModel,
    utilPercent: own(listed?.gpuUtilPercent),
    tempC: own(listed?.gpuTempC),
    marginC: unseen(),
    memoryTempC: unseen(),
    vramUsedMib: own(listed?.vramUsedMib),
    vramTotalMib: unseen(),
    powerW: unseen(),
    xid: unseen(),
    throttle: unseen(),
    eccUncorrected: unseen(),
    remapPending: unseen(),
    remapFailed: unseen(),
    nvlinkDown: unseen(),
    lost: unseen(),
  }
}

/** gpuOf chooses what is believed of a GPU: the fresher of agent and DCGM filled up by the other, else the provider's list. */
export function gpuOf(entry: InstanceEntry, index: number, now: Date): GpuObservation {
  const slot = entry.slots[index]
  const { agent, dcgm } = slot ?? {}
  if (agent && dcgm) {
    return gpuSeenAt(agent) >= gpuSeenAt(dcgm) - 30_000 ? mergeGpu(agent, dcgm) : mergeGpu(dcgm, agent)
  }
  return agent ?? dcgm ?? fromList(entry, index, now)
}

/** gpuCountOf is how many rows the instance has: what the provider rents out or what telemetry shows, whichever is more. */
export function gpuCountOf(entry: InstanceEntry): number {
  return Math.max(entry.listed?.gpuCount ?? 0, entry.slots.length)
}

const AGENT_SILENT_MS = 60_000

function probeOf(entry: InstanceEntry, now: Date): Reading<boolean> {
  if (!entry.agentAt) return nothing('not_evaluated', 'agent', now)
  if (now.getTime() - entry.agentAt.getTime() <= AGENT_SILENT_MS) {
    return { kind: 'known', value: true, unit: '', source: 'agent', observedAt: entry.agentAt }
  }
  return {
    kind: 'unknown',
    why: 'stale',
    source: 'agent',
    since: entry.agentAt,
    last: { value: true, observedAt: entry.agentAt },
  }
}

/** instanceOf is the instance as all sources together show it; one that no list knows has unknown states, never assumed ones. */
export function instanceOf(entry: InstanceEntry, now: Date): InstanceObservation {
  const extra = {
    probe: probeOf(entry, now),
    ...(entry.agentAt ? { agentAt: entry.agentAt } : {}),
    ...(entry.goneAt ? { gone: entry.goneAt } : {}),
  }
  if (entry.listed) return { ...entry.listed, ...extra }
  const unseen = <T>(): Reading<T> => nothing('never_observed', 'vast', now)
  const [first] = entry.slots
  return {
    id: entry.id,
    machineId: '',
    hostId: '',
    label: '',
    region: '',
    gpuModel: first?.agent?.model ?? first?.dcgm?.model ?? '',
    gpuCount: entry.slots.length,
    image: '',
    actual: unseen(),
    intended: unseen(),
    allocation: unseen(),
    statusText: '',
    dollarsPerHour: unseen(),
    storageDollarsPerHour: unseen(),
    interruptible: false,
    diskUsedShare: unseen(),
    gpuUtilPercent: unseen(),
    gpuTempC: unseen(),
    vramUsedMib: unseen(),
    observedAt: entry.dcgmAt ?? entry.agentAt ?? now,
    ...extra,
  }
}
