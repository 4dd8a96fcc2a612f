import type { Verdict } from '../model'
import { xidClause, xidLeaf, xidWeight } from './xid-catalogue'

/**
 * xidVerdict judges the latched XID gauge: `appearedAt` is when we saw the code come (undefined: it stood there
 * at our first look), `watchedSince` when we first saw it. Undefined means no finding. Instants are epoch ms.
 */
export function xidVerdict(input: {
  readonly code: number | undefined
  readonly appearedAt: number | undefined
  readonly watchedSince: number
  readonly nowMs: number
  readonly freshMs: number
}): Verdict | undefined {
  const { code, appearedAt, watchedSince, nowMs, freshMs } = input
  if (code === undefined || code === 0) return undefined
  const weight = xidWeight(code)
  if (weight === 'info') return undefined
  if (appearedAt === undefined) {
    const watchedLong = nowMs - watchedSince > freshMs
    return watchedLong && weight === 'application' ? undefined : cached(code, 'latched')
  }
  if (nowMs - appearedAt <= freshMs) return cached(code, 'fresh')
  return weight === 'application' ? undefined : cached(code, 'standing')
}

type Age = 'fresh' | 'standing' | 'latched'

const CODE_PATH = 'Look at the program that ran on it; do not replace the card.'
const DRAIN = 'Drain the host, keep the evidence, rent elsewhere, report the machine.'

// The gauge shows at most one of some hundred codes in three ages: the cache is bounded and makes verdicts shared.
const CACHE = new Map<string, Verdict>()

function cached(code: number, age: Age): Verdict {
  const key = `${age}:${code}`
  const found = CACHE.get(key)
  if (found) return found
  const verdict = wordsOf(code, age)
  if (CACHE.size < 2_000) CACHE.set(key, verdict)
  return verdict
}

function wordsOf(code: number, age: Age): Verdict {
  const weight = xidWeight(code)
  const name = xidClause(code)
  if (age === 'latched') {
    return {
      rating: 'warning',
      code: 'xid.latched',
      reason: `XID ${code}: ${name}. It stood there at our first look: old or new is unknown`,
      action:
        weight === 'application' ? CODE_PATH : "Read the host's log for its time, or recycle the instance.",
    }
  }
  const standing = age === 'standing' ? '. Not reset since' : ''
  const leaf = xidLeaf(code)
  switch (weight) {
    case 'hardware':
      return { rating: 'breach', code: leaf, reason: `XID ${code}: ${name}${standing}`, action: DRAIN }
    case 'application':
      return {
        rating: 'warning',
        code: leaf,
        reason: `XID ${code}: ${name}; the card itself is well`,
        action: CODE_PATH,
      }
    default:
      return {
        rating: 'warning',
        code: leaf,
        reason: `XID ${code}: ${name}${standing}`,
        action: 'Watch it; drain and replace if it repeats.',
      }
  }
}
