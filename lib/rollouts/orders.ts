import { nextRung } from './back'
import { EXCUSABLE } from './forward'
import { type Cause, type Core, isOver, RUNG_WORDS, type Step } from './model'
import { beginsBack, type Decision, exposedPercent, replaced, type Turned } from './motion'
import type { RolloutPolicy } from './policy'
import { firing, pending } from './triggers'

/** Order is what a person may ask of a rollout. */
export type Order =
  | { readonly verb: 'pause'; readonly reason: string }
  | { readonly verb: 'resume'; readonly reason: string }
  | { readonly verb: 'promote'; readonly reason: string }
  | { readonly verb: 'abort'; readonly reason: string }
  | {
      readonly verb: 'roll-back'
      readonly reason: string
      readonly cause: 'person' | 'corruption' | 'security'
    }
  | { readonly verb: 'extend'; readonly minutes: number; readonly reason: string }
  | { readonly verb: 'accept'; readonly reason: string }
  | { readonly verb: 'next-rung'; readonly reason: string }
  | { readonly verb: 'resolve'; readonly reason: string }

/** OrderBy is who asks: accepting doubt is not for the person who wanted the rollout. */
export type OrderBy = { readonly handle: string; readonly isRequester: boolean }

/** Ordered is the rollout after an order, or why it can’t be done now and what can. */
export type Ordered =
  | { readonly ok: true; readonly turned: Turned }
  | { readonly ok: false; readonly why: string }

/** order carries out what a person asked; going back is possible in every state that is not over. */
export function order(
  core: Core,
  asked: Order,
  { by, nowMs, policy }: { readonly by: OrderBy; readonly nowMs: number; readonly policy: RolloutPolicy },
): Ordered {
  if (isOver(core.state)) return no('This rollout is over.')
  switch (asked.verb) {
    case 'pause':
      return pause(core, asked.reason, by, nowMs)
    case 'resume':
      return resume(core, asked.reason, by, nowMs, policy)
    case 'promote':
      return promote(core, asked.reason, by, nowMs, policy)
    case 'abort':
    case 'roll-back':
      return goBack(core, asked, by, nowMs)
    case 'extend':
      return extend(core, asked, by, nowMs)
    case 'accept':
      return accept(core, asked.reason, by, nowMs, policy)
    case 'next-rung':
      return takeRung(core, asked.reason, by, nowMs)
    case 'resolve':
      return resolve(core, asked.reason, by, nowMs)
  }
}

function no(why: string): Ordered {
  return { ok: false, why }
}

function yes(core: Core, verb: Decision['verb'], sentence: string, nowMs: number): Ordered {
  const decision = { verb, key: `${verb}:person:${nowMs}`, sentence, trace: [] }
  return { ok: true, turned: { core: { ...core, last: decision.key }, decision, send: null } }
}

function pause(core: Core, reason: string, by: OrderBy, nowMs: number): Ordered {
  if (core.state !== 'progressing' && core.state !== 'baking')
    return no('It is not going forward, so there is nothing to pause.')
  const words = `${by.handle}: ${reason}`
  const stopped: Core = {
    ...core,
    state: 'paused',
    sinceMs: nowMs,
    pause: { reason: 'person', key: 'person', words, sinceMs: nowMs, from: core.state, decideByMs: null },
  }
  return yes(stopped, 'pause', `Paused by ${words}`, nowMs)
}

function resume(core: Core, reason: string, by: OrderBy, nowMs: number, policy: RolloutPolicy): Ordered {
  const { pause: held } = core
  if (!held) return no('It is not paused.')
  if (firing(policy, core.triggers, 'rollback').length > 0) return no('A trigger is firing: it goes back.')
  const isDoubt = held.reason !== 'person'
  if (isDoubt && by.isRequester)
    return no('Whoever asked for the deployment can’t take this on them: somebody else resumes it.')
  // What was accepted is not raised again for the same cause.
  const waived = isDoubt ? [...core.waived, held.key] : core.waived
  const going: Core = { ...core, state: held.from, sinceMs: nowMs, pause: null, waived }
  return yes(going, 'resume', `Resumed by ${by.handle}: ${reason}`, nowMs)
}

function promote(core: Core, reason: string, by: OrderBy, nowMs: number, policy: RolloutPolicy): Ordered {
  const step = core.steps[core.at]
  if (core.state !== 'progressing' || step?.kind !== 'expose' || step.state !== 'observing')
    return no('There is no step under watch that could be cut short.')
  const waiting = blockers(core, policy)
  if (waiting) return no(waiting)
  const shortened = replaced(core, { dueMs: nowMs })
  return yes(
    shortened,
    'watch',
    `${by.handle} cuts the watch short: ${reason}. The gate is asked now.`,
    nowMs,
  )
}

function blockers(core: Core, policy: RolloutPolicy): string | undefined {
  const held = [...firing(policy, core.triggers, 'hold'), ...pending(policy, core.triggers)]
  if (held.length === 0) return undefined
  return `It waits for the trigger ${held.map(({ signal, track }) => `${signal} (${track})`).join(', ')}: a breach that is under way decides first.`
}

function goBack(
  core: Core,
  asked: Extract<Order, { verb: 'abort' | 'roll-back' }>,
  by: OrderBy,
  nowMs: number,
): Ordered {
  if (core.back) return no('It is on its way back already.')
  const kind: Cause['kind'] = asked.verb === 'roll-back' ? asked.cause : 'person'
  const words = `${by.handle}: ${asked.reason}`
  if (exposedPercent(core) > 0)
    return { ok: true, turned: beginsBack(core, { kind, words, by: by.handle }, nowMs) }
  const steps = core.steps.map((step): Step => ({ ...step, state: 'aborted', endedMs: nowMs }))
  return yes(
    { ...core, state: 'cancelled', sinceMs: nowMs, pause: null, steps },
    'cancel',
    `Cancelled before anybody met it, by ${words}`,
    nowMs,
  )
}

function extend(core: Core, asked: Extract<Order, { verb: 'extend' }>, by: OrderBy, nowMs: number): Ordered {
  const step = core.steps[core.at]
  if (core.back || (step?.state !== 'holding' && step?.state !== 'inconclusive'))
    return no('Only a step that waits at its gate can be extended.')
  const until = nowMs + asked.minutes * 60_000
  const extended = replaced(core, { state: 'holding', extendedUntilMs: until })
  return yes(extended, 'hold', `${by.handle} gives it ${asked.minutes} more minutes: ${asked.reason}`, nowMs)
}

function accept(core: Core, reason: string, by: OrderBy, nowMs: number, policy: RolloutPolicy): Ordered {
  const step = core.steps[core.at]
  if (core.back || (step?.state !== 'holding' && step?.state !== 'inconclusive'))
    return no('Only a step that waits at its gate can be accepted.')
  if (by.isRequester)
    return no('Whoever asked for the deployment can’t accept its doubt: somebody else does.')
  const waiting = blockers(core, policy)
  if (waiting) return no(waiting)
  if (!step.holdReason || !EXCUSABLE.has(step.holdReason))
    return no('What it waits for is no doubt that could be accepted.')
  const taken = replaced(core, { accepted: { by: by.handle, reason, atMs: nowMs, doubt: step.holdReason } })
  return yes(taken, 'hold', `${by.handle} accepts the doubt: ${reason}`, nowMs)
}

function takeRung(core: Core, reason: string, by: OrderBy, nowMs: number): Ordered {
  if (core.state !== 'rollback_failed') return no('The way back goes on by itself.')
  const here = core.steps[core.at]
  const at = here?.state === 'pending' ? core.at : core.at + 1
  const rung = core.steps[at]
  if (rung?.state !== 'pending') return no('No rung is left: it needs hands on the target.')
  const steps = core.steps.map(
    (step, index): Step =>
      index === at ? { ...step, accepted: { by: by.handle, reason, atMs: nowMs, doubt: null } } : step,
  )
  const kind = nextRung({ ...core, at: at - 1 }) ?? 'restart'
  return yes({ ...core, steps, at }, 'next-rung', `${by.handle}: ${RUNG_WORDS[kind]} (${reason})`, nowMs)
}

function resolve(core: Core, reason: string, by: OrderBy, nowMs: number): Ordered {
  if (core.state !== 'rollback_failed' || !core.back)
    return no('Only a way back that failed is resolved by hand.')
  if (by.isRequester) return no('Whoever asked for the deployment can’t close it: somebody else looks.')
  const back = { ...core.back, doneMs: nowMs, isByFigures: false }
  return yes(
    { ...core, state: 'rolled_back', sinceMs: nowMs, back },
    'rolled-back',
    `${by.handle} says that the stable version runs: ${reason}`,
    nowMs,
  )
}
