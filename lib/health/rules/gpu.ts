import type { GpuObservation, InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'

/** GpuMemory is what a GPU's rating must remember between looks: since when it is hot or full, and its hardware slowdowns; times are epoch ms. */
export type GpuMemory = {
  readonly thermalLevel: 0 | 1 | 2
  readonly warmSince: number
  readonly hotSince: number
  readonly fullSince: number
  readonly xid: number
  readonly xidFirstLookAt: number
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

const NOT_EVALUATED: Verdict = { rating: 'unknown', code: 'gpu.not-evaluated', reason: 'Not evaluated yet' }

/** rateGpu judges one GPU; memory and verdict are the same objects as before when nothing changed. */
export function rateGpu(input: GpuInput): { readonly verdict: Verdict; readonly memory: GpuMemory } {
  const memory = input.memory ?? {
    thermalLevel: 0,
    warmSince: 0,
    hotSince: 0,
    fullSince: 0,
    xid: 0,
    xidFirstLookAt: 0,
    slowdownsAt: [],
    verdict: NOT_EVALUATED,
  }
  return { verdict: memory.verdict, memory }
}
