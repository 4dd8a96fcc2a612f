import type { SimGpu } from '../world/build'
import type { GpuFrame } from '../world/gpus'

export type Unknown = { readonly unknown: string; readonly detail?: string }

const NOT_SUPPORTED: Unknown = { unknown: 'not_supported' }
const LOST: Unknown = { unknown: 'source_error', detail: 'GPU is lost' }
const SLOWDOWN_MARGIN_C = -2

export function pciBusId(gpu: SimGpu): string {
  return `00000000:${(0x01 + gpu.slot * 0x20).toString(16).padStart(2, '0').toUpperCase()}:00.0`
}

/** One card as the agent on the instance reads it from nvidia-smi. */
export function agentGpu(gpu: SimGpu, frame: GpuFrame): Record<string, unknown> {
  const { model } = gpu
  const margin = model.maxOperatingCelsius - frame.celsius
  const throttled = margin <= SLOWDOWN_MARGIN_C
  const read = <Value>(value: Value): Value | Unknown => (frame.present ? value : LOST)
  const dataCentre = <Value>(value: Value): Value | Unknown =>
    model.dataCentre ? read(value) : NOT_SUPPORTED
  return {
    state: frame.present ? 'ok' : 'lost',
    index: gpu.slot,
    uuid: gpu.uuid,
    name: model.driverName,
    pciBusId: pciBusId(gpu),
    driverVersion: '570.133.20',
    pstate: read(frame.utilPercent === 0 ? 'P8' : 'P2'),
    temperatureC: read(frame.celsius),
    tlimitMarginC: read(margin),
    memoryTemperatureC: dataCentre(frame.memoryCelsius),
    utilizationPercent: read(frame.utilPercent),
    memoryUtilizationPercent: read(frame.memoryUtilPercent),
    memoryTotalMib: read(model.memoryMib),
    memoryUsedMib: read(frame.usedMib),
    memoryFreeMib: read(frame.freeMib),
    memoryReservedMib: read(model.reservedMib),
    powerDrawW: read(frame.watts),
    powerLimitW: read(model.maxWatts),
    enforcedPowerLimitW: read(model.maxWatts),
    smClockMhz: read(frame.smClockMhz),
    smClockMaxMhz: read(model.smClockMhz),
    memoryClockMhz: read(model.memoryClockMhz),
    fanSpeedPercent: model.dataCentre ? NOT_SUPPORTED : read(46),
    pcieGenCurrent: read(model.dataCentre ? 5 : 4),
    pcieGenMax: read(model.dataCentre ? 5 : 4),
    pcieWidthCurrent: read(16),
    pcieWidthMax: read(16),
    eccCorrectedVolatile: dataCentre(0),
    eccUncorrectedVolatile: dataCentre(frame.eccUncorrectable),
    eccUncorrectedAggregate: dataCentre(frame.eccUncorrectable),
    retiredPagesPending: NOT_SUPPORTED,
    remappedRowsCorrectable: dataCentre(0),
    remappedRowsUncorrectable: dataCentre(frame.remappedRows),
    remappedRowsPending: dataCentre(frame.remapPending),
    remappedRowsFailure: dataCentre(frame.remapFailed),
    clockEventReasons: read(throttled ? '0x0000000000000048' : '0x0000000000000004'),
    hwSlowdown: read(throttled),
    hwThermalSlowdown: read(throttled),
    hwPowerBrakeSlowdown: read(false),
    swThermalSlowdown: read(margin <= 2),
    swPowerCap: read(!throttled),
    computeMode: read('Default'),
    limits: read({
      regime: 'tlimit',
      shutdownC: -7,
      slowdownC: SLOWDOWN_MARGIN_C,
      maxOperatingC: 0,
      memoryMaxOperatingC: NOT_SUPPORTED,
      targetC: model.maxOperatingCelsius,
    }),
  }
}
