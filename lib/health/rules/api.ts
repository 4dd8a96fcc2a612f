import type { Reading } from '../../sources/reading'
import type { ApiFigures, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import type { Board } from '../wire'
import { worst } from './aggregate'
import { unread, usable } from './evidence'
import { figureWords } from './words'

/** ApiKey names a figure of the provider's API as the board does. */
export type ApiKey = keyof Board['api']

/** API_KEYS lists the figures in screen order. */
export const API_KEYS: readonly ApiKey[] = [
  'serverErrors',
  'authErrors',
  'rateLimited',
  'errorRatio',
  'p95',
  'p99',
]

/** ApiRating is the verdict of each figure and of all together. */
export type ApiRating = {
  readonly figures: Readonly<Record<ApiKey, Verdict>>
  readonly overall: Verdict
}

/** ApiLimit is a figure's unit and its limits: `limit` is the breach, `warn` the warning where there is one. */
export type ApiLimit = { readonly unit: string; readonly limit: number; readonly warn?: number }

/** apiLimits gives unit and limits of every figure under this policy. */
export function apiLimits(policy: HealthPolicy): Readonly<Record<ApiKey, ApiLimit>> {
  const it = policy.api
  return {
    serverErrors: { unit: '/min', limit: it.serverErrorsBreachPerMinute },
    authErrors: { unit: '/min', limit: it.authErrorsBreachPerMinute },
    rateLimited: { unit: '/min', limit: it.rateLimitedBreachPerMinute },
    errorRatio: { unit: '%', limit: it.errorRatioBreachPercent, warn: it.errorRatioWarnPercent },
    p95: { unit: 'ms', limit: it.p95BreachMs, warn: it.p95WarnMs },
    p99: { unit: 'ms', limit: it.p99BreachMs },
  }
}

const API_TITLES: Readonly<Record<ApiKey, string>> = {
  serverErrors: '5xx',
  authErrors: '401, 403',
  rateLimited: '429',
  errorRatio: 'Error ratio',
  p95: 'p95',
  p99: 'p99',
}

/** apiReadings pairs every figure's name with its reading. */
export function apiReadings(api: ApiFigures): Readonly<Record<ApiKey, Reading<number>>> {
  return {
    serverErrors: api.serverErrorsPerMinute,
    authErrors: api.authErrorsPerMinute,
    rateLimited: api.rateLimitedPerMinute,
    errorRatio: api.errorRatioPercent,
    p95: api.latencyMsP95,
    p99: api.latencyMsP99,
  }
}

/** rateApi judges the integration's figures against the shipped alert rules; an unread or old figure is unknown. */
export function rateApi(input: {
  readonly api: ApiFigures
  readonly policy: HealthPolicy
  readonly now: Date
}): ApiRating {
  const limits = apiLimits(input.policy)
  const readings = apiReadings(input.api)
  const nowMs = input.now.getTime()
  const maxAgeMs = input.policy.freshness.metricsMaxAgeSeconds * 1000
  const rate = (key: ApiKey): Verdict =>
    rateFigure({ key, reading: readings[key], limit: limits[key], nowMs, maxAgeMs })
  const figures = {
    serverErrors: rate('serverErrors'),
    authErrors: rate('authErrors'),
    rateLimited: rate('rateLimited'),
    errorRatio: rate('errorRatio'),
    p95: rate('p95'),
    p99: rate('p99'),
  }
  return { figures, overall: worst(API_KEYS.map((key) => figures[key])) }
}

const CODES: Readonly<Record<ApiKey, string>> = {
  serverErrors: 'provider.errors',
  authErrors: 'account.auth-errors',
  rateLimited: 'quota.rate-limited',
  errorRatio: 'provider.error-ratio',
  p95: 'provider.latency-p95',
  p99: 'provider.latency',
}

const ACTIONS: Readonly<Record<ApiKey, string>> = {
  serverErrors: 'Switch the fallback on, tell users, watch the provider.',
  authErrors: "Check in the provider's dashboard whether the key was rotated.",
  rateLimited: 'Switch to queue mode and lengthen polling.',
  errorRatio: 'Look at which status code dominates.',
  p95: 'Compare with the provider page and recent changes.',
  p99: 'Use the fallback on slow paths if users feel it.',
}

function rateFigure(input: {
  readonly key: ApiKey
  readonly reading: Reading<number>
  readonly limit: ApiLimit
  readonly nowMs: number
  readonly maxAgeMs: number
}): Verdict {
  const { key, reading, limit, nowMs, maxAgeMs } = input
  const title = API_TITLES[key]
  const value = usable(reading, nowMs, maxAgeMs)
  if (value === undefined || Number.isNaN(value)) {
    return unread({ reading, subject: title, code: CODES[key], nowMs, maxAgeMs })
  }
  const unit = limit.unit === '/min' || limit.unit === '%' ? ` ${limit.unit}` : ' ms'
  if (value > limit.limit) {
    const reason = `${title} ${figureWords(value)}${unit} > ${figureWords(limit.limit)}`
    return { rating: 'breach', code: CODES[key], reason, action: ACTIONS[key] }
  }
  if (limit.warn !== undefined && value > limit.warn) {
    const reason = `${title} ${figureWords(value)}${unit} > ${figureWords(limit.warn)}`
    return { rating: 'warning', code: CODES[key], reason, action: ACTIONS[key] }
  }
  return { rating: 'clear', code: 'api.clear', reason: `${title} within its limit` }
}
