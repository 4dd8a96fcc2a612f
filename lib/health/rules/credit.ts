import type { Reading } from '../../sources/reading'
import type { CreditObservation, InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'

/** CreditRating is the verdict with the hours left at the present burn; undefined when unknown, Infinity when nothing burns. */
export type CreditRating = { readonly verdict: Verdict; readonly runwayHours?: number }

/** rateCredit judges the prepaid money: runway = credit / burn, unknown if either is. */
export function rateCredit(_input: {
  readonly credit: CreditObservation
  readonly policy: HealthPolicy
  readonly now: Date
}): CreditRating {
  return { verdict: { rating: 'unknown', code: 'account.not-evaluated', reason: 'Not evaluated yet' } }
}

/** burnOf sums what the listed instances cost per hour in dollars; unknown as soon as one price that counts is. */
export function burnOf(_input: {
  readonly instances: Iterable<InstanceObservation>
  readonly now: Date
}): Reading<number> {
  return { kind: 'unknown', why: 'not_evaluated', source: 'vast', since: _input.now }
}
