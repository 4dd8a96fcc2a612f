import type { ProviderPage, Verdict } from '../model'
import type { HealthPolicy } from '../policy'

/** ratePage judges what the vendor's status page says; a page that no machine can read, or that is old, is unknown. */
export function ratePage(_input: {
  readonly page: ProviderPage
  readonly policy: HealthPolicy
  readonly now: Date
}): Verdict {
  return { rating: 'unknown', code: 'page.not-evaluated', reason: 'Not evaluated yet' }
}
