/** LookShare is what looks may use up of an allowance that others need too: one look in `everyMs` for all runs at `of`. */
export type LookShare = { readonly of: string; readonly everyMs: number }

/** LookBudget shares out the looks of one process. */
export type LookBudget = {
  /** take is whether a look may be taken now; what takes one counts against all runs of that share. */
  readonly take: (share: LookShare | undefined) => boolean
}

/** createLookBudget starts with every share free by a monotonic clock in ms; no share at all is never short. */
export function createLookBudget(monotonicMs: () => number): LookBudget {
  const freeAtMs = new Map<string, number>()
  return {
    take: (share) => {
      if (share === undefined) return true
      const nowMs = monotonicMs()
      if (nowMs < (freeAtMs.get(share.of) ?? -Infinity)) return false
      freeAtMs.set(share.of, nowMs + share.everyMs)
      return true
    },
  }
}
