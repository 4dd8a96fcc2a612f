import { neverSent } from '../platform/http-failure'
import type { HttpFailure } from '../platform/http-types'
import type { Problem, Reconciled, Sent } from './channel'

/** SEND_DEADLINE_MS bounds one request that sends; the lease of a sending is longer. */
export const SEND_DEADLINE_MS = 5_000

/** LOOK_DEADLINE_MS bounds one request that only looks. */
export const LOOK_DEADLINE_MS = 5_000

/** said is a failure under a code that stays the same. */
export function said(failure: HttpFailure): Problem {
  return {
    code: failure.cause ?? (failure.status === undefined ? failure.why : `http-${failure.status}`),
    text: failure.detail,
  }
}

/**
 * sentOf says what a failed request means whatever the target is; undefined where only the target's own words tell (4xx).
 * What may have arrived is unknown: no answer in time, a broken connection, 5xx, an answer that can't be read.
 */
export function sentOf(failure: HttpFailure): Sent | undefined {
  const problem = said(failure)
  if (failure.cause === 'blocked') return { kind: 'down', ...problem }
  if (neverSent(failure)) return { kind: 'not-accepted', afterMs: undefined, isLane: false, ...problem }
  if (failure.why === 'rate_limited')
    return { kind: 'not-accepted', afterMs: failure.retryAfterMs, isLane: true, ...problem }
  const { status } = failure
  const isOwnWord = status !== undefined && status >= 300 && status < 500 && status !== 408
  return isOwnWord ? undefined : { kind: 'unknown', ...problem }
}

/** lookOf says what a failed look means: nothing about the message, only that one has to look again. */
export function lookOf(failure: HttpFailure): Reconciled {
  const problem = said(failure)
  if (failure.status === 401 || failure.status === 403) return { kind: 'down', ...problem }
  return { kind: 'not-now', afterMs: failure.retryAfterMs, ...problem }
}

/** objectOf narrows an answer's JSON to an object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>) : {}
}

/** listOf narrows a value to a list of objects. */
export function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

/** textOf narrows a value to a text, empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** joined puts a path behind a base address. */
export function joined(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`
}
