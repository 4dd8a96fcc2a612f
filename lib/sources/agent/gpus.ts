import { isShape, numberOf, type Shape, sameUnknown, shapesIn, textOf, unknown } from '../parse'
import type { Reading } from '../reading'
import { type ThrottleName, throttleNames } from '../throttle'
import type { AgentGpu, AgentLimits, AgentReport } from './types'
import { type AgentFrame, agentFlag, agentNumber, agentText, at, knownAt } from './values'

const MAX_GPUS = 16

/** GpuInput is what a GPU's observation is made of besides its own entry. */
export type GpuInput = {
  readonly instanceId: string
  readonly xid: AgentReport['xid']
  readonly frame: AgentFrame
}

/** parseGpus reads the GPUs that answered, and adds those that nvidia-smi itself calls lost. */
export function parseGpus(
  value: unknown,
  lost: { readonly busIds: readonly string[]; readonly expected: Reading<number> },
  input: GpuInput,
): readonly AgentGpu[] {
  const frame = at(input.frame, 'gpus')
  const gpus = shapesIn(value)
    .slice(0, MAX_GPUS)
    .map((shape, position) => parseGpu(shape, position, { ...input, frame }))
  return [...gpus, ...lostGpus(gpus, lost, { ...input, frame })]
}

function parseGpu(shape: Shape, position: number, input: GpuInput): AgentGpu {
  const { frame } = input
  const number = (key: string, unit: string): Reading<number> => agentNumber(shape, { key, unit }, frame)
  const text = (key: string): string | undefined => {
    const reading = agentText(shape, key, frame)
    return reading.kind === 'known' ? reading.value : undefined
  }
  const pciBusId = text('pciBusId')
  const limits = limitsOf(shape.limits, frame)
  return {
    instanceId: input.instanceId,
    index: Math.max(0, Math.trunc(numberOf(shape, 'index') ?? position)),
    source: 'agent',
    uuid: text('uuid'),
    model: text('name'),
    pciBusId,
    utilPercent: number('utilizationPercent', '%'),
    tempC: positive(number('temperatureC', '°C'), frame),
    marginC: agentNumber(shape, { key: 'tlimitMarginC', unit: '°C', mayBeNegative: true }, frame),
    memoryTempC: positive(number('memoryTemperatureC', '°C'), frame),
    vramUsedMib: number('memoryUsedMib', 'MiB'),
    vramTotalMib: number('memoryTotalMib', 'MiB'),
    powerW: number('powerDrawW', 'W'),
    ...xidOf(pciBusId, input),
    throttle: throttleOf(shape, frame),
    eccUncorrected: number('eccUncorrectedVolatile', ''),
    remapPending: agentFlag(shape, 'remappedRowsPending', frame),
    remapFailed: agentFlag(shape, 'remappedRowsFailure', frame),
    nvlinkDown: unknown(frame, 'not_supported', 'the agent does not look at NVLink'),
    lost: lostOf(shape, frame),
    ...(limits ? { limits } : {}),
    driverVersion: agentText(shape, 'driverVersion', frame),
    pcieWidthCurrent: number('pcieWidthCurrent', 'lanes'),
    pcieWidthMax: number('pcieWidthMax', 'lanes'),
  }
}

/** A sensor at 0 °C was not read. */
function positive(reading: Reading<number>, frame: AgentFrame): Reading<number> {
  return reading.kind === 'known' && reading.value <= 0 ? unknown(frame, 'sentinel', '0 °C') : reading
}

function lostOf(shape: Shape, frame: AgentFrame): Reading<boolean> {
  const state = textOf(shape, 'state', frame)
  if (state === 'ok' || state === 'lost') return knownAt(frame, state === 'lost', '')
  return unknown(frame, state === '' ? 'field_absent' : 'schema_mismatch', state)
}

function xidOf(busId: string | undefined, input: GpuInput): Pick<AgentGpu, 'xid' | 'xidSince'> {
  const { frame, xid } = input
  if (xid.kind === 'unknown') return { xid: sameUnknown(xid) }
  const key = busId === undefined ? undefined : busKey(busId)
  if (key === undefined) return { xid: unknown(frame, 'field_absent', 'the GPU’s bus id is unknown') }
  const last = xid.value.events.filter((event) => busKey(event.pciBusId) === key).at(-1)
  if (!last) return { xid: knownAt(frame, 0, '') }
  return { xid: last.code, ...(last.at ? { xidSince: last.at } : {}) }
}

/** The kernel writes 0000:41:00 where nvidia-smi writes 00000000:41:00.0. */
function busKey(busId: string): string | undefined {
  const parts = /^(?:([0-9a-f]+):)?([0-9a-f]{2}):([0-9a-f]{2})(?:\.\d)?$/i.exec(busId.trim())
  if (!parts) return undefined
  const domain = Number.parseInt(parts[1] ?? '0', 16)
  return `${domain}:${parts[2]?.toLowerCase()}:${parts[3]?.toLowerCase()}`
}

const FLAGS: readonly (readonly [string, ThrottleName])[] = [
  ['hwSlowdown', 'hw-slowdown'],
  ['hwThermalSlowdown', 'hw-thermal'],
  ['hwPowerBrakeSlowdown', 'power-brake'],
  ['swThermalSlowdown', 'sw-thermal'],
  ['swPowerCap', 'power-cap'],
]

/** The mask says all; drivers that do not know it may still answer the single flags. */
function throttleOf(shape: Shape, frame: AgentFrame): Reading<readonly ThrottleName[]> {
  const mask = agentText(shape, 'clockEventReasons', frame)
  if (mask.kind === 'known' && /^0x[0-9a-f]{1,16}$/i.test(mask.value))
    return knownAt(frame, throttleNames(Number.parseInt(mask.value.slice(2), 16)), '')
  const flags = FLAGS.map(([key, name]) => ({ name, reading: agentFlag(shape, key, frame) }))
  if (flags.some(({ reading }) => reading.kind === 'known'))
    return knownAt(
      frame,
      flags.filter(({ reading }) => reading.kind === 'known' && reading.value).map(({ name }) => name),
      '',
    )
  return mask.kind === 'unknown' ? sameUnknown(mask) : unknown(frame, 'schema_mismatch', mask.value)
}

function limitsOf(value: unknown, frame: AgentFrame): AgentLimits | undefined {
  if (!isShape(value) || 'unknown' in value) return undefined
  const inner = at(frame, 'limits')
  const degrees = (key: string): number | undefined => {
    const reading = agentNumber(value, { key, unit: '°C', mayBeNegative: true }, inner)
    return reading.kind === 'known' ? reading.value : undefined
  }
  const slowdown = degrees('slowdownC')
  const shutdown = degrees('shutdownC')
  if (slowdown === undefined || shutdown === undefined) return undefined
  if (value.regime === 'tlimit')
    return { regime: 'margin', slowdownOffsetC: slowdown, shutdownOffsetC: shutdown }
  if (value.regime !== 'absolute') return undefined
  const maxOperatingC = degrees('maxOperatingC')
  return {
    regime: 'absolute',
    slowdownC: slowdown,
    shutdownC: shutdown,
    ...(maxOperatingC === undefined ? {} : { maxOperatingC }),
  }
}

/** A lost GPU may be missing from the list; nvidia-smi numbers by bus id, so the gaps in the numbers are its place. */
function lostGpus(
  present: readonly AgentGpu[],
  lost: { readonly busIds: readonly string[]; readonly expected: Reading<number> },
  input: GpuInput,
): readonly AgentGpu[] {
  const keys = new Set(present.map(({ pciBusId }) => busKey(pciBusId ?? '')))
  const absent = [...lost.busIds].filter((busId) => !keys.has(busKey(busId))).sort()
  if (absent.length === 0 || lost.expected.kind === 'unknown') return []
  const taken = new Set(present.map(({ index }) => index))
  const count = Math.min(MAX_GPUS, lost.expected.value)
  const gaps = Array.from({ length: count }, (_, index) => index).filter((index) => !taken.has(index))
  if (gaps.length < absent.length) return []
  return absent.map((busId, position) => lostGpu(busId, gaps[position] ?? position, input))
}

function lostGpu(pciBusId: string, index: number, input: GpuInput): AgentGpu {
  const { frame } = input
  const none = unknown(frame, 'source_error', 'nvidia-smi calls this GPU lost')
  return {
    instanceId: input.instanceId,
    index,
    source: 'agent',
    pciBusId,
    utilPercent: none,
    tempC: none,
    marginC: none,
    memoryTempC: none,
    vramUsedMib: none,
    vramTotalMib: none,
    powerW: none,
    ...xidOf(pciBusId, input),
    throttle: none,
    eccUncorrected: none,
    remapPending: none,
    remapFailed: none,
    nvlinkDown: none,
    lost: knownAt(frame, true, ''),
    driverVersion: none,
    pcieWidthCurrent: none,
    pcieWidthMax: none,
  }
}
