import type { ApiFigures, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import type { Board } from '../wire'

/** ApiKey names a figure of the provider's API as the board does. */
export type ApiKey = keyof Board['api']

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

/** rateApi judges the integration's figures against the shipped alert rules; an unread or old figure is unknown. */
export function rateApi(_input: {
  readonly api: ApiFigures
  readonly policy: HealthPolicy
  readonly now: Date
}): ApiRating {
  const unread: Verdict = { rating: 'unknown', code: 'api.not-evaluated', reason: 'Not evaluated yet' }
  return {
    figures: {
      serverErrors: unread,
      authErrors: unread,
      rateLimited: unread,
      errorRatio: unread,
      p95: unread,
      p99: unread,
    },
    overall: unread,
  }
}
