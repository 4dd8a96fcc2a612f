import type { ReactNode } from 'react'
import type { Selection } from './filter'
import type { Findings } from './findings'

/** FleetSentence is the set in one sentence: how many, how many in breach, with a warning, and unread. */
export function FleetSentence({
  selection,
  findings,
  total,
  isNarrowed,
}: {
  readonly selection: Selection
  readonly findings: Findings
  readonly total: number
  readonly isNarrowed: boolean
}): ReactNode {
  const { warning, breach, unknown, stale } = selection.counts
  const rentals = findings.list.filter((one) => one.scope === 'rental' && one.rating === 'breach').length
  const unread = unknown + stale
  return (
    <h1 className="text-20 font-normal whitespace-normal text-ink-2">
      <b className="font-semibold text-ink">
        {selection.count.toLocaleString('en')} {selection.count === 1 ? 'GPU' : 'GPUs'}
      </b>
      {isNarrowed ? ` of ${total.toLocaleString('en')}` : null}
      {breach > 0 ? (
        <>
          , <b className="font-semibold text-breach">{breach.toLocaleString('en')} in breach</b>
        </>
      ) : null}
      {warning > 0 ? `, ${warning.toLocaleString('en')} warning` : null}
      {unread > 0 ? `, ${unread.toLocaleString('en')} unread` : null}
      {rentals > 0 ? (
        <>
          ,{' '}
          <b className="font-semibold text-breach">
            {rentals === 1 ? 'one rental' : `${rentals} rentals`} in breach
          </b>
        </>
      ) : null}
      {breach + warning + unread + rentals === 0 && selection.count > 0 ? ', none to look at' : null}
    </h1>
  )
}
