import type { Applied, Desired, Look } from '../deployers/deployer'
import { newStep } from './begin'
import type { GateLine } from './gate'
import type { Cause, Core, Rung, Step, Tick, Track } from './model'
import type { RolloutPolicy } from './policy'

/** Deny is a reason why nothing new may start now: a freeze, an incident, the line stopped. */
export type Deny = { readonly id: string; readonly words: string }

/** TurnInput is everything one turn looks at; the same input always gives the same answer. */
export type TurnInput = {
  readonly nowMs: number
  /** look is the target judged against what `desiredOf` asks; null when it was not looked at. */
  readonly look: Look | null
  readonly settleMs: number
  /** ticks follow the core’s last one without a hole: what nobody could read is there as unseen. */
  readonly ticks: readonly Tick[]
  readonly denies: readonly Deny[]
  readonly environment: 'staging' | 'production'
  readonly policy: RolloutPolicy
}

/** Decision is one judgement worth keeping: what was decided, in a sentence, and every rule that was asked. */
export type Decision = {
  readonly verb:
    | 'start-step'
    | 'watch'
    | 'pass'
    | 'hold'
    | 'inconclusive'
    | 'pause'
    | 'resume'
    | 'retry'
    | 'restart-soak'
    | 'roll-back'
    | 'next-rung'
    | 'confirm'
    | 'succeed'
    | 'rolled-back'
    | 'rollback-failed'
    | 'fail'
    | 'cancel'
  readonly key: string
  readonly sentence: string
  readonly trace: readonly GateLine[]
}

/** Turned is what one turn came to; `send` is written down in the core before it is sent. */
export type Turned = {
  readonly core: Core
  readonly decision: Decision | null
  readonly send: Desired | null
}

/** WATCHED is the track that a rollout is judged by: the new version’s own figures. */
export const WATCHED: Track = 'canary'

/** desiredOf says what the target should come to now. */
export function desiredOf(core: Core): Desired {
  const step = core.steps[core.at]
  if (!step || step.kind === 'bake') return { do: 'expose', percent: 100 }
  if (step.kind === 'expose') return { do: 'expose', percent: step.percent }
  return { do: step.kind }
}

/** replaced changes the current step. */
export function replaced(core: Core, change: Partial<Step>): Core {
  const steps = core.steps.map((step, index) => (index === core.at ? { ...step, ...change } : step))
  return { ...core, steps }
}

/** answered writes down what came of a request; an answer to an attempt that is not the current one any more changes nothing. */
export function answered(
  core: Core,
  of: { readonly at: number; readonly attempt: number },
  applied: Applied,
): Core {
  const step = core.steps[core.at]
  if (core.at !== of.at || step?.sent?.outcome !== null || step.attempt !== of.attempt) return core
  const state = applied.kind === 'unknown' && step.state === 'applying' ? 'unknown' : step.state
  return replaced(core, { state, sent: { ...step.sent, outcome: applied.kind, detail: applied.detail } })
}

/** fixed is a turn that moves nothing. */
export function fixed(core: Core): Turned {
  return { core, decision: null, send: null }
}

/** exposedPercent is the largest share of the traffic that a rollout may have reached; what was sent counts from then on. */
export function exposedPercent(core: Core): number {
  const begun = core.steps.filter((step) => step.kind === 'expose' && step.beganMs !== null)
  return Math.max(0, ...begun.map((step) => Math.max(step.percent, step.exposurePercent ?? 0)))
}

/** beginsBack turns a rollout round: what was under way ends, and the rungs follow. Nothing forward is sent any more. */
export function beginsBack(core: Core, cause: Cause, nowMs: number, trace: readonly GateLine[] = []): Turned {
  const isFull = exposedPercent(core) >= 100
  // Once the stable track itself was changed, only putting the old version back helps.
  const rungs = isFull ? FULL_FIRST.filter((rung) => core.rungs.includes(rung)) : core.rungs
  const ended = core.steps.map(
    (step, index): Step =>
      index < core.at || step.state === 'passed'
        ? step
        : { ...step, state: 'aborted', endedMs: nowMs, detail: cause.words },
  )
  return {
    core: {
      ...core,
      state: 'rolling_back',
      sinceMs: nowMs,
      pause: null,
      steps: [...ended, ...rungs.map((rung) => newStep(rung, 0, 0))],
      at: ended.length,
      back: {
        cause,
        decidedMs: nowMs,
        fromPercent: exposedPercent(core),
        confirmingSinceMs: null,
        doneMs: null,
        isByFigures: null,
      },
    },
    decision: {
      verb: 'roll-back',
      key: `roll-back:${cause.kind}`,
      sentence: `Rolling back: ${cause.words}`,
      trace,
    },
    send: null,
  }
}

const FULL_FIRST: readonly Rung[] = ['redeploy', 'route', 'isolate', 'restart', 'zero']
