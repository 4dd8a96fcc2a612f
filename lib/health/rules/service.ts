import type { ServiceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'

/** ServiceState names what a service is doing; it is the `state` of a ServiceRow. */
export type ServiceState =
  | 'up'
  | 'degraded'
  | 'loading'
  | 'busy'
  | 'unhealthy'
  | 'refusing'
  | 'missing'
  | 'down'
  | 'unknown'

/** ServiceRating is a service's state and verdict, and the verdict of each named part of its answer. */
export type ServiceRating = {
  readonly state: ServiceState
  readonly verdict: Verdict
  readonly parts: readonly { readonly name: string; readonly verdict: Verdict }[]
}

/** ServiceMemory holds whether the service was judged down: it needs a run of hits to come back. */
export type ServiceMemory = { readonly down: boolean }

/** ServiceInput is one probed service with the memory of the look before (undefined at the first). */
export type ServiceInput = {
  readonly service: ServiceObservation
  readonly memory: ServiceMemory | undefined
  readonly policy: HealthPolicy
  readonly now: Date
}

/** rateService tells loading and busy from down, and down from "could not look". */
export function rateService(input: ServiceInput): ServiceRating & { readonly memory: ServiceMemory } {
  return {
    state: 'unknown',
    verdict: { rating: 'unknown', code: 'service.not-evaluated', reason: 'Not evaluated yet' },
    parts: [],
    memory: input.memory ?? { down: false },
  }
}
