import type { TriggerState } from '../alerts/trigger'
import type { Desired } from '../deployers/deployer'

/** TICK_MS is the grid on which a rollout is judged; ticks are aligned to the epoch. */
export const TICK_MS = 15_000

/** SIGNALS are what a rollout is judged by. */
export const SIGNALS = [
  'error_ratio',
  'p95',
  'p99',
  'health',
  'memory',
  'rate_5xx',
  'rate_429',
  'rate_auth',
] as const

/** Signal is one figure of a service: percent, ms, 1 or 0 for health, or a count per minute. */
export type Signal = (typeof SIGNALS)[number]

/** SIGNAL_WORDS name each signal with its unit, as people read it. */
export const SIGNAL_WORDS: Readonly<Record<Signal, { readonly name: string; readonly unit: string }>> = {
  error_ratio: { name: 'Error ratio', unit: '%' },
  p95: { name: 'p95', unit: 'ms' },
  p99: { name: 'p99', unit: 'ms' },
  health: { name: 'Health', unit: '' },
  memory: { name: 'Memory', unit: '%' },
  rate_5xx: { name: '5xx', unit: '/min' },
  rate_429: { name: '429', unit: '/min' },
  rate_auth: { name: '401/403', unit: '/min' },
}

/** Track says whose figure it is: the new version's, the stable one's, or the whole service's. */
export type Track = 'canary' | 'stable' | 'service'

/** Unseen says why a tick has no figure. */
export type Unseen = 'no_data' | 'stale' | 'error'

/** Verdict is what one tick showed; the last four are no evidence for either side. */
export type Verdict = 'ok' | 'marginal' | 'breach' | Unseen | 'low_sample'

/** TrackTick is one track at one grid point as it was read: a signal that is missing from both was not asked. */
export type TrackTick = {
  /** requests counts those of this tick alone; null when nobody knows. */
  readonly requests: number | null
  readonly values: Readonly<Partial<Record<Signal, number>>>
  readonly unseen: Readonly<Partial<Record<Signal, Unseen>>>
}

/** Tick is one grid point with what was read of each track. */
export type Tick = {
  readonly atMs: number
  readonly tracks: Readonly<Partial<Record<Track, TrackTick>>>
}

/** ROLLOUT_STATES are all a rollout can be in. */
export const ROLLOUT_STATES = [
  'announced',
  'progressing',
  'paused',
  'baking',
  'rolling_back',
  'rollback_failed',
  'succeeded',
  'rolled_back',
  'failed',
  'cancelled',
] as const

/** RolloutState is where a rollout stands. */
export type RolloutState = (typeof ROLLOUT_STATES)[number]

/** STATE_WORDS say each state as people read it. */
export const STATE_WORDS: Readonly<Record<RolloutState, string>> = {
  announced: 'announced',
  progressing: 'in progress',
  paused: 'paused',
  baking: 'being watched at 100 %',
  rolling_back: 'rolling back',
  rollback_failed: 'the way back failed',
  succeeded: 'succeeded',
  rolled_back: 'rolled back',
  failed: 'failed before anybody met it',
  cancelled: 'cancelled before anybody met it',
}

const OVER: ReadonlySet<RolloutState> = new Set(['succeeded', 'rolled_back', 'failed', 'cancelled'])

/** isOver tells whether nothing more happens to a rollout; a way back that failed is not over. */
export function isOver(state: RolloutState): boolean {
  return OVER.has(state)
}

/** StepState is where one step stands; `unknown` is a request whose outcome nobody knows. */
export type StepState =
  | 'pending'
  | 'applying'
  | 'unknown'
  | 'observing'
  | 'holding'
  | 'inconclusive'
  | 'passed'
  | 'failed'
  | 'aborted'

/** STEP_WORDS say each state of a step as people read it. */
export const STEP_WORDS: Readonly<Record<StepState, string>> = {
  pending: 'not started',
  applying: 'being applied',
  unknown: 'asked for, outcome unknown',
  observing: 'being watched',
  holding: 'held',
  inconclusive: 'inconclusive',
  passed: 'gate passed',
  failed: 'failed',
  aborted: 'ended early',
}

/** Rung is a step of the way back. */
export type Rung = Exclude<Desired['do'], 'expose' | 'finish'>

/** RUNGS are the way back from the mildest; the last takes the service offline. */
export const RUNGS: readonly Rung[] = ['route', 'isolate', 'redeploy', 'restart', 'zero']

/** RUNG_WORDS say what each rung does. */
export const RUNG_WORDS: Readonly<Record<Rung, string>> = {
  route: 'send all traffic to the stable version',
  isolate: 'take the new version’s copies away',
  redeploy: 'put the recorded stable version back everywhere',
  restart: 'restart the machines',
  zero: 'scale to zero: the service goes offline',
}

/** HoldReason says what a step waits for at its gate. */
export type HoldReason =
  | 'pending-trigger'
  | 'firing-hold'
  | 'marginal'
  | 'low-sample'
  | 'no-evidence'
  | 'not-converged'
  | 'comparison'

/** PauseReason says why a rollout stands still. */
export type PauseReason = 'person' | 'drift' | 'telemetry-lost' | 'denied' | 'trigger'

/** Sent is one change that was asked for; `outcome` is null while nobody wrote down what came of it. */
export type Sent = {
  readonly atMs: number
  readonly outcome: 'sent' | 'refused' | 'unknown' | null
  readonly detail: string
}

/** Step is one step as it stands; all instants are epoch ms. */
export type Step = {
  readonly kind: 'expose' | 'bake' | 'finish' | Rung
  readonly percent: number
  readonly minutes: number
  readonly state: StepState
  readonly attempt: number
  readonly sent: Sent | null
  readonly beganMs: number | null
  /** observedMs is when the desired state was seen; the step’s clock runs from there. */
  readonly observedMs: number | null
  readonly dueMs: number | null
  /** boxMs is when waiting for the desired state ends. */
  readonly boxMs: number | null
  readonly heldSinceMs: number | null
  readonly holdReason: HoldReason | null
  /** extendedUntilMs is until when a person lets an inconclusive step wait for evidence. */
  readonly extendedUntilMs: number | null
  /** accepted is what a person took on them: `doubt` at a gate and no other one, or a rung of the way back. */
  readonly accepted: {
    readonly by: string
    readonly reason: string
    readonly atMs: number
    readonly doubt: HoldReason | null
  } | null
  readonly requests: number
  readonly exposurePercent: number | null
  readonly achievablePercent: number | null
  readonly endedMs: number | null
  readonly detail: string
}

/** Memory is a trigger between two ticks, and when it fired. */
export type Memory = TriggerState & { readonly firedMs: number | null }

/** Cause is why a rollout goes back. */
export type Cause = {
  readonly kind:
    | 'trigger'
    | 'person'
    | 'corruption'
    | 'security'
    | 'telemetry-lost'
    | 'step-failed'
    | 'no-decision'
  readonly words: string
  readonly by: string
}

/** Back is the way back since it was decided. */
export type Back = {
  readonly cause: Cause
  readonly decidedMs: number
  readonly fromPercent: number
  /** confirmingSinceMs is since when the stable version was seen everywhere with nothing against it. */
  readonly confirmingSinceMs: number | null
  readonly doneMs: number | null
  /** isByFigures is false when what runs was confirmed and its figures could not be read. */
  readonly isByFigures: boolean | null
}

/** Core is a rollout as the engine knows it: everything that survives a restart, and nothing else. */
export type Core = {
  readonly state: RolloutState
  readonly sinceMs: number
  readonly startedMs: number
  readonly pause: {
    readonly reason: PauseReason
    /** key names the cause, so that one that somebody accepted is not raised again. */
    readonly key: string
    readonly words: string
    readonly sinceMs: number
    readonly from: 'progressing' | 'baking'
    readonly decideByMs: number | null
  } | null
  readonly steps: readonly Step[]
  readonly at: number
  readonly rungs: readonly Rung[]
  readonly triggers: Readonly<Record<string, Memory>>
  readonly lastTickMs: number
  /** recent are the newest ticks, enough for gates and samples; lostSinceMs is since when nobody sees the new version. */
  readonly recent: readonly Tick[]
  readonly lostSinceMs: number | null
  readonly back: Back | null
  /** waived are keys of pauses that a person took on them. */
  readonly waived: readonly string[]
  /** last is the newest judgement's key, so that a decision is written once and not every tick. */
  readonly last: string
}
