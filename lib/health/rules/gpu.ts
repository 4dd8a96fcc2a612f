import type { GpuObservation, InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { isOld, sameVerdict, timeOf, unread, usable } from './evidence'
import { isSlowdown, thermalLook } from './gpu-thermal'
import { GPU_AWAY, thermalVerdict, GPU_VERDICTS as V } from './gpu-verdicts'
import { xidVerdict } from './gpu-xid'

/** GpuMemory is what a GPU's rating must remember between looks; times are epoch ms, 0 = not so. */
export type GpuMemory = {
  readonly warmSince: number
  readonly hotSince: number
  readonly fullSince: number
  /** xid is the code that the gauge showed last, and since when we have watched it stand there. */
  readonly xid: number
  readonly xidWatchedSince: number
  /** eccBase is the uncorrected count at our first look; −1 before it. */
  readonly eccBase: number
  readonly slowdownsAt: readonly number[]
  readonly verdict: Verdict
}

/** GpuInput is one GPU with its instance (where known) and the memory of the look before (undefined at the first). */
export type GpuInput = {
  readonly gpu: GpuObservation
  readonly instance: InstanceObservation | undefined
  readonly memory: GpuMemory | undefined
  readonly policy: HealthPolicy
  readonly now: Date
}

/** rateGpu judges one GPU; memory and verdict are the same objects as before when nothing changed. */
export function rateGpu(input: GpuInput): { readonly verdict: Verdict; readonly memory: GpuMemory } {
  const before = input.memory ?? AT_FIRST
  const away = awayVerdict(input)
  if (away) return keep(before, AT_FIRST, away)
  const look = lookAt(input)
  const memory = remember(before, look, input)
  return keep(before, memory, judge(input, look, memory))
}

function gpuMaxAgeMs(source: GpuObservation['source'], policy: HealthPolicy): number {
  const { dcgmMaxAgeSeconds, agentMaxAgeSeconds, vastMaxAgeSeconds } = policy.freshness
  switch (source) {
    case 'dcgm':
      return dcgmMaxAgeSeconds * 1000
    case 'agent':
      return agentMaxAgeSeconds * 1000
    case 'vast':
      return vastMaxAgeSeconds * 1000
    default: {
      const left: never = source
      return left
    }
  }
}

type Look = {
  readonly nowMs: number
  readonly maxAgeMs: number
  readonly tempC: number | undefined
  readonly marginC: number | undefined
  readonly thermal: ReturnType<typeof thermalLook>
  readonly full: boolean | undefined
  readonly xid: number | undefined
  readonly ecc: number | undefined
  readonly slowdown: boolean | undefined
}

const NO_TIMES: readonly number[] = []

const AT_FIRST: GpuMemory = {
  warmSince: 0,
  hotSince: 0,
  fullSince: 0,
  xid: 0,
  xidWatchedSince: 0,
  eccBase: -1,
  slowdownsAt: NO_TIMES,
  verdict: V.notEvaluated,
}

function keep(
  before: GpuMemory,
  after: GpuMemory,
  verdict: Verdict,
): { readonly verdict: Verdict; readonly memory: GpuMemory } {
  const shared = sameVerdict(before.verdict, verdict) ? before.verdict : verdict
  if (after === before && shared === before.verdict) return { verdict: shared, memory: before }
  if (after === AT_FIRST && isAtFirst(before) && shared === before.verdict)
    return { verdict: shared, memory: before }
  return { verdict: shared, memory: { ...after, verdict: shared } }
}

function isAtFirst(memory: GpuMemory): boolean {
  return (
    memory.warmSince === 0 &&
    memory.fullSince === 0 &&
    memory.xid === 0 &&
    memory.eccBase === -1 &&
    memory.slowdownsAt === NO_TIMES
  )
}

// A halted instance keeps its last telemetry: nothing it shows is evidence.
function awayVerdict({ instance, policy, now }: GpuInput): Verdict | undefined {
  if (!instance) return undefined
  if (instance.gone) return GPU_AWAY.gone
  const maxAgeMs = policy.freshness.vastMaxAgeSeconds * 1000
  const actual = usable(instance.actual, now.getTime(), maxAgeMs)
  if (actual === undefined || actual === 'running') return undefined
  const intended = usable(instance.intended, now.getTime(), maxAgeMs)
  switch (actual) {
    case 'stopped':
    case 'exited':
      return intended === 'stopped' ? GPU_AWAY.stoppedAsIntended : GPU_AWAY.stopped
    case 'frozen':
      return intended === 'frozen' ? GPU_AWAY.frozenAsIntended : GPU_AWAY.frozen
    case 'created':
    case 'loading':
      return isServing(instance) ? undefined : GPU_AWAY.provisioning
    default:
      return undefined
  }
}

// A single poll may call a serving instance "loading": our own eyes win.
function isServing(instance: InstanceObservation): boolean {
  return instance.probe.kind === 'known' && instance.probe.value
}

function lookAt({ gpu, policy, now }: GpuInput): Look {
  const nowMs = now.getTime()
  const maxAgeMs = gpuMaxAgeMs(gpu.source, policy)
  const tempC = usable(gpu.tempC, nowMs, maxAgeMs)
  const marginC = usable(gpu.marginC, nowMs, maxAgeMs)
  const used = usable(gpu.vramUsedMib, nowMs, maxAgeMs)
  const total = usable(gpu.vramTotalMib, nowMs, maxAgeMs)
  const throttle = usable(gpu.throttle, nowMs, maxAgeMs)
  return {
    nowMs,
    maxAgeMs,
    tempC,
    marginC,
    thermal: thermalLook({
      gpu,
      tempC,
      marginC,
      memoryTempC: usable(gpu.memoryTempC, nowMs, maxAgeMs),
      policy,
    }),
    full: used === undefined || !total ? undefined : (used / total) * 100 >= policy.gpu.vramWarnPercent,
    xid: usable(gpu.xid, nowMs, maxAgeMs),
    ecc: usable(gpu.eccUncorrected, nowMs, maxAgeMs),
    slowdown: throttle?.some(isSlowdown),
  }
}

function remember(before: GpuMemory, look: Look, { gpu, policy }: GpuInput): GpuMemory {
  const heatAt = Math.max(timeOf(gpu.tempC), timeOf(gpu.marginC))
  const level = look.thermal?.level
  const warmSince = since(before.warmSince, level === undefined ? undefined : level >= 1, heatAt)
  const hotSince = since(before.hotSince, level === undefined ? undefined : level >= 2, heatAt)
  const fullSince = since(before.fullSince, look.full, timeOf(gpu.vramUsedMib))
  const xid = look.xid ?? before.xid
  const xidWatchedSince = xid === before.xid ? before.xidWatchedSince : look.nowMs
  const eccBase = look.ecc === undefined ? before.eccBase : baseOf(before.eccBase, look.ecc)
  const slowdownsAt = slowdowns(before.slowdownsAt, look, timeOf(gpu.throttle), policy)
  if (
    warmSince === before.warmSince &&
    hotSince === before.hotSince &&
    fullSince === before.fullSince &&
    xid === before.xid &&
    eccBase === before.eccBase &&
    slowdownsAt === before.slowdownsAt
  ) {
    return before
  }
  const { verdict } = before
  return { warmSince, hotSince, fullSince, xid, xidWatchedSince, eccBase, slowdownsAt, verdict }
}

function since(before: number, holds: boolean | undefined, at: number): number {
  if (holds === undefined) return before
  if (!holds) return 0
  return before === 0 ? at : before
}

// A count below its base means that the driver was reloaded: count anew from there.
function baseOf(before: number, count: number): number {
  return before === -1 || count < before ? count : before
}

function slowdowns(
  before: readonly number[],
  look: Look,
  at: number,
  policy: HealthPolicy,
): readonly number[] {
  const from = look.nowMs - policy.gpu.slowdownWindowMinutes * 60_000
  const first = before[0]
  const isNew = look.slowdown === true && at > (before.at(-1) ?? 0) && at > from
  if (!isNew && (first === undefined || first > from)) return before
  const kept = before.filter((time) => time > from)
  if (isNew) kept.push(at)
  return kept.length === 0 ? NO_TIMES : kept
}

function judge(input: GpuInput, look: Look, memory: GpuMemory): Verdict {
  const trouble = hardware(input, look, memory)
  if (trouble?.rating === 'breach') return trouble
  const heat = thermal(input, look, memory)
  if (heat?.rating === 'breach') return heat
  return trouble ?? heat ?? soft(input, look, memory) ?? calm(input, look)
}

function hardware(input: GpuInput, look: Look, memory: GpuMemory): Verdict | undefined {
  const { gpu, policy } = input
  const { nowMs, maxAgeMs } = look
  if (usable(gpu.lost, nowMs, maxAgeMs) === true) return V.lost
  const freshMs = policy.gpu.xidFreshMinutes * 60_000
  const xid = xidVerdict({
    code: look.xid ?? recentCode(gpu, nowMs - freshMs),
    appearedAt: gpu.xidSince?.getTime(),
    watchedSince: memory.xidWatchedSince,
    nowMs,
    freshMs,
  })
  if (xid?.rating === 'breach') return xid
  if (look.ecc !== undefined && look.ecc > memory.eccBase) return V.eccRising
  if (usable(gpu.remapFailed, nowMs, maxAgeMs) === true) return V.remapFailed
  if (xid) return xid
  if (usable(gpu.remapPending, nowMs, maxAgeMs) === true) return V.remapPending
  if ((usable(gpu.nvlinkDown, nowMs, maxAgeMs) ?? 0) > 0) return V.nvlinkDown
  return look.ecc !== undefined && look.ecc > 0 ? V.eccOld : undefined
}

// An XID that we saw appear is an event with its own time: it stays known for a while when the gauge goes silent.
function recentCode(gpu: GpuObservation, fromMs: number): number | undefined {
  if (!gpu.xidSince || gpu.xidSince.getTime() < fromMs) return undefined
  return gpu.xid.kind === 'known' ? gpu.xid.value : gpu.xid.last?.value
}

function thermal({ gpu, policy }: GpuInput, look: Look, memory: GpuMemory): Verdict | undefined {
  if (!look.thermal || look.thermal.level === 0) return undefined
  const at = Math.max(timeOf(gpu.tempC), timeOf(gpu.marginC))
  const hold = (look.thermal.assumed ? policy.gpu.assumedHoldSeconds : policy.gpu.limitHoldSeconds) * 1000
  if (look.thermal.level === 3) return thermalVerdict(look.thermal, 'breach')
  if (memory.hotSince > 0 && at - memory.hotSince >= hold) return thermalVerdict(look.thermal, 'breach')
  return memory.warmSince > 0 && at - memory.warmSince >= hold
    ? thermalVerdict(look.thermal, 'warning')
    : undefined
}

function soft({ gpu, policy }: GpuInput, look: Look, memory: GpuMemory): Verdict | undefined {
  const hits = memory.slowdownsAt.length
  const { slowdownBreachPerMinute, slowdownWindowMinutes, vramHoldSeconds } = policy.gpu
  if (hits > 0 && hits >= slowdownBreachPerMinute * slowdownWindowMinutes) return V.slowdownOften
  if (hits > 0) return V.slowdown
  const throttle = usable(gpu.throttle, look.nowMs, look.maxAgeMs)
  if (throttle?.includes('sw-thermal')) return V.softThermal
  const fullMs = timeOf(gpu.vramUsedMib) - memory.fullSince
  const held = look.full === true && memory.fullSince > 0 && fullMs >= vramHoldSeconds * 1000
  return held ? V.vramFull : undefined
}

// Clear needs a temperature that counts: everything else may be missing, and is said to be.
function calm({ gpu, instance }: GpuInput, look: Look): Verdict {
  const { nowMs, maxAgeMs } = look
  if (look.tempC === undefined && look.marginC === undefined) {
    const reading = isOld(gpu.marginC, nowMs, maxAgeMs) ? gpu.marginC : gpu.tempC
    return unread({ reading, subject: 'temperature', code: 'gpu', nowMs, maxAgeMs })
  }
  if (gpu.source === 'vast') return (instance?.gpuCount ?? 2) > 1 ? V.instanceOnly : V.clearByProvider
  return gpu.xid.kind === 'unknown' && look.xid === undefined ? V.clearWithoutXid : V.clear
}
