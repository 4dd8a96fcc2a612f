import { isActive } from '../world/effects'
import type { World } from '../world/world'

/** Which exporters answer at one instant; kept for the instant asked last, as queries walk one at a time. */
export class TargetHealth {
  private offsetMs = Number.NaN
  private version = -1
  private readonly up: (boolean | undefined)[] = []

  constructor(private readonly world: World) {}

  dcgmUp(instance: number, offsetMs: number): boolean {
    if (this.offsetMs !== offsetMs || this.version !== this.world.effects.version) {
      this.up.length = 0
      this.offsetMs = offsetMs
      this.version = this.world.effects.version
    }
    const known = this.up[instance]
    if (known !== undefined) return known
    const answer = this.look(instance, offsetMs)
    this.up[instance] = answer
    return answer
  }

  integrationUp(offsetMs: number): boolean {
    const impact = this.world.impactAt(offsetMs)
    if (impact !== undefined && !impact.answers) return false
    return !this.world.effects
      .active('own-health', offsetMs)
      .some((effect) => effect.event.unreachable === true)
  }

  private look(index: number, offsetMs: number): boolean {
    const instance = this.world.fleet.instances[index]
    if (instance === undefined || !this.world.instanceAt(instance, offsetMs).serving) return false
    return !this.world.effects
      .ofInstance(index)
      .some((effect) => effect.event.event === 'telemetry-lost' && isActive(effect, offsetMs))
  }
}
