import { HOT_METRICS, SLOW_METRICS } from '../prometheus/queries'
import type { Known, Reading, Unknown, UnknownWhy } from '../reading'
import { type ThrottleName, throttleNames } from '../throttle'
import type { GpuPlace } from './inventory'
import type { DcgmGpu } from './types'

/** Older exporters leak the blank values of DCGM, all of them far above anything measurable. */
const BLANK = 1e15

const UTIL = HOT_METRICS.indexOf('DCGM_FI_DEV_GPU_UTIL')
const TEMP = HOT_METRICS.indexOf('DCGM_FI_DEV_GPU_TEMP')
const USED = HOT_METRICS.indexOf('DCGM_FI_DEV_FB_USED')
const FREE = HOT_METRICS.indexOf('DCGM_FI_DEV_FB_FREE')
const POWER = HOT_METRICS.indexOf('DCGM_FI_DEV_POWER_USAGE')
const XID = HOT_METRICS.indexOf('DCGM_FI_DEV_XID_ERRORS')
const MEMORY_TEMP = SLOW_METRICS.indexOf('DCGM_FI_DEV_MEMORY_TEMP')
const MARGIN = SLOW_METRICS.indexOf('DCGM_FI_DEV_GPU_TEMP_LIMIT')
const ECC = SLOW_METRICS.indexOf('DCGM_FI_DEV_ECC_DBE_VOL_TOTAL')
const REMAP_FAILED = SLOW_METRICS.indexOf('DCGM_FI_DEV_ROW_REMAP_FAILURE')
const REMAP_PENDING = SLOW_METRICS.indexOf('DCGM_FI_DEV_ROW_REMAP_PENDING')
const EVENTS = SLOW_METRICS.indexOf('DCGM_FI_DEV_CLOCKS_EVENT_REASONS')
const THROTTLE = SLOW_METRICS.indexOf('DCGM_FI_DEV_CLOCK_THROTTLE_REASONS')
const RESERVED = SLOW_METRICS.indexOf('DCGM_FI_DEV_FB_RESERVED')

/** GpuMemory is what the adapter keeps of one GPU between sweeps; NaN in a row means that the series is absent. */
export type GpuMemory = {
  place: GpuPlace
  readonly hot: number[]
  /** last and lastMs hold the last known hot values with their times, for series that vanish. */
  readonly last: number[]
  readonly lastMs: number[]
  lastSeenAt: Date
  readonly slow: number[]
  slowReadings: SlowReadings | undefined
  cycle: number
  xid: number | undefined
  xidSince: Date | undefined
}

// Plain arrays of doubles: four typed arrays for each of 10,000 GPUs would cost more in their frames than in values.
function absent(columns: number): number[] {
  return Array.from({ length: columns }, () => Number.NaN)
}

/** newGpu starts the memory of a GPU that was not known before. */
export function newGpu(place: GpuPlace, now: Date): GpuMemory {
  return {
    place,
    hot: absent(HOT_METRICS.length),
    last: absent(HOT_METRICS.length),
    lastMs: HOT_METRICS.map(() => 0),
    lastSeenAt: now,
    slow: absent(SLOW_METRICS.length),
    slowReadings: undefined,
    cycle: 0,
    xid: undefined,
    xidSince: undefined,
  }
}

type SlowReadings = Pick<
  DcgmGpu,
  'marginC' | 'memoryTempC' | 'throttle' | 'eccUncorrected' | 'remapPending' | 'remapFailed'
>

/** SharedUnknowns are one object per reason, used by every GPU that lacks the value. */
export type SharedUnknowns = {
  readonly notSupported: Unknown<never>
  readonly blank: Unknown<never>
  readonly lost: Unknown<never>
}

/** sharedUnknowns builds them once per adapter. */
export function sharedUnknowns(source: string, since: Date): SharedUnknowns {
  const make = (why: UnknownWhy, detail: string): Unknown<never> => ({
    kind: 'unknown',
    why,
    source,
    since,
    detail,
  })
  return {
    notSupported: make('not_supported', 'the exporter does not report it for this GPU'),
    blank: make('sentinel', 'the exporter sent a blank value'),
    lost: make('not_supported', 'the exporter drops the series of a lost GPU instead of saying so'),
  }
}

/** Look is the frame of one sweep for a GPU's readings. */
export type Look = {
  readonly source: string
  readonly at: Date
  readonly sampleAt: Date | undefined
  readonly shared: SharedUnknowns
}

/** keepLast remembers the values of this sweep for the time when a series vanishes. */
export function keepLast(gpu: GpuMemory, now: Date): void {
  gpu.lastSeenAt = now
  for (let column = 0; column < gpu.hot.length; column += 1) {
    const value = gpu.hot[column] ?? Number.NaN
    if (Number.isNaN(value) || value > BLANK) continue
    gpu.last[column] = value
    gpu.lastMs[column] = now.getTime()
  }
}

/** noteXid keeps when a code was first seen to appear; a code that stood there at the first look has no such time. */
export function noteXid(gpu: GpuMemory, now: Date): void {
  const code = gpu.hot[XID]
  if (code === undefined || Number.isNaN(code) || code > BLANK || code === gpu.xid) return
  gpu.xidSince = gpu.xid === undefined || code === 0 ? undefined : now
  gpu.xid = code
}

/** gpuOf builds the observation of one GPU from its rows. */
export function gpuOf(gpu: GpuMemory, look: Look): DcgmGpu {
  const { place } = gpu
  gpu.slowReadings ??= slowReadings(gpu.slow, look)
  const used = hot(gpu, USED, 'MiB', look)
  const free = gpu.hot[FREE] ?? Number.NaN
  const reserved = gpu.slow[RESERVED] ?? Number.NaN
  const slow = gpu.slowReadings
  return {
    instanceId: place.instanceId,
    index: place.index,
    source: 'dcgm',
    uuid: place.uuid,
    model: place.model,
    pciBusId: place.pciBusId,
    utilPercent: hot(gpu, UTIL, '%', look),
    // No card runs at 0 °C or below: it is an unread sensor.
    tempC: (gpu.hot[TEMP] ?? Number.NaN) <= 0 ? look.shared.blank : hot(gpu, TEMP, '°C', look),
    marginC: slow.marginC,
    memoryTempC: slow.memoryTempC,
    vramUsedMib: used,
    vramTotalMib:
      used.kind === 'known' && free >= 0 && free < BLANK
        ? known(used.value + free + (reserved > 0 && reserved < BLANK ? reserved : 0), 'MiB', look)
        : look.shared.notSupported,
    powerW: hot(gpu, POWER, 'W', look),
    xid: hot(gpu, XID, '', look),
    xidSince: gpu.xidSince,
    throttle: slow.throttle,
    eccUncorrected: slow.eccUncorrected,
    remapPending: slow.remapPending,
    remapFailed: slow.remapFailed,
    nvlinkDown: look.shared.notSupported,
    lost: look.shared.lost,
  }
}

function hot(gpu: GpuMemory, column: number, unit: string, look: Look): Reading<number> {
  const value = gpu.hot[column] ?? Number.NaN
  if (value >= 0 && value < BLANK) return known(value, unit, look)
  if (!Number.isNaN(value)) return look.shared.blank
  const last = gpu.last[column] ?? Number.NaN
  if (Number.isNaN(last)) return look.shared.notSupported
  const lastAt = new Date(gpu.lastMs[column] ?? 0)
  return {
    kind: 'unknown',
    why: 'field_absent',
    source: look.source,
    since: lastAt,
    detail: 'the series vanished',
    last: { value: last, observedAt: lastAt },
  }
}

function slowReadings(row: readonly number[], look: Look): SlowReadings {
  const at = (column: number): number => row[column] ?? Number.NaN
  const mask = Number.isNaN(at(EVENTS)) ? at(THROTTLE) : at(EVENTS)
  const throttle: Reading<readonly ThrottleName[]> = measured(mask, look, (value) =>
    known(throttleNames(value), '', look),
  )
  const flag = (column: number): Reading<boolean> =>
    measured(at(column), look, (value) => known(value > 0, '', look))
  return {
    marginC: measured(at(MARGIN), look, (value) => known(value, '°C', look)),
    // Cards without the sensor report 0.
    memoryTempC: at(MEMORY_TEMP) <= 0 ? look.shared.notSupported : number(at(MEMORY_TEMP), '°C', look),
    throttle,
    eccUncorrected: number(at(ECC), '', look),
    remapPending: flag(REMAP_PENDING),
    remapFailed: flag(REMAP_FAILED),
  }
}

function number(value: number, unit: string, look: Look): Reading<number> {
  return measured(value, look, (one) => known(one, unit, look))
}

function measured<T>(value: number, look: Look, read: (value: number) => Known<T>): Reading<T> {
  if (Number.isNaN(value)) return look.shared.notSupported
  return Math.abs(value) > BLANK ? look.shared.blank : read(value)
}

function known<T>(value: T, unit: string, look: Look): Known<T> {
  return {
    kind: 'known',
    value,
    unit,
    source: look.source,
    observedAt: look.at,
    sampleAt: look.sampleAt,
  }
}
