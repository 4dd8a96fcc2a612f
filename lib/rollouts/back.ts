import { requestsOf, verdictAt } from './bands'
import { mayAskAgain } from './forward'
import type { GateLine } from './gate'
import { type Back, type Core, RUNG_WORDS, RUNGS, type Rung, type Step, type Tick } from './model'
import { type Decision, desiredOf, fixed, replaced, type Turned, type TurnInput } from './motion'
import type { RolloutPolicy } from './policy'

/** backTurn is a turn of the way back: the stable version seen everywhere ends it, otherwise the current rung goes on. */
export function backTurn(core: Core, input: TurnInput): Turned {
  const { back } = core
  if (!back) return fixed(core)
  return confirmTurn(core, back, input) ?? overdueTurn(core, back, input) ?? rungTurn(core, input)
}

/** figuresSince says what the stable version's figures show since the way back was seen complete. */
export function figuresSince(
  policy: RolloutPolicy,
  ticks: readonly Tick[],
  sinceMs: number,
): 'ok' | 'bad' | 'unclear' {
  const counted = ticks.filter((tick) => tick.atMs >= sinceMs)
  const last = counted.at(-1)
  if (!last) return 'unclear'
  const verdicts = counted.map((tick) => {
    const track = tick.tracks.stable?.values.error_ratio === undefined ? 'service' : 'stable'
    return verdictAt(policy, tick, { signal: 'error_ratio', track })
  })
  if (verdicts.at(-1) === 'breach') return 'bad'
  const isQuiet = requestsOf(counted, 'service') === 0
  return verdicts.every((verdict) => verdict === 'ok') && !isQuiet ? 'ok' : 'unclear'
}

function confirmTurn(core: Core, back: Back, { look, nowMs, policy }: TurnInput): Turned | undefined {
  if (look?.kind !== 'seen') return undefined
  const step = core.steps[core.at]
  const isOffline = step?.kind === 'zero' && look.reached
  if (!look.isOldEverywhere && !isOffline)
    return back.confirmingSinceMs === null
      ? undefined
      : fixed({ ...core, back: { ...back, confirmingSinceMs: null } })
  if (isOffline) return undefined
  const since = back.confirmingSinceMs
  if (since === null)
    return {
      core: { ...core, back: { ...back, confirmingSinceMs: nowMs } },
      decision: {
        verb: 'confirm',
        key: `confirm:${core.at}`,
        sentence: `The stable version runs everywhere: watched for ${policy.back.confirmSeconds} s.`,
        trace: [],
      },
      send: null,
    }
  const figures = figuresSince(policy, core.recent, since)
  const heldMs = nowMs - since
  if (figures === 'bad' && core.state !== 'rollback_failed' && heldMs >= policy.back.confirmSeconds * 1_000)
    return undefined
  const budgetMs = back.decidedMs + (policy.back.budgetSeconds - 15) * 1_000
  const isSeen = figures === 'ok' && heldMs >= policy.back.confirmSeconds * 1_000
  const isBlind =
    figures === 'unclear' &&
    heldMs >= policy.back.confirmSeconds * 1_000 &&
    nowMs >= Math.min(budgetMs, since + 240_000)
  if (!isSeen && !isBlind) return fixed(core)
  return rolledBack(core, back, { nowMs, isByFigures: isSeen })
}

function rolledBack(
  core: Core,
  back: Back,
  { nowMs, isByFigures }: { readonly nowMs: number; readonly isByFigures: boolean },
): Turned {
  const seconds = Math.round((nowMs - back.decidedMs) / 1_000)
  const ended = replaced(core, { state: 'passed', endedMs: nowMs })
  const steps = ended.steps.map(
    (step): Step =>
      step.state === 'pending' ? { ...step, state: 'aborted', endedMs: nowMs, detail: 'not needed' } : step,
  )
  return {
    core: {
      ...ended,
      steps,
      state: 'rolled_back',
      sinceMs: nowMs,
      back: { ...back, doneMs: nowMs, isByFigures },
    },
    decision: {
      verb: 'rolled-back',
      key: 'rolled-back',
      sentence: isByFigures
        ? `Rolled back and stable, ${seconds} s after the decision.`
        : `Rolled back: the stable version runs everywhere, ${seconds} s after the decision. Its figures could not prove it.`,
      trace: [],
    },
    send: null,
  }
}

function overdueTurn(core: Core, back: Back, { nowMs, policy }: TurnInput): Turned | undefined {
  if (core.state === 'rollback_failed' || nowMs < back.decidedMs + policy.back.budgetSeconds * 1_000)
    return undefined
  // What was seen complete in time may end its watch.
  if (back.confirmingSinceMs !== null && nowMs < back.confirmingSinceMs + 240_000) return undefined
  return failedBack(core, nowMs, `not stable ${policy.back.budgetSeconds} s after the decision`)
}

function failedBack(core: Core, nowMs: number, why: string): Turned {
  return {
    core: { ...core, state: 'rollback_failed', sinceMs: nowMs },
    decision: {
      verb: 'rollback-failed',
      key: `rollback-failed:${core.at}`,
      sentence: `The way back failed: ${why}. ${nextWords(core)}`,
      trace: [],
    },
    send: null,
  }
}

/** nextWords says which rung a person may take next. */
export function nextWords(core: Core): string {
  const next = nextRung(core)
  return next ? `Next: ${RUNG_WORDS[next]}.` : 'No rung is left: it needs hands on the target.'
}

/** nextRung is the rung after the current one; undefined when none is left. */
export function nextRung(core: Core): Rung | undefined {
  const left = core.steps.slice(core.at + 1).map((step) => step.kind)
  return RUNGS.find((rung) => left.includes(rung))
}

function boxSeconds(policy: RolloutPolicy, rung: Rung): number {
  const { back } = policy
  const boxes: Readonly<Record<Rung, number>> = {
    route: back.routeSeconds,
    isolate: back.isolateSeconds,
    redeploy: back.redeploySeconds,
    restart: back.restartSeconds,
    zero: back.zeroSeconds,
  }
  return boxes[rung]
}

function isRung(kind: Step['kind']): kind is Rung {
  return RUNGS.some((rung) => rung === kind)
}

function rungTurn(core: Core, input: TurnInput): Turned {
  const step = core.steps[core.at]
  if (!step || !isRung(step.kind)) return failedBack(core, input.nowMs, 'no rung is left')
  switch (step.state) {
    case 'pending':
      return beginRung(core, step, step.kind, input)
    case 'applying':
    case 'unknown':
      return onRung(core, step, step.kind, input)
    default:
      return fixed(core)
  }
}

/** The last rung takes the service offline: by itself only where running is worse than not running. */
function mayBegin(core: Core, rung: Rung): boolean {
  if (rung !== 'zero') return true
  const kind = core.back?.cause.kind
  return kind === 'corruption' || kind === 'security'
}

function beginRung(core: Core, step: Step, rung: Rung, input: TurnInput): Turned {
  const { nowMs, look, policy } = input
  if (core.state === 'rollback_failed' && step.accepted === null) return fixed(core)
  if (!mayBegin(core, rung) && step.accepted === null)
    return core.state === 'rollback_failed'
      ? fixed(core)
      : failedBack(core, nowMs, 'the rungs that go by themselves did not help')
  const began = step.beganMs ?? nowMs
  const boxMs = step.boxMs ?? began + boxSeconds(policy, rung) * 1_000
  // A look comes first, but the way back does not wait for eyes: half of its time, then it goes on without.
  if (look?.kind !== 'seen' && nowMs < began + 10_000) return fixed(replaced(core, { beganMs: began, boxMs }))
  if (look?.kind === 'seen' && look.reached)
    return leaveRung(replaced(core, { beganMs: began }), step, rung, nowMs, null)
  const begun = replaced(core, {
    state: 'applying',
    attempt: 1,
    beganMs: began,
    boxMs,
    sent: { atMs: nowMs, outcome: null, detail: '' },
  })
  return {
    core: begun,
    decision: {
      verb: 'next-rung',
      key: `rung:${core.at}`,
      sentence: `On the way back: ${RUNG_WORDS[rung]}.`,
      trace: [],
    },
    send: desiredOf(begun),
  }
}

function onRung(core: Core, step: Step, rung: Rung, { nowMs, look, settleMs }: TurnInput): Turned {
  if (look?.kind === 'seen' && look.reached) return leaveRung(core, step, rung, nowMs, null)
  const isHopeless = step.sent?.outcome === 'refused' && step.attempt >= 2
  if (isHopeless) return leaveRung(core, step, rung, nowMs, step.sent?.detail ?? 'refused')
  if (step.boxMs !== null && nowMs >= step.boxMs)
    return leaveRung(
      core,
      step,
      rung,
      nowMs,
      look?.kind === 'seen' ? `not there in time: ${look.detail}` : 'nobody could see it in time',
    )
  if (look?.kind !== 'seen' || !mayAskAgain(step, nowMs, settleMs)) return fixed(core)
  const again = replaced(core, {
    attempt: step.attempt + 1,
    sent: { atMs: nowMs, outcome: null, detail: '' },
  })
  const decision: Decision = {
    verb: 'retry',
    key: `retry:${core.at}:${step.attempt + 1}`,
    sentence: `${RUNG_WORDS[rung]}: not there, and nothing is on its way, so it is asked again.`,
    trace: [],
  }
  return { core: again, decision, send: desiredOf(again) }
}

/** A rung that was reached is left only for the next one: whether it was enough is asked before. */
function leaveRung(core: Core, step: Step, rung: Rung, nowMs: number, why: string | null): Turned {
  const trace: readonly GateLine[] = []
  const ended = replaced(core, {
    state: why === null ? 'passed' : 'failed',
    endedMs: nowMs,
    detail: why ?? 'reached',
  })
  const sentence =
    why === null
      ? `${RUNG_WORDS[rung]}: done, and it was not enough.`
      : `${RUNG_WORDS[rung]}: ${why}. Going on to the next rung.`
  if (rung === 'zero' && why === null)
    return failedBack({ ...ended, at: core.at }, nowMs, 'the service is scaled to zero and offline')
  return {
    core: { ...ended, at: core.at + 1 },
    decision: { verb: 'next-rung', key: `left:${core.at}:${step.attempt}`, sentence, trace },
    send: null,
  }
}
