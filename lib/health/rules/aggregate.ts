import type { Rating, Verdict } from '../model'

const WEIGHT: Readonly<Record<Rating, number>> = { clear: 0, stale: 1, unknown: 2, warning: 3, breach: 4 }

/** NOTHING_TO_JUDGE is the worst of no verdicts: no evidence is not health. */
export const NOTHING_TO_JUDGE: Verdict = {
  rating: 'unknown',
  code: 'aggregate.empty',
  reason: 'Nothing to judge',
}

/** isUnread tells ratings that say nothing about health. */
export function isUnread(rating: Rating): boolean {
  return rating === 'unknown' || rating === 'stale'
}

/** worse compares two ratings: positive when the left one speaks louder in an aggregate. */
export function worse(left: Rating, right: Rating): number {
  return WEIGHT[left] - WEIGHT[right]
}

/** worst picks the verdict that speaks for all: known trouble first, then what is unread, and clear only if every member is. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict | undefined
  for (const verdict of verdicts) {
    if (!found || worse(verdict.rating, found.rating) > 0) found = verdict
  }
  return found ?? NOTHING_TO_JUDGE
}
