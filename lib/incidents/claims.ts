import { claimedTime } from '../alerts/claimed-time'

const SKEW_MS = 2 * 60_000
const BELIEVED_SINCE_MS = Date.UTC(2000, 0, 1)

/** Doubt is why a claimed time can't be taken as it is: in the future, before 2000, or not a time at all. */
export type Doubt = 'future' | 'ancient' | 'unreadable'

/** Claim is what a writer's own time is worth: `occurredAtMs` (epoch milliseconds) is believed, `raw` is what was said. */
export type Claim = {
  readonly raw: string | undefined
  readonly occurredAtMs: number
  readonly doubt: Doubt | undefined
}

/**
 * claimOf judges a claimed time by the moment of reception. Without a claim, or with one that can't be believed, the
 * time of reception counts; the raw text is kept in any case. More than 2 min ahead is the future.
 */
export function claimOf(raw: string | undefined, receivedAtMs: number): Claim {
  if (raw === undefined) return { raw, occurredAtMs: receivedAtMs, doubt: undefined }
  const claimed = claimedTime(raw)?.at.getTime()
  if (claimed === undefined) return { raw, occurredAtMs: receivedAtMs, doubt: 'unreadable' }
  if (claimed > receivedAtMs + SKEW_MS) return { raw, occurredAtMs: receivedAtMs, doubt: 'future' }
  if (claimed < BELIEVED_SINCE_MS) return { raw, occurredAtMs: receivedAtMs, doubt: 'ancient' }
  return { raw, occurredAtMs: claimed, doubt: undefined }
}

/** skewMsOf is how far a believed time lies from its reception, 0 within 2 min. */
export function skewMsOf(occurredAtMs: number, receivedAtMs: number): number {
  const skewMs = receivedAtMs - occurredAtMs
  return Math.abs(skewMs) > SKEW_MS ? skewMs : 0
}
