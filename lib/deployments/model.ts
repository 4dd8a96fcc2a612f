import type { z } from 'zod'
import type { ENVIRONMENTS, PROVIDERS, serviceSchema, targetSchema } from './policy-services'

/** ServiceDefinition is one file of `runbooks/services`. */
export type ServiceDefinition = z.infer<typeof serviceSchema>

/** Target is one place where an environment of a service runs. */
export type Target = z.infer<typeof targetSchema>

/** Provider is who runs a service. */
export type Provider = (typeof PROVIDERS)[number]

/** Environment is staging or production. */
export type Environment = (typeof ENVIRONMENTS)[number]

/** Slot is one approval that a plan needs, and who may give it. */
export type Slot = ServiceDefinition['approvals'][number]

/** Artifact is one image of a plan; `digest` is `sha256:` with 64 hex digits, `tag` is what people call it. */
export type Artifact = { readonly image: string; readonly digest: string; readonly tag: string }

/** Step is a share of the traffic and how long it is watched, in minutes. */
export type Step = { readonly percent: number; readonly minutes: number }

/** PlanKind: a fix of an incident and a deliberate step back are told apart from a release. */
export type PlanKind = 'release' | 'fix' | 'rollback'

/** Plan is what is asked for. Everything but `about` and `kind` is what people approve: it is in the hash. */
export type Plan = {
  readonly service: string
  readonly environment: Environment
  readonly provider: Provider
  readonly targets: readonly Target[]
  readonly artifacts: readonly Artifact[]
  /** config are the variables that change, without secrets; configHash is the sha256 of the whole configuration. */
  readonly config: Readonly<Record<string, { readonly from: string | null; readonly to: string | null }>>
  readonly configHash: string
  readonly steps: readonly Step[]
  /** isAtOnce: a manager ticked that this goes to 100 % at once, for no canary is possible. */
  readonly isAtOnce: boolean
  readonly bakeMinutes: number
  /** baseline is what runs now; null when nothing does. */
  readonly baseline: { readonly digest: string; readonly tag: string } | null
  readonly rollback: {
    readonly digest: string
    readonly tag: string
    readonly revision: string
    readonly keepWarm: boolean
  }
  readonly migrations: readonly { readonly id: string; readonly isReversible: boolean }[]
  /** window is the planned start and the end of the open window, ISO 8601 in UTC. */
  readonly window: { readonly startAt: string; readonly endAt: string }
  /** policyVersion is the hash of the service's definition and of the windows that count. */
  readonly policyVersion: string
  readonly kind: PlanKind
  readonly about: {
    readonly title: string
    readonly commits?:
      | {
          readonly from: string
          readonly to: string
          readonly count: number
          readonly authors: readonly string[]
        }
      | undefined
    readonly link?: string | undefined
    readonly notes?: string | undefined
    /** incidentNumber is the incident that a fix mends. */
    readonly incidentNumber?: number | undefined
    /** committedAt is when the newest commit of the artifact was made, ISO 8601. */
    readonly committedAt?: string | undefined
  }
}

/** WAITING_STATES are the states of a plan before anything of production moves. */
export const WAITING_STATES = [
  'draft',
  'staging_deploying',
  'staging_soaking',
  'awaiting_approval',
  'scheduled',
  'announced',
] as const

/** RUNNING_STATES hold the lock of (service, environment). */
export const RUNNING_STATES = ['progressing', 'paused', 'baking', 'rolling_back', 'rollback_failed'] as const

/** ENDED_STATES are ends. */
export const ENDED_STATES = [
  'succeeded',
  'rolled_back',
  'failed',
  'rejected',
  'cancelled',
  'expired',
  'superseded',
] as const

/** DEPLOYMENT_STATES is the one vocabulary of a deployment's states. */
export const DEPLOYMENT_STATES = [...WAITING_STATES, ...RUNNING_STATES, ...ENDED_STATES] as const

/** DeploymentState is where a deployment stands. */
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number]

/** STATE_WORDS is how a state is said. */
export const STATE_WORDS: Readonly<Record<DeploymentState, string>> = {
  draft: 'draft',
  staging_deploying: 'being deployed to staging',
  staging_soaking: 'soaking in staging',
  awaiting_approval: 'waiting for approval',
  scheduled: 'approved and scheduled',
  announced: 'announced',
  progressing: 'under way',
  paused: 'paused',
  baking: 'at 100 %, being watched',
  rolling_back: 'rolling back',
  rollback_failed: 'rollback failed',
  succeeded: 'done',
  rolled_back: 'rolled back',
  failed: 'failed',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'expired',
  superseded: 'superseded',
}

const NEXT: Readonly<Record<DeploymentState, readonly DeploymentState[]>> = {
  draft: ['staging_deploying', 'staging_soaking', 'awaiting_approval', 'cancelled', 'superseded'],
  staging_deploying: ['staging_soaking', 'awaiting_approval', 'failed', 'cancelled', 'superseded'],
  staging_soaking: ['awaiting_approval', 'staging_deploying', 'failed', 'cancelled', 'superseded'],
  awaiting_approval: ['scheduled', 'staging_deploying', 'rejected', 'expired', 'superseded', 'cancelled'],
  scheduled: ['announced', 'awaiting_approval', 'expired', 'superseded', 'cancelled'],
  announced: ['progressing', 'scheduled', 'awaiting_approval', 'expired', 'superseded', 'cancelled'],
  progressing: ['paused', 'baking', 'rolling_back', 'cancelled', 'failed'],
  paused: ['progressing', 'baking', 'rolling_back', 'cancelled'],
  baking: ['succeeded', 'rolling_back', 'paused'],
  rolling_back: ['rolled_back', 'rollback_failed'],
  rollback_failed: ['rolling_back', 'rolled_back'],
  succeeded: [],
  rolled_back: [],
  failed: [],
  rejected: ['awaiting_approval'],
  cancelled: [],
  expired: ['awaiting_approval'],
  superseded: [],
}

/** mayMove says whether a deployment may go from one state to another; rejected and expired ones come back as a new revision. */
export function mayMove(from: DeploymentState, to: DeploymentState): boolean {
  return NEXT[from].includes(to)
}

/** isEnded says whether nothing more happens with a deployment by itself. */
export function isEnded(state: DeploymentState): boolean {
  return (ENDED_STATES as readonly string[]).includes(state)
}

/** isRunning says whether a deployment holds the lock of its service and environment. */
export function isRunning(state: DeploymentState): boolean {
  return (RUNNING_STATES as readonly string[]).includes(state)
}

/** plannedMinutesOf is how long a plan takes from its start to the end of its bake. */
export function plannedMinutesOf(plan: Pick<Plan, 'steps' | 'bakeMinutes' | 'isAtOnce'>): number {
  const steps = plan.isAtOnce ? plan.steps.slice(-1) : plan.steps
  return steps.reduce((sum, step) => sum + step.minutes, 0) + plan.bakeMinutes
}

/** nameOf is how a deployment is called by its number: `DEP-0007`. */
export function nameOf(number: number): string {
  return `DEP-${String(number).padStart(4, '0')}`
}

/** shortDigest gives the first eight digits of a digest, as it is shown. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 8)
}
