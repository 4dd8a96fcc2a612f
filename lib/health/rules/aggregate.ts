import type { Rating, Verdict } from '../model'

const WEIGHT: Readonly<Record<Rating, number>> = { clear: 0, stale: 1, unknown: 2, warning: 3, breach: 4 }

/** NOTHING_TO_JUDGE is the worst of no verdicts: no evidence is not health. */
export const NOTHING_TO_JUDGE: Verdict = {
  rating: 'unknown',
  code: 'aggregate.empty',
  reason: 'Nothing to judge',
}

/** worst picks the verdict that speaks for all: known trouble first, then what is unread, and clear only if every member is. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict | undefined
  for (const verdict of verdicts) {
    if (!found || WEIGHT[verdict.rating] > WEIGHT[found.rating]) found = verdict
  }
  return found ?? NOTHING_TO_JUDGE
}
