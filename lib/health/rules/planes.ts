import { PLANES } from '../model'
import type { HealthPolicy } from '../policy'
import type { PlaneRow } from '../wire'
import type { RatedWorld } from './rated'

/** planesOf gives the nine cells of the attribution strip in their fixed order, each with one figure in words. */
export function planesOf(_input: {
  readonly rated: RatedWorld
  readonly policy: HealthPolicy
  readonly now: Date
}): readonly PlaneRow[] {
  return PLANES.map(({ id }) => ({
    id,
    rating: 'unknown',
    figure: 'not evaluated yet',
    reason: 'Not evaluated yet',
    at: 0,
    source: '',
  }))
}
