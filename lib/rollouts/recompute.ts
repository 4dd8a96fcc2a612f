import type { Look } from '../deployers/deployer'
import type { Core, Tick } from './model'
import type { Decision, Deny } from './motion'
import { type Order, type OrderBy, order } from './orders'
import type { RolloutPolicy } from './policy'
import { turn } from './turn'

type OfEngine = {
  readonly nowMs: number
  readonly core: Core
  readonly look: Look | null
  readonly ticks: readonly Tick[]
  readonly denies: readonly Deny[]
  readonly settleMs: number
  readonly environment: 'staging' | 'production'
}

type OfPerson = { readonly order: Order; readonly by: OrderBy; readonly core: Core; readonly nowMs: number }

/** recomputed judges stored inputs once more with the code that judges live; undefined for a decision without inputs. */
export function recomputed(inputs: unknown, policy: RolloutPolicy): Decision | undefined {
  if (typeof inputs !== 'object' || inputs === null) return undefined
  if ('order' in inputs) {
    const { order: asked, by, core, nowMs } = inputs as OfPerson
    const ordered = order(core, asked, { by, nowMs, policy })
    return ordered.ok ? (ordered.turned.decision ?? undefined) : undefined
  }
  const { core, ...input } = inputs as OfEngine
  return turn(core, { ...input, policy }).decision ?? undefined
}
