import type { InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'

/** InstanceMemory is what an instance's rating must remember between polls; times are epoch ms, 0 = not so. */
export type InstanceMemory = {
  readonly pollAt: number
  readonly running: boolean
  readonly runningSince: number
  readonly leftAt: number
  readonly leftPolls: number
  readonly flappedAt: number
  readonly waitingSince: number
  readonly waitingFor: string
  readonly verdict: Verdict
}

/** InstanceInput is one instance with what our own eyes saw of it: `freshPollers` and `gpusSeen` are undefined when nobody looked. */
export type InstanceInput = {
  readonly instance: InstanceObservation
  /** gpusSeen is how many of its GPUs a source of our own (DCGM or agent) reads freshly. */
  readonly gpusSeen?: number
  /** freshPollers is how many Temporal pollers on this instance polled within policy. */
  readonly freshPollers?: number
  readonly memory: InstanceMemory | undefined
  readonly policy: HealthPolicy
  readonly now: Date
}

const NOT_EVALUATED: Verdict = {
  rating: 'unknown',
  code: 'instance.not-evaluated',
  reason: 'Not evaluated yet',
}

/** rateInstance judges the state triple (intended, actual, allocation) with hysteresis; codes are leaf ids where a leaf exists. */
export function rateInstance(input: InstanceInput): {
  readonly verdict: Verdict
  readonly memory: InstanceMemory
} {
  const memory = input.memory ?? {
    pollAt: 0,
    running: false,
    runningSince: 0,
    leftAt: 0,
    leftPolls: 0,
    flappedAt: 0,
    waitingSince: 0,
    waitingFor: '',
    verdict: NOT_EVALUATED,
  }
  return { verdict: memory.verdict, memory }
}
