import { nameOf, type Plan } from '../deployments/model'
import { type Core, isOver } from './model'
import type { Decision } from './motion'
import { exposedPercent } from './motion'
import type { RolloutPolicy } from './policy'

/** Slot is one announcement that a rollout owes: its key never comes twice. */
export type Slot = {
  readonly slot: string
  readonly kind: 'lead' | 'start' | 'step' | 'beat' | 'problem' | 'back' | 'back-beat' | 'final'
  readonly dueMs: number
}

/** NoticeState is what slots are worked out from. */
export type NoticeState = {
  readonly core: Core
  readonly policy: RolloutPolicy
  readonly announcedMs: number | null
}

const MINUTE_MS = 60_000

/** slotsDue gives every announcement that was due until `nowMs`: the lead, the start, each step, the heartbeats of both directions, the end. */
export function slotsDue({ core, policy, announcedMs }: NoticeState, nowMs: number): readonly Slot[] {
  const slots: Slot[] = []
  if (announcedMs !== null) slots.push({ slot: 'lead', kind: 'lead', dueMs: announcedMs })
  slots.push({ slot: 'start', kind: 'start', dueMs: core.startedMs })
  for (const [index, step] of core.steps.entries())
    if (step.kind !== 'finish' && step.observedMs !== null)
      slots.push({ slot: `step-${index}`, kind: 'step', dueMs: step.observedMs })
  if (core.pause)
    slots.push({ slot: `pause-${core.pause.sinceMs}`, kind: 'problem', dueMs: core.pause.sinceMs })
  const endMs = isOver(core.state) ? core.sinceMs : nowMs
  const turnMs = core.back?.decidedMs ?? endMs
  for (
    let at = 1;
    core.startedMs + at * policy.announce.heartbeatMinutes * MINUTE_MS < Math.min(turnMs, endMs);
    at += 1
  )
    slots.push({
      slot: `beat-${at}`,
      kind: 'beat',
      dueMs: core.startedMs + at * policy.announce.heartbeatMinutes * MINUTE_MS,
    })
  if (core.back) {
    slots.push({ slot: 'back', kind: 'back', dueMs: core.back.decidedMs })
    for (let at = 1; turnMs + at * policy.announce.rollbackMinutes * MINUTE_MS < endMs; at += 1)
      slots.push({
        slot: `back-${at}`,
        kind: 'back-beat',
        dueMs: turnMs + at * policy.announce.rollbackMinutes * MINUTE_MS,
      })
  }
  if (isOver(core.state) || core.state === 'rollback_failed')
    slots.push({ slot: `final-${core.state}`, kind: 'final', dueMs: core.sinceMs })
  return slots.filter(({ dueMs }) => dueMs <= nowMs)
}

/** nextBeatMs is when the next heartbeat is owed; null when the rollout is over. */
export function nextBeatMs({ core, policy }: NoticeState, nowMs: number): number | null {
  if (isOver(core.state)) return null
  const from = core.back?.decidedMs ?? core.startedMs
  const everyMs = (core.back ? policy.announce.rollbackMinutes : policy.announce.heartbeatMinutes) * MINUTE_MS
  return from + (Math.floor((nowMs - from) / everyMs) + 1) * everyMs
}

/** Told is what an announcement is made of. */
export type Told = {
  readonly number: number
  readonly plan: Pick<Plan, 'service' | 'environment' | 'artifacts' | 'rollback'>
  readonly core: Core
  readonly decision: Pick<Decision, 'sentence'> | null
}

/** textOf writes an announcement: what it is about, how it stands, what comes next. */
export function textOf({ kind }: Pick<Slot, 'kind'>, { number, plan, core, decision }: Told): string {
  const tag = plan.artifacts[0]?.tag ?? ''
  const name = `${nameOf(number)} ${plan.service} ${tag} to ${plan.environment}`
  const step = core.steps[core.at]
  const share = step?.exposurePercent ?? exposedPercent(core)
  switch (kind) {
    case 'lead':
      return `${name} is announced. An engineer is at hand, the way back is ${plan.rollback.tag}.`
    case 'start':
      return `${name} begins.`
    case 'step':
      return `${name}: ${share} % of what serves runs the new version.`
    case 'beat':
      return `${name}: ${share} % runs the new version. ${decision?.sentence ?? ''}`.trim()
    case 'problem':
      return `${name} is paused: ${core.pause?.words ?? ''}`
    case 'back':
      return `${name} goes back to ${plan.rollback.tag}: ${core.back?.cause.words ?? ''}`
    case 'back-beat':
      return `${name} is still going back: ${decision?.sentence ?? 'the next rung is under way.'}`
    case 'final':
      return finalText(name, plan.rollback.tag, core)
  }
}

function finalText(name: string, before: string, core: Core): string {
  switch (core.state) {
    case 'succeeded':
      return `${name} succeeded: it held through its watch.`
    case 'rolled_back':
      return core.back?.isByFigures === false
        ? `${name} was rolled back to ${before}. It runs everywhere; its figures could not prove it.`
        : `${name} was rolled back to ${before} and is stable.`
    case 'rollback_failed':
      return `${name}: the way back failed. Somebody is needed at once.`
    default:
      return `${name} ended before anybody met it.`
  }
}
