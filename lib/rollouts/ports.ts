import type { Deployer } from '../deployers/deployer'
import type { Environment, Plan } from '../deployments/model'
import type { Tick } from './model'
import type { RolloutPolicy } from './policy'

/** Subject is what a rollout is about: enough to find its target and its figures. */
export type Subject = {
  readonly rolloutId: string
  readonly service: string
  readonly environment: Environment
  readonly plan: Plan
  /** queries are those of the policy that the rollout started under. */
  readonly queries: RolloutPolicy['queries']
}

/** Targets builds the hand on a rollout’s targets; a sentence when something is not connected. */
export type Targets = (subject: Subject) => Promise<Deployer | { readonly missing: string }>

/** Eyes reads the ticks of a rollout after `afterMs` up to `untilMs`, one a grid point, without a hole: what nobody could read is there as unseen. */
export type Eyes = (
  subject: Subject,
  span: { readonly afterMs: number; readonly untilMs: number },
) => Promise<readonly Tick[]>
