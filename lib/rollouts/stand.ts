import { type Core, type RolloutState, STATE_WORDS, STEP_WORDS, type StepState } from './model'

/** Stand is what a person decides on: how a rollout stands, at which step, what that waits for, and what stopped it. */
export type Stand = {
  readonly state: RolloutState
  readonly at: number
  readonly step: StepState | null
  readonly waits: string | null
  readonly pause: string | null
}

/** standOf gives what a decision about a rollout is bound to; seconds and figures move on without changing it. */
export function standOf(core: Core): Stand {
  const step = core.steps[core.at]
  const isWaiting = step?.state === 'holding' || step?.state === 'inconclusive'
  return {
    state: core.state,
    at: core.at,
    // Waiting longer for the same is no other question.
    step: isWaiting ? 'holding' : (step?.state ?? null),
    waits: isWaiting ? step.holdReason : null,
    pause: core.pause?.key ?? null,
  }
}

/** changesSince says in words how a rollout stands otherwise than somebody saw it; empty when it is the same. */
export function changesSince(seen: Stand, now: Stand): string {
  const changes = [
    seen.state === now.state ? '' : `it was ${STATE_WORDS[seen.state]}, and is ${STATE_WORDS[now.state]} now`,
    seen.at === now.at ? '' : `it was at step ${seen.at + 1}, and is at step ${now.at + 1} now`,
    seen.at === now.at && seen.step !== now.step
      ? `its step was ${wordsOf(seen.step)}, and is ${wordsOf(now.step)} now`
      : '',
    seen.at === now.at && seen.step === now.step && seen.waits !== now.waits
      ? `it waited because of ${causeOf(seen.waits)}, and now because of ${causeOf(now.waits)}`
      : '',
    seen.state === now.state && seen.pause !== now.pause ? 'it was stopped by something else meanwhile' : '',
  ].filter((it) => it !== '')
  return changes.join('; ')
}

function wordsOf(step: StepState | null): string {
  return step === null ? 'not there' : STEP_WORDS[step]
}

function causeOf(waits: string | null): string {
  return waits?.replaceAll('-', ' ') ?? 'nothing'
}
