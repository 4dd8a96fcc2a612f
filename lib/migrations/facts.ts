import type { Gate, Phase, Slot } from './model'
import type { Inventory, Rollback } from './shapes'
import type { GateVerdict } from './traffic-gate'

/** Tally is how many of something there were, and how many of them were wrong. */
export type Tally = { readonly requests: number; readonly wrong: number }

/** PartFact is one kind of record on its way. */
export type PartFact = { readonly name: string; readonly state: string }

/** Facts is everything that guards ask about; what nobody reported is null. */
export type Facts = {
  readonly inventory: Inventory | null
  /** open holds how many items of a phase's checklist are not done. */
  readonly open: Readonly<Record<Phase, number>>
  readonly approved: Readonly<Record<Gate, readonly Slot[]>>
  readonly flag: { readonly isOn: boolean; readonly percent: number }
  readonly contract: { readonly passed: number; readonly failed: number } | null
  /** writes since the state began: how many, how many differed, when the first and the last came and the last differed. */
  readonly writes:
    | (Tally & {
        readonly firstAtMs: number
        readonly lastAtMs: number
        readonly wrongAtMs: number | null
      })
    | null
  readonly parts: readonly PartFact[]
  readonly quarantined: number
  readonly report: { readonly verdict: string; readonly atMs: number } | null
  /** dataChangedAtMs is when a part or a row of quarantine last changed: an older report is of other data. */
  readonly dataChangedAtMs: number
  readonly noise: Tally | null
  readonly compared: Tally | null
  readonly gate: GateVerdict | null
  /** reverse is how far reverse sync was behind when it was last told. */
  readonly reverse: { readonly lagSeconds: number; readonly atMs: number } | null
  /** restoredAtMs is when a restore of the backup was rehearsed. */
  readonly restoredAtMs: number | null
  /** oldSeenAtMs is when the old side was last asked for anything. */
  readonly oldSeenAtMs: number | null
  /** oldToldAtMs is when somebody last counted its requests, also none. */
  readonly oldToldAtMs: number | null
  readonly rollback: Rollback | null
  readonly stateSinceMs: number
}

/** percentOf is the share that was wrong; 0 while nothing was counted. */
export function percentOf({ requests, wrong }: Tally): number {
  return requests === 0 ? 0 : (wrong / requests) * 100
}

/** noisePercent is how often the old side differs from itself; 0 while it was not measured. */
export function noisePercent(noise: Tally | null): number {
  return noise === null ? 0 : percentOf(noise)
}
