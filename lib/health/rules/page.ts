import type { ProviderPage, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { unread, usable } from './evidence'
import { listWords } from './words'

/** ratePage judges what the vendor's status page says; a page that no machine can read, or that is old, is unknown. */
export function ratePage(input: {
  readonly page: ProviderPage
  readonly policy: HealthPolicy
  readonly now: Date
}): Verdict {
  const { page, policy } = input
  const nowMs = input.now.getTime()
  const maxAgeMs = policy.freshness.providerPageMaxAgeSeconds * 1000
  const indicator = usable(page.indicator, nowMs, maxAgeMs)
  if (indicator === undefined) {
    if (
      !page.machineReadable &&
      page.indicator.kind === 'unknown' &&
      page.indicator.why === 'not_supported'
    ) {
      return FOR_PEOPLE_ONLY
    }
    const reading = page.indicator
    return {
      action: WAY_ROUND,
      ...unread({ reading, subject: "provider's page", code: 'page', nowMs, maxAgeMs }),
    }
  }
  const named = listWords(page.incidents.map((it) => it.name))
  switch (indicator) {
    case 'none':
      return page.incidents.length === 0
        ? OPERATIONAL
        : { rating: 'warning', code: 'page.incident', reason: `The page says operational and lists ${named}` }
    case 'maintenance':
      return { rating: 'warning', code: 'page.maintenance', reason: said('maintenance', named) }
    case 'minor':
      return { rating: 'warning', code: 'page.minor', reason: said('a minor incident', named) }
    case 'major':
      return { rating: 'breach', code: 'page.major', reason: said('a major incident', named) }
    case 'critical':
      return { rating: 'breach', code: 'page.critical', reason: said('a critical incident', named) }
    default: {
      const left: never = indicator
      return { rating: 'unknown', code: 'page.unrecognised', reason: `The page says "${String(left)}"` }
    }
  }
}

const WAY_ROUND = 'Open the page by hand from another network, and ask the provider.'

const OPERATIONAL: Verdict = {
  rating: 'clear',
  code: 'page.operational',
  reason: 'The provider reports no incident',
}

const FOR_PEOPLE_ONLY: Verdict = {
  rating: 'unknown',
  code: 'page.not-machine-readable',
  reason: "The provider's page is written for people only: nothing here can read it",
  action: WAY_ROUND,
}

function said(what: string, named: string): string {
  return named === '' ? `The provider reports ${what}` : `The provider reports ${what}: ${named}`
}
