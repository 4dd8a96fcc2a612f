import { askGate, type GateAnswer } from './gate'
import { type Core, type HoldReason, type PauseReason, SIGNAL_WORDS, type Step, TICK_MS } from './model'
import {
  beginsBack,
  type Decision,
  desiredOf,
  exposedPercent,
  fixed,
  replaced,
  type Turned,
  type TurnInput,
  WATCHED,
} from './motion'
import { type TriggerRule, triggerId } from './policy'
import { firing } from './triggers'

const ATTEMPTS = 3

/** forwardTurn is a turn of a rollout that goes on: first what turns it round or stops it, then the step. */
export function forwardTurn(core: Core, input: TurnInput): Turned {
  return (
    firedTurn(core, input) ??
    blindTurn(core, input) ??
    stoppedTurn(core, input) ??
    (core.pause ? pausedTurn(core, input) : undefined) ??
    stepTurn(core, input)
  )
}

function firedTurn(core: Core, { policy, nowMs }: TurnInput): Turned | undefined {
  const fired = firing(policy, core.triggers, 'rollback')
  const [first] = fired
  if (!first) return undefined
  const words = fired.map((rule) => firedWords(core, rule, policy.bands[rule.signal]?.breachAbove)).join('; ')
  return beginsBack(core, { kind: 'trigger', words, by: 'rule' }, nowMs, [
    {
      rule: 'R-TRG-01',
      name: triggerId(first),
      result: 'breach',
      seen: words,
      wanted: `not for ${first.holdSeconds} s`,
    },
  ])
}

function firedWords(core: Core, rule: TriggerRule, bound: number | undefined): string {
  const memory = core.triggers[triggerId(rule)]
  const { name, unit } = SIGNAL_WORDS[rule.signal]
  const what = rule.signal === 'health' ? `${name} failing` : `${name} > ${bound ?? '?'} ${unit}`
  return `${what} on ${rule.track}, observed ${memory?.creditedSeconds ?? 0} s of ${rule.holdSeconds} s`
}

function blindTurn(core: Core, { policy, nowMs }: TurnInput): Turned | undefined {
  const { lostSinceMs } = core
  if (lostSinceMs === null || exposedPercent(core) === 0) return undefined
  const lostSeconds = (core.lastTickMs + TICK_MS - lostSinceMs) / 1_000
  const { telemetry } = policy
  const exposed = exposedPercent(core)
  const line = {
    rule: 'R-TEL-01',
    name: 'Figures of the new version',
    result: 'unknown' as const,
    seen: `none for ${Math.round(lostSeconds)} s`,
    wanted: `a gap ≤ ${telemetry.lostAfterSeconds} s`,
  }
  if (lostSeconds > telemetry.rollBackAfterSeconds && exposed >= telemetry.rollBackFromPercent) {
    const words = `no figures of the new version for ${Math.round(lostSeconds)} s at ${exposed} %`
    return beginsBack(core, { kind: 'telemetry-lost', words, by: 'rule' }, nowMs, [line])
  }
  if (lostSeconds <= telemetry.lostAfterSeconds || core.pause) return undefined
  return paused(
    core,
    { reason: 'telemetry-lost', words: `Nobody can see the new version: ${line.seen}.`, nowMs },
    line,
  )
}

function stoppedTurn(
  core: Core,
  { look, denies, nowMs, policy, environment }: TurnInput,
): Turned | undefined {
  if (core.pause) return undefined
  const foreign = look?.kind === 'seen' ? look.foreign : null
  if (foreign !== null && !core.waived.includes(`drift:${foreign}`))
    return paused(
      core,
      {
        reason: 'drift',
        key: `drift:${foreign}`,
        words: `Somebody else changed the target: ${foreign}.`,
        nowMs,
      },
      { rule: 'R-DRI-01', name: 'Foreign change', result: 'hold', seen: foreign, wanted: 'none' },
    )
  const deny =
    environment === 'staging' ? undefined : denies.find(({ id }) => !core.waived.includes(`deny:${id}`))
  if (!deny) return undefined
  const decideByMs = nowMs + policy.deny.decideMinutes * 60_000
  return paused(
    core,
    { reason: 'denied', key: `deny:${deny.id}`, words: deny.words, nowMs, decideByMs },
    { rule: 'R-DEN-01', name: 'Freeze', result: 'hold', seen: deny.words, wanted: 'none since the start' },
  )
}

type Stop = {
  readonly reason: PauseReason
  readonly key?: string
  readonly words: string
  readonly nowMs: number
  readonly decideByMs?: number
}

function paused(core: Core, stop: Stop, line: Decision['trace'][number]): Turned {
  const from = core.state === 'baking' ? 'baking' : 'progressing'
  const { reason, words, nowMs } = stop
  return {
    core: {
      ...core,
      state: 'paused',
      sinceMs: nowMs,
      pause: {
        reason,
        key: stop.key ?? reason,
        words,
        sinceMs: nowMs,
        from,
        decideByMs: stop.decideByMs ?? null,
      },
    },
    decision: { verb: 'pause', key: `pause:${reason}:${words}`, sentence: `Paused: ${words}`, trace: [line] },
    send: null,
  }
}

/** While it is paused nothing new is asked for; what was asked for is still watched, and its triggers stay armed. */
function pausedTurn(core: Core, input: TurnInput): Turned {
  const { pause } = core
  if (!pause) return fixed(core)
  const { nowMs, policy } = input
  if (pause.decideByMs !== null && nowMs >= pause.decideByMs) {
    if (exposedPercent(core) < policy.deny.rollBackBelowPercent) {
      const words = `nobody decided within ${policy.deny.decideMinutes} min: ${pause.words}`
      return beginsBack(core, { kind: 'no-decision', words, by: 'rule' }, nowMs)
    }
    return { ...fixed({ ...core, pause: { ...pause, decideByMs: null } }) }
  }
  if (pause.reason === 'telemetry-lost' && core.lostSinceMs === null)
    return {
      core: { ...core, state: pause.from, sinceMs: nowMs, pause: null },
      decision: {
        verb: 'resume',
        key: `resume:${nowMs}`,
        sentence: 'The figures of the new version are back: going on.',
        trace: [],
      },
      send: null,
    }
  const step = core.steps[core.at]
  return step?.state === 'applying' || step?.state === 'unknown' ? stepTurn(core, input) : fixed(core)
}

function stepTurn(core: Core, input: TurnInput): Turned {
  const step = core.steps[core.at]
  if (!step) return fixed(core)
  switch (step.state) {
    case 'pending':
      return pendingTurn(core, step, input)
    case 'applying':
    case 'unknown':
      return applyingTurn(core, step, input)
    case 'observing':
    case 'holding':
    case 'inconclusive':
      return gateTurn(core, step, input)
    case 'passed':
    case 'failed':
    case 'aborted':
      return fixed(core)
  }
}

function words(step: Step): string {
  if (step.kind === 'expose') return `${step.percent} %`
  return step.kind === 'bake' ? 'the watch at 100 %' : 'the clean-up'
}

function pendingTurn(core: Core, step: Step, input: TurnInput): Turned {
  const { look, nowMs, policy } = input
  // Look first, also at the first attempt: a blind change is never made.
  if (step.kind !== 'bake' && look?.kind !== 'seen') return fixed(core)
  const boxMs = nowMs + policy.applyMinutes * 60_000
  if (step.kind === 'bake' || (look?.kind === 'seen' && look.reached))
    return watching(replaced(core, { attempt: 0, beganMs: nowMs, boxMs }), step, nowMs)
  const begun = replaced(core, {
    state: 'applying',
    attempt: 1,
    beganMs: nowMs,
    boxMs,
    sent: { atMs: nowMs, outcome: null, detail: '' },
  })
  return {
    core: begun,
    decision: {
      verb: 'start-step',
      key: `start:${core.at}`,
      sentence: `Going to ${words(step)}.`,
      trace: [],
    },
    send: desiredOf(begun),
  }
}

function watching(core: Core, step: Step, nowMs: number): Turned {
  const changed = replaced(core, {
    state: step.kind === 'finish' ? 'passed' : 'observing',
    observedMs: nowMs,
    dueMs: nowMs + step.minutes * 60_000,
    endedMs: step.kind === 'finish' ? nowMs : null,
  })
  if (step.kind === 'finish')
    return {
      core: { ...changed, state: 'succeeded', sinceMs: nowMs },
      decision: {
        verb: 'succeed',
        key: 'succeed',
        sentence: 'It held: the new version is the stable one.',
        trace: [],
      },
      send: null,
    }
  return {
    core: step.kind === 'bake' ? { ...changed, state: 'baking', sinceMs: nowMs } : changed,
    decision: {
      verb: 'watch',
      key: `watch:${core.at}`,
      sentence: `${step.kind === 'bake' ? 'Everybody has it' : `${words(step)} reached`}: watched for ${step.minutes} min.`,
      trace: [],
    },
    send: null,
  }
}

function applyingTurn(core: Core, step: Step, input: TurnInput): Turned {
  const { look, nowMs, settleMs } = input
  if (look?.kind === 'seen' && look.reached) return watching(core, step, nowMs)
  const failed = failureOf(step, input)
  if (failed !== undefined) {
    const ended = replaced(core, { state: 'failed', endedMs: nowMs, detail: failed })
    return beginsBack(ended, { kind: 'step-failed', words: `${words(step)}: ${failed}`, by: 'rule' }, nowMs)
  }
  if (core.pause || look?.kind !== 'seen') return fixed(core)
  const next = step.sent?.outcome === 'sent' && step.attempt < ATTEMPTS ? look.next : undefined
  if (next === undefined && !mayAskAgain(step, nowMs, settleMs)) return fixed(core)
  const again = replaced(core, {
    attempt: step.attempt + 1,
    sent: { atMs: nowMs, outcome: null, detail: '' },
  })
  return {
    core: again,
    decision: {
      verb: 'retry',
      key: `retry:${core.at}:${step.attempt + 1}`,
      sentence: next
        ? `${words(step)}: ${next}, so it is asked for.`
        : `${words(step)} is not there, and nothing is on its way: asked again (${step.attempt + 1} of ${ATTEMPTS}).`,
      trace: [],
    },
    send: desiredOf(again),
  }
}

/** mayAskAgain: a look found it missing, and what was asked before can no longer take effect. */
export function mayAskAgain(step: Step, nowMs: number, settleMs: number): boolean {
  if (!step.sent || step.attempt >= ATTEMPTS) return false
  if (step.sent.outcome === 'refused') return true
  return step.sent.outcome !== 'sent' && nowMs - step.sent.atMs >= settleMs
}

function failureOf(step: Step, { look, nowMs }: TurnInput): string | undefined {
  if (look?.kind === 'seen' && look.failed !== null) return look.failed
  if (step.sent?.outcome === 'refused' && step.attempt >= ATTEMPTS) return step.sent.detail
  if (step.boxMs === null || nowMs < step.boxMs) return undefined
  return look?.kind === 'seen' ? `not there in time: ${look.detail}` : 'nobody could see it in time'
}

function gateTurn(core: Core, step: Step, input: TurnInput): Turned {
  const { nowMs, look, policy } = input
  const soaked = soakGap(core, step, input)
  if (soaked) return soaked
  // The tick of the due instant itself must be in: what was not read yet is not asked.
  const dueMs = step.dueMs ?? nowMs
  if (nowMs < dueMs || core.lastTickMs + TICK_MS < dueMs) return fixed(core)
  const answer = askGate({
    policy,
    step,
    triggers: core.triggers,
    recent: core.recent,
    isConverged: look?.kind === 'seen' ? look.reached : null,
    track: WATCHED,
  })
  // Accepted is the doubt that the person read: another one is asked for anew.
  if (step.accepted && (answer.reason === null || answer.reason === step.accepted.doubt))
    return passed(core, step, nowMs, answer, `accepted by ${step.accepted.by}: ${step.accepted.reason}`)
  if (answer.isOpen) return passed(core, step, nowMs, answer, 'every condition is met')
  return held(core, step, input, answer)
}

/** EXCUSABLE are what a person may take on: doubt, never a breach that is under way. */
export const EXCUSABLE: ReadonlySet<HoldReason> = new Set([
  'marginal',
  'low-sample',
  'no-evidence',
  'comparison',
])

function passed(core: Core, step: Step, nowMs: number, answer: GateAnswer, why: string): Turned {
  const left = replaced(core, { state: 'passed', endedMs: nowMs, detail: why })
  return {
    core: { ...left, at: core.at + 1 },
    decision: {
      verb: 'pass',
      key: `pass:${core.at}`,
      sentence: `${words(step)} passed its gate: ${why}.`,
      trace: answer.lines,
    },
    send: null,
  }
}

function held(core: Core, step: Step, { nowMs, policy }: TurnInput, answer: GateAnswer): Turned {
  const reason = answer.reason ?? 'no-evidence'
  const since = step.heldSinceMs ?? nowMs
  const { gate } = policy
  const maxMinutes = step.percent < 50 ? gate.maxHoldMinutesLow : gate.maxHoldMinutesHigh
  const limit = Math.max(since + maxMinutes * 60_000, step.extendedUntilMs ?? 0)
  if (nowMs >= limit + gate.inconclusiveMinutes * 60_000) {
    const words = `inconclusive (${reason}) and nobody decided within ${gate.inconclusiveMinutes} min`
    return beginsBack(core, { kind: 'no-decision', words, by: 'rule' }, nowMs, answer.lines)
  }
  const state = nowMs >= limit ? 'inconclusive' : 'holding'
  const changed = replaced(core, { state, heldSinceMs: since, holdReason: reason })
  return {
    core: changed,
    decision: {
      verb: state === 'holding' ? 'hold' : 'inconclusive',
      key: `${state}:${core.at}:${reason}:${step.extendedUntilMs ?? 0}`,
      sentence:
        state === 'holding'
          ? `Held at ${words(step)}: ${HOLD_WORDS[reason]}.`
          : `Inconclusive at ${words(step)}: ${HOLD_WORDS[reason]}. Extend, accept with a reason, or roll back.`,
      trace: answer.lines,
    },
    send: null,
  }
}

/** HOLD_WORDS say what a gate waits for. */
export const HOLD_WORDS: Readonly<Record<HoldReason, string>> = {
  'pending-trigger': 'a trigger is pending, it decides first',
  'firing-hold': 'a trigger that holds is firing',
  marginal: 'a figure is not in its good band',
  'low-sample': 'too few requests to tell',
  'no-evidence': 'a figure could not be read',
  'not-converged': 'the target is not as asked for',
  comparison: 'the new version is slower than the stable one',
}

/** A soak counts only while it is seen: a longer gap begins it anew. */
function soakGap(core: Core, step: Step, { environment, policy, nowMs }: TurnInput): Turned | undefined {
  if (environment !== 'staging' || step.kind !== 'bake' || core.lostSinceMs === null) return undefined
  if (core.lastTickMs + TICK_MS - core.lostSinceMs <= policy.soakGapSeconds * 1_000) return undefined
  const again = replaced(core, { observedMs: nowMs, dueMs: nowMs + step.minutes * 60_000, requests: 0 })
  return {
    core: again,
    decision: {
      verb: 'restart-soak',
      key: `restart-soak:${core.lostSinceMs}`,
      sentence: `Nobody saw the new version for more than ${policy.soakGapSeconds} s: the soak begins anew.`,
      trace: [],
    },
    send: null,
  }
}
