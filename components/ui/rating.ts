import type { Rating } from '@/lib/health/model'

/** RATING_WORDS name each rating on screen. */
export const RATING_WORDS: Readonly<Record<Rating, string>> = {
  clear: 'Clear',
  warning: 'Warning',
  breach: 'Breach',
  unknown: 'Unknown',
  stale: 'Stale',
}

/** RATING_TEXT gives the text colour class of each rating. */
export const RATING_TEXT: Readonly<Record<Rating, string>> = {
  clear: 'text-ok',
  warning: 'text-warn',
  breach: 'text-breach',
  unknown: 'text-unknown',
  stale: 'text-stale',
}

const URGENCY: Readonly<Record<Rating, number>> = { breach: 0, warning: 1, unknown: 2, stale: 3, clear: 4 }

/** byUrgency orders ratings worst first: breach, warning, unknown, stale, clear. */
export function byUrgency(a: Rating, b: Rating): number {
  return URGENCY[a] - URGENCY[b]
}
