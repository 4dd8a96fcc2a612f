import type { HealthPolicy } from '../policy'
import type { Conclusion } from '../wire'
import type { RatedWorld } from './rated'

/** conclusionsOf draws what several sources allow together, and names what they do not allow. */
export function conclusionsOf(_input: {
  readonly rated: RatedWorld
  readonly policy: HealthPolicy
  readonly now: Date
}): readonly Conclusion[] {
  return []
}
