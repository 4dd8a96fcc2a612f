import type { GpuObservation, ThrottleReason } from '../model'
import type { HealthPolicy } from '../policy'

/** ThermalLook is how hot a card is against its limits: 0 within, 1 warm, 2 hot, 3 at its shutdown limit; `limit` says which limit in words. */
export type ThermalLook = {
  readonly level: 0 | 1 | 2 | 3
  readonly assumed: boolean
  readonly limit: string
}

/** isSlowdown tells the throttle reasons that the hardware itself imposed. */
export function isSlowdown(reason: ThrottleReason): boolean {
  return reason === 'hw-slowdown' || reason === 'hw-thermal' || reason === 'power-brake'
}

/**
 * thermalLook compares a card with its own limits; undefined when nothing can be compared.
 * Degrees are never held against margin offsets: a device that tells margins is judged by its margin alone.
 */
export function thermalLook(input: {
  readonly gpu: GpuObservation
  readonly tempC: number | undefined
  readonly marginC: number | undefined
  readonly memoryTempC: number | undefined
  readonly policy: HealthPolicy
}): ThermalLook | undefined {
  const core = coreLook(input)
  const memory = memoryLook(input)
  if (!core || !memory) return core ?? memory
  return memory.level > core.level ? memory : core
}

type Input = Parameters<typeof thermalLook>[0]

const HBM = /\b(?:A100|A800|A30|H100|H200|H800|H20|GH200|B100|B200|B300|GB200|GB300|V100|MI\d{3}\w?)\b/i

const WITHIN_LIMITS: ThermalLook = { level: 0, assumed: false, limit: '' }

function coreLook({ gpu, tempC, marginC, policy }: Input): ThermalLook | undefined {
  if (marginC !== undefined && gpu.limits?.regime !== 'absolute') return marginLook(gpu, marginC, policy)
  if (tempC === undefined) return undefined
  if (gpu.limits?.regime === 'absolute') return absoluteLook(gpu.limits, tempC)
  const { assumedWarnC, assumedBreachC } = policy.gpu
  if (tempC >= assumedBreachC) return { level: 2, assumed: true, limit: `${assumedBreachC} °C` }
  if (tempC >= assumedWarnC) return { level: 1, assumed: true, limit: `${assumedWarnC} °C` }
  return WITHIN_LIMITS
}

function marginLook(gpu: GpuObservation, marginC: number, policy: HealthPolicy): ThermalLook {
  const { marginBreachC, marginWarnC } = policy.gpu
  if (gpu.limits?.regime === 'margin') {
    const { shutdownOffsetC, slowdownOffsetC } = gpu.limits
    if (marginC <= shutdownOffsetC) return { level: 3, assumed: false, limit: 'its shutdown margin' }
    if (marginC <= slowdownOffsetC) return { level: 2, assumed: false, limit: 'its slowdown margin' }
  }
  if (marginC <= marginBreachC) return { level: 2, assumed: false, limit: `a margin of ${marginBreachC} °C` }
  if (marginC <= marginWarnC) return { level: 1, assumed: false, limit: `a margin of ${marginWarnC} °C` }
  return WITHIN_LIMITS
}

function absoluteLook(
  limits: Extract<NonNullable<GpuObservation['limits']>, { regime: 'absolute' }>,
  tempC: number,
): ThermalLook {
  const { shutdownC, slowdownC, maxOperatingC } = limits
  if (tempC >= shutdownC) return { level: 3, assumed: false, limit: `its shutdown limit of ${shutdownC} °C` }
  if (tempC >= slowdownC) return { level: 2, assumed: false, limit: `its slowdown limit of ${slowdownC} °C` }
  if (maxOperatingC !== undefined && tempC >= maxOperatingC) {
    return { level: 1, assumed: false, limit: `its operating limit of ${maxOperatingC} °C` }
  }
  return WITHIN_LIMITS
}

function memoryLook({ gpu, memoryTempC, policy }: Input): ThermalLook | undefined {
  if (memoryTempC === undefined || memoryTempC <= 0) return undefined
  const hbm = HBM.test(gpu.model ?? '')
  const warnC = hbm ? policy.gpu.hbmWarnC : policy.gpu.memoryWarnC
  const breachC = hbm ? policy.gpu.hbmBreachC : policy.gpu.memoryBreachC
  if (memoryTempC >= breachC) return { level: 2, assumed: true, limit: `${breachC} °C at its memory` }
  if (memoryTempC >= warnC) return { level: 1, assumed: true, limit: `${warnC} °C at its memory` }
  return WITHIN_LIMITS
}
