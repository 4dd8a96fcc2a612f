import ipaddr from 'ipaddr.js'
import type pg from 'pg'
import { sha256Hex } from '../platform/crypto'

/** ThrottleKind is what failed sign-ins are counted by. */
export type ThrottleKind = 'account' | 'network' | 'device'

/** ThrottleKey names one counter; `limit` failures within the window are free of delay. */
export type ThrottleKey = { readonly key: string; readonly limit: number }

const WINDOW_MS = 15 * 60_000
const LIMITS: Readonly<Record<ThrottleKind, number>> = { account: 5, network: 30, device: 5 }

/** The delay doubles per failure past the limit and stops at half a minute: it slows guessing and never locks out. */
const MAX_DELAY_SECONDS = 30

/** throttleKey makes the counter of an account, a network or a known browser; names are kept as digests only. */
export function throttleKey(kind: ThrottleKind, value: string): ThrottleKey {
  return { key: `${kind}:${sha256Hex(value.trim().toLowerCase()).slice(0, 32)}`, limit: LIMITS[kind] }
}

/** networkOf gives the /24 (IPv4) or /64 (IPv6) that an address belongs to; `unknown` for anything else. */
export function networkOf(address: string | null | undefined): string {
  const first = address?.split(',')[0]?.trim() ?? ''
  if (!ipaddr.isValid(first)) return 'unknown'
  const parsed = ipaddr.process(first)
  const bits = parsed.kind() === 'ipv4' ? 24 : 64
  const bytes = parsed.toByteArray().map((byte, at) => (at * 8 < bits ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`
}

const TAKE = `INSERT INTO login_throttle AS t (key, failures, window_at) VALUES ($1, 1, $2)
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN t.window_at <= $3 THEN 1 ELSE t.failures + 1 END,
    window_at = CASE WHEN t.window_at <= $3 THEN $2 ELSE t.window_at END,
    blocked_until = CASE WHEN t.window_at <= $3 OR t.failures + 1 < $4 THEN NULL
      ELSE $2::timestamptz + make_interval(secs => LEAST($5, power(2, LEAST(t.failures + 1 - $4, 10)))) END
  WHERE t.window_at <= $3 OR t.blocked_until IS NULL OR t.blocked_until <= $2
  RETURNING failures`

/**
 * takeAttempt counts an attempt as failed before it is tried, in one statement, so that a hundred at once cannot all
 * slip past the limit. Answers how many seconds to wait; 0 means go ahead, and `settleAttempt` if it succeeds.
 */
export async function takeAttempt(pool: pg.Pool, throttle: ThrottleKey, now: Date): Promise<number> {
  const windowStart = new Date(now.getTime() - WINDOW_MS)
  const { rowCount } = await pool.query(TAKE, [
    throttle.key,
    now,
    windowStart,
    throttle.limit,
    MAX_DELAY_SECONDS,
  ])
  if (rowCount === 1) return 0
  const { rows } = await pool.query<{ until: Date | null }>(
    'SELECT blocked_until AS until FROM login_throttle WHERE key = $1',
    [throttle.key],
  )
  const untilMs = rows[0]?.until?.getTime() ?? now.getTime()
  return Math.max(1, Math.ceil((untilMs - now.getTime()) / 1_000))
}

/** settleAttempt takes back the failure that `takeAttempt` counted; an account's whole count is forgotten. */
export async function settleAttempt(pool: pg.Pool, throttle: ThrottleKey, now: Date): Promise<void> {
  if (throttle.key.startsWith('network:')) {
    await pool.query('UPDATE login_throttle SET failures = GREATEST(failures - 1, 0) WHERE key = $1', [
      throttle.key,
    ])
    return
  }
  await pool.query('DELETE FROM login_throttle WHERE key = $1 OR window_at <= $2', [
    throttle.key,
    new Date(now.getTime() - WINDOW_MS),
  ])
}
