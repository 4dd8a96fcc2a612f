import type { Deployer } from '../deployers/deployer'
import { type Core, RUNGS, type Rung, type Step, TICK_MS } from './model'
import type { RolloutPolicy } from './policy'

/** PlannedStep is one exposure of a plan: a share of the traffic and how long it is watched. */
export type PlannedStep = { readonly percent: number; readonly minutes: number }

/** newStep is a step that nothing has happened to. */
export function newStep(kind: Step['kind'], percent: number, minutes: number): Step {
  return {
    kind,
    percent,
    minutes,
    state: 'pending',
    attempt: 0,
    sent: null,
    beganMs: null,
    observedMs: null,
    dueMs: null,
    boxMs: null,
    heldSinceMs: null,
    holdReason: null,
    extendedUntilMs: null,
    accepted: null,
    requests: 0,
    exposurePercent: null,
    achievablePercent: null,
    endedMs: null,
    detail: '',
  }
}

/** rungsFor is the way back that a target offers, from the mildest; one that is not connected yet may turn out to offer all. */
export function rungsFor(hand: Pick<Deployer, 'rungs'> | { readonly missing: string }): readonly Rung[] {
  return 'missing' in hand ? RUNGS : RUNGS.filter((rung) => hand.rungs.includes(rung))
}

/** beginCore is a rollout at its start: the plan’s exposures, the watch at the end, and the clean-up. */
export function beginCore(input: {
  readonly steps: readonly PlannedStep[]
  readonly environment: 'staging' | 'production'
  readonly rungs: readonly Rung[]
  readonly policy: RolloutPolicy
  readonly nowMs: number
}): Core {
  const { policy, nowMs } = input
  const watched = input.environment === 'staging' ? policy.soakMinutes : policy.bakeMinutes
  return {
    state: 'progressing',
    sinceMs: nowMs,
    startedMs: nowMs,
    pause: null,
    steps: [
      ...input.steps.map(({ percent, minutes }) => newStep('expose', percent, minutes)),
      newStep('bake', 100, watched),
      newStep('finish', 100, 0),
    ],
    at: 0,
    rungs: input.rungs,
    triggers: {},
    lastTickMs: Math.floor(nowMs / TICK_MS) * TICK_MS,
    recent: [],
    lostSinceMs: null,
    back: null,
    waived: [],
    last: '',
  }
}
