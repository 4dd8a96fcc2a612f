import type { Reading } from '../../sources/reading'
import type { CreditObservation, InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { unread, usable } from './evidence'
import { durationWords, figureWords } from './words'

/** CreditRating is the verdict with the hours left at the present burn; undefined when unknown, Infinity when nothing burns. */
export type CreditRating = { readonly verdict: Verdict; readonly runwayHours?: number }

/** rateCredit judges the prepaid money: runway = credit / burn, unknown if either is. */
export function rateCredit(input: {
  readonly credit: CreditObservation
  readonly policy: HealthPolicy
  readonly now: Date
}): CreditRating {
  const { credit, policy } = input
  const nowMs = input.now.getTime()
  const maxAgeMs = policy.freshness.creditMaxAgeSeconds * 1000
  const dollars = usable(credit.creditDollars, nowMs, maxAgeMs)
  if (dollars === undefined) {
    const reading = credit.creditDollars
    return { verdict: unread({ reading, subject: 'credit', code: 'account.credit', nowMs, maxAgeMs }) }
  }
  if (dollars <= 0) return { verdict: EXHAUSTED, runwayHours: 0 }
  const burn = usable(credit.burnDollarsPerHour, nowMs, maxAgeMs)
  if (burn === undefined) {
    const reading = credit.burnDollarsPerHour
    return { verdict: unread({ reading, subject: 'burn per hour', code: 'account.burn', nowMs, maxAgeMs }) }
  }
  if (burn <= 0) return { verdict: NOTHING_BURNS, runwayHours: Number.POSITIVE_INFINITY }
  const runwayHours = dollars / burn
  return { verdict: runwayVerdict(runwayHours, policy), runwayHours }
}

/** burnOf sums what the listed instances cost per hour in dollars; unknown as soon as one price that counts is. */
export function burnOf(input: {
  readonly instances: Iterable<InstanceObservation>
  readonly now: Date
}): Reading<number> {
  let total = 0
  let observedAt: Date | undefined
  for (const instance of input.instances) {
    if (instance.gone) continue
    const price = runningPrice(instance)
    if (price.kind === 'unknown') {
      return {
        kind: 'unknown',
        why: price.why,
        source: price.source,
        since: price.since,
        detail: `the price of instance ${instance.id} is not known`,
      }
    }
    total += price.value
    if (!observedAt || price.observedAt < observedAt) observedAt = price.observedAt
  }
  return { kind: 'known', value: total, unit: '$/h', source: 'vast', observedAt: observedAt ?? input.now }
}

const EXHAUSTED: Verdict = {
  rating: 'breach',
  code: 'account.credit-exhausted',
  reason: 'No credit is left: the provider stops instances by itself',
  action: 'Top up, then restart in order of need.',
}

const NOTHING_BURNS: Verdict = {
  rating: 'clear',
  code: 'account.no-burn',
  reason: 'Nothing is being billed by the hour',
}

const BILLED_IN_FULL: ReadonlySet<string> = new Set([
  'running',
  'frozen',
  'loading',
  'created',
  'rebooting',
  'offline',
  'unknown',
])

// Where the state is not readable the full price counts: a runway must not be longer than it is.
function runningPrice(instance: InstanceObservation): Reading<number> {
  const { actual } = instance
  const state = actual.kind === 'known' ? actual.value : actual.last?.value
  if (state !== undefined && !BILLED_IN_FULL.has(state)) return instance.storageDollarsPerHour
  return instance.dollarsPerHour
}

function runwayVerdict(hours: number, policy: HealthPolicy): Verdict {
  const { runwayBreachHours, runwayWarnHours, runwayInfoHours } = policy.credit
  const left = `${hours < 1 ? durationWords(hours * 3600) : `${figureWords(Math.floor(hours))} h`} of runway`
  const action = 'Top up before it runs out.'
  if (hours < runwayBreachHours) {
    return {
      rating: 'breach',
      code: 'account.credit-low',
      reason: `${left}, under ${runwayBreachHours} h`,
      action,
    }
  }
  if (hours < runwayWarnHours) {
    return {
      rating: 'warning',
      code: 'account.credit-low',
      reason: `${left}, under ${runwayWarnHours} h`,
      action,
    }
  }
  if (hours < runwayInfoHours) {
    return {
      rating: 'clear',
      code: 'account.credit-watch',
      reason: `${left}, under ${runwayInfoHours} h: plan a top-up`,
    }
  }
  return { rating: 'clear', code: 'account.clear', reason: left }
}
