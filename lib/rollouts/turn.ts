import type { Look } from '../deployers/deployer'
import { backTurn } from './back'
import { forwardTurn } from './forward'
import { stepRequests } from './gate'
import { type Core, isOver } from './model'
import { replaced, type Turned, type TurnInput, WATCHED } from './motion'
import { foldTicks, isBlind } from './triggers'

/** turn moves a rollout by at most one transition; triggers are folded first, and the way back is asked before anything else. */
export function turn(before: Core, input: TurnInput): Turned {
  if (isOver(before.state)) return { core: before, decision: null, send: null }
  const core = seen(folded(before, input), input.look)
  const turned = core.back ? backTurn(core, input) : forwardTurn(core, input)
  const { decision } = turned
  if (!decision) return turned
  if (decision.key === before.last) return { ...turned, decision: null }
  return { ...turned, core: { ...turned.core, last: decision.key } }
}

function folded(core: Core, { ticks, policy }: TurnInput): Core {
  const fresh = ticks.filter((tick) => tick.atMs > core.lastTickMs)
  if (fresh.length === 0) return core
  let { lostSinceMs } = core
  let at = { triggers: core.triggers, recent: core.recent }
  for (const tick of fresh) {
    at = foldTicks(policy, at, [tick])
    lostSinceMs = isBlind(policy, at.recent) ? (lostSinceMs ?? tick.atMs) : null
  }
  const step = core.steps[core.at]
  const counted =
    step && step.observedMs !== null
      ? replaced(core, { requests: step.requests + stepRequests(fresh, WATCHED, step.observedMs) })
      : core
  return { ...counted, ...at, lostSinceMs, lastTickMs: fresh.at(-1)?.atMs ?? core.lastTickMs }
}

function seen(core: Core, look: Look | null): Core {
  if (look?.kind !== 'seen') return core
  const { exposurePercent, achievablePercent } = look
  return replaced(core, { exposurePercent, achievablePercent })
}
