import type { Member, Word } from './approvals'
import type { ItemStanding } from './checklist'
import type { Looks } from './looks'
import type { DeploymentState, Plan, ServiceDefinition } from './model'
import type { Override } from './overrides'
import type { Rehearsal } from './way-back'
import type { Where } from './windows'

/** Soak is how long a digest was seen running in staging without a gap. */
export type Soak = {
  readonly sinceMs: number
  readonly seenAtMs: number
  readonly trouble: string
  /** unseen is why its health could not be looked at; empty when it could. */
  readonly unseen: string
  readonly requests?: number | undefined
}

/** Situation is everything that the rules read of one deployment at one instant. */
export type Situation = {
  readonly plan: Plan
  readonly planHash: string
  readonly revision: number
  readonly state: DeploymentState
  readonly requesterId: string
  readonly service: ServiceDefinition
  readonly where: Where
  readonly words: readonly Word[]
  readonly people: readonly Member[]
  readonly overrides: readonly Override[]
  readonly items: readonly ItemStanding[]
  readonly looks: Looks | undefined
  readonly rehearsals: readonly Rehearsal[]
  readonly soak: Soak | undefined
  /** holds are digests that a rollback put on hold for this service, with why. */
  readonly holds: readonly { readonly digest: string; readonly why: string }[]
  /** live is what ran last with success; undefined when nothing did. */
  readonly live:
    | { readonly digest: string; readonly tag: string; readonly committedAt?: string | undefined }
    | undefined
  /** runningNumber is the deployment that holds the lock of service and environment. */
  readonly runningNumber: number | undefined
  readonly announcedAtMs: number | undefined
  readonly holdUntilMs: number | undefined
  readonly nowMs: number
}

/** Condition is one thing that has to be so: met, left out by an override, or not met with what that means and what helps. */
export type Condition = {
  readonly id: string
  readonly title: string
  /** stage: before anybody approves, or only at the start. */
  readonly stage: 'approve' | 'start'
  readonly isMet: boolean
  readonly isWaived: boolean
  readonly detail: string
  /** waits: it comes by itself, a person has to do something, or the plan has to change. */
  readonly waits: 'itself' | 'person' | 'plan'
  readonly metAtMs?: number | undefined
  readonly remedy?: 'keep-warm' | 'evidence' | 'tick-at-once' | 'edit' | 'announce' | undefined
  readonly isWaivable: boolean
}

/** Raw is a draft of a condition, before overrides are looked at. */
export type Raw = Omit<Condition, 'isWaived' | 'isWaivable'>
