/** SESSION_LIMITS: how long a session lives without use and at most, and how often its use is written down. */
export const SESSION_LIMITS = { idleMs: 60 * 60_000, absoluteMs: 12 * 60 * 60_000, touchMs: 60_000 } as const

/** SessionTimes are the instants of one session row that decide whether it lives. */
export type SessionTimes = {
  readonly lastSeenAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly disabledAt: Date | null
}

/** SessionState is `live`, or why a session no longer is. */
export type SessionState = 'live' | 'disabled' | 'revoked' | 'expired' | 'idle'

/** sessionState judges one session at `now`; a disabled person outranks every other reason. */
export function sessionState(times: SessionTimes, now: Date): SessionState {
  if (times.disabledAt) return 'disabled'
  if (times.revokedAt) return 'revoked'
  if (now.getTime() >= times.expiresAt.getTime()) return 'expired'
  if (now.getTime() - times.lastSeenAt.getTime() >= SESSION_LIMITS.idleMs) return 'idle'
  return 'live'
}

/** isTouchDue tells whether the use of a session at `now` should be written (at most once a minute). */
export function isTouchDue(lastSeenAt: Date, now: Date): boolean {
  return now.getTime() - lastSeenAt.getTime() >= SESSION_LIMITS.touchMs
}
