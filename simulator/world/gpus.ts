import type { SimGpu } from './build'
import { isActive } from './effects'
import { unit } from './random'
import type { World } from './world'

export type GpuFrame = {
  /** False once the card has fallen off the bus: the exporter then knows only its last XID. */
  readonly present: boolean
  readonly utilPercent: number
  readonly memoryUtilPercent: number
  readonly celsius: number
  readonly memoryCelsius: number
  readonly watts: number
  readonly usedMib: number
  readonly freeMib: number
  readonly smClockMhz: number
  readonly xid: number
  readonly eccUncorrectable: number
  readonly remapPending: boolean
  readonly remapFailed: boolean
  readonly remappedRows: number
}

type Draft = { -readonly [Key in keyof GpuFrame]: GpuFrame[Key] }

const FELL_OFF_THE_BUS = 79
const TWENTY_MINUTES_MS = 1_200_000

export function gpuFrameAt(world: World, gpu: SimGpu, offsetMs: number): GpuFrame {
  const frame = quietFrame(world, gpu, offsetMs)
  const effects = world.effects.ofGpu(gpu.index)
  if (effects.length === 0) return frame
  for (const effect of effects) {
    if (effect.fromMs > offsetMs) continue
    const { event } = effect
    const active = isActive(effect, offsetMs)
    if (event.event === 'gpu-xid') {
      // Latched: the gauge keeps its last code after the cause is gone, until the driver restarts.
      if (active || !restartedSince(world, gpu, effect.fromMs, offsetMs)) frame.xid = event.code
      if (active && event.code === FELL_OFF_THE_BUS) frame.present = false
    } else if (event.event === 'gpu-ecc') {
      const endMs = Math.min(offsetMs, effect.untilMs)
      frame.eccUncorrectable += 1 + Math.floor(((endMs - effect.fromMs) / 60_000) * event.perMinute)
    } else if (!active) {
      if (event.event === 'gpu-row-remap') frame.remappedRows += 1
    } else if (event.event === 'gpu-thermal') heat(frame, gpu, event.celsius, offsetMs - effect.fromMs)
    else if (event.event === 'gpu-load') load(frame, gpu, event.utilPercent)
    else if (event.event === 'gpu-row-remap') {
      frame.remappedRows += 1
      if (event.state === 'failed') frame.remapFailed = true
      else frame.remapPending = true
    }
  }
  return frame
}

function restartedSince(world: World, gpu: SimGpu, fromMs: number, offsetMs: number): boolean {
  return world.effects
    .ofInstance(gpu.instance)
    .some(
      (effect) =>
        effect.event.event === 'instance-restart' && effect.fromMs >= fromMs && effect.fromMs <= offsetMs,
    )
}

function quietFrame(world: World, gpu: SimGpu, offsetMs: number): Draft {
  const { model } = gpu
  const periodMs = world.telemetryPeriodMs
  const step = Math.floor((offsetMs + gpu.phaseMs) / periodMs)
  const salt = world.saltOf(gpu.index, offsetMs)
  const jitter = unit(gpu.seed, step, salt + 1)
  const wave = Math.sin(((step * periodMs) / TWENTY_MINUTES_MS) * 2 * Math.PI + gpu.seed / 1e8)
  const idle = gpu.baseUtilPercent === 0
  const util = idle ? 0 : clamp(Math.round(gpu.baseUtilPercent + wave * 9 + (jitter - 0.5) * 18), 1, 100)
  const celsius = celsiusOf(gpu, util) + Math.round((unit(gpu.seed, step, salt + 2) - 0.5) * 3)
  const usable = model.memoryMib - model.reservedMib
  const usedMib = Math.round(
    usable * clamp(gpu.baseMemoryShare + wave * 0.02 + (jitter - 0.5) * 0.05, 0.004, 0.985),
  )
  return {
    present: true,
    utilPercent: util,
    memoryUtilPercent: Math.round(util * 0.62),
    celsius,
    memoryCelsius: model.dataCentre ? celsius + 9 : 0,
    watts: wattsOf(gpu, util, jitter),
    usedMib,
    freeMib: usable - usedMib,
    smClockMhz: idle ? 210 : model.smClockMhz - (step % 4) * 15,
    xid: 0,
    eccUncorrectable: 0,
    remapPending: false,
    remapFailed: false,
    remappedRows: 0,
  }
}

function celsiusOf(gpu: SimGpu, utilPercent: number): number {
  const { idleCelsius, loadCelsius } = gpu.model
  return Math.round(idleCelsius + ((loadCelsius - idleCelsius) * utilPercent) / 100)
}

function wattsOf(gpu: SimGpu, utilPercent: number, jitter: number): number {
  const { idleWatts, maxWatts } = gpu.model
  return (
    Math.round((idleWatts + (maxWatts - idleWatts) * 0.86 * (utilPercent / 100) + jitter * 6) * 1000) / 1000
  )
}

function heat(frame: Draft, gpu: SimGpu, celsius: number, sinceMs: number): void {
  const ramp = clamp(sinceMs / 60_000, 0.25, 1)
  frame.celsius = Math.max(frame.celsius, Math.round(frame.celsius + (celsius - frame.celsius) * ramp))
  if (frame.memoryCelsius > 0) frame.memoryCelsius = frame.celsius + 9
  if (frame.celsius >= gpu.model.maxOperatingCelsius)
    frame.smClockMhz = Math.round(gpu.model.smClockMhz * 0.55)
}

function load(frame: Draft, gpu: SimGpu, utilPercent: number): void {
  frame.utilPercent = Math.round(utilPercent)
  frame.memoryUtilPercent = Math.round(utilPercent * 0.62)
  frame.celsius = celsiusOf(gpu, utilPercent)
  frame.watts = wattsOf(gpu, utilPercent, 0.5)
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
