/** StoredAlert is an episode as the database holds it; `number` is the bench's own label. */
export type StoredAlert = {
  readonly number: number
  readonly status: string
  readonly seen: number
  readonly startsAt: Date
}

/** Stored is what the database holds against what was sent. */
export type Stored = {
  readonly episodes: number
  readonly missing: number
  readonly surplus: number
  readonly wrongState: number
  readonly uncounted: number
  readonly countedTwice: number
  readonly firing: number
}

/** Expected is what was sent: the alerts, which of them ended, and how often each was tried and acknowledged. */
export type Expected = {
  readonly alerts: readonly { readonly startsAt: string }[]
  readonly plan: { readonly resolved: ReadonlySet<number> }
  readonly sent: { readonly attempts: ArrayLike<number>; readonly acknowledged: ArrayLike<number> }
}

/**
 * judgeStored compares episodes with what was sent. A delivery whose answer was lost may count or not; one that was
 * acknowledged counts, and nothing counts more often than it was sent.
 */
export function judgeStored(rows: readonly StoredAlert[], { alerts, plan, sent }: Expected): Stored {
  const found = new Map<number, StoredAlert>()
  let surplus = 0
  for (const row of rows) {
    const isKnown = alerts[row.number]?.startsAt === row.startsAt.toISOString()
    if (!isKnown || found.has(row.number)) surplus += 1
    else found.set(row.number, row)
  }
  const all = [...found.values()]
  const count = (holds: (row: StoredAlert) => boolean): number => all.filter(holds).length
  return {
    episodes: rows.length,
    missing: alerts.length - found.size,
    surplus,
    wrongState: count((row) => (row.status === 'resolved') !== plan.resolved.has(row.number)),
    uncounted: count((row) => row.seen < (sent.acknowledged[row.number] ?? 0)),
    countedTwice: count((row) => row.seen > (sent.attempts[row.number] ?? 0)),
    firing: alerts.length - plan.resolved.size,
  }
}
