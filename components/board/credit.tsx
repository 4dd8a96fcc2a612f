'use client'

import type { ReactNode } from 'react'
import { amount, dollars, shownValue } from '@/components/state/figure-text'
import { FigureValue } from '@/components/state/figure-value'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { duration } from '@/components/time/format'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { useBoard } from '@/lib/client/health-store'
import type { Board } from '@/lib/health/wire'
import { runwayPlot } from './runway'

const WIDTH = 232

/** Credit says how long the account's money lasts at the present burn. */
export function Credit(): ReactNode {
  const credit = useBoard((board) => board.credit)
  if (credit === undefined) return <Panel title="Credit runway" face={{ kind: 'loading' }} />
  const { runwayHours, creditDollars } = credit
  const aside = <SourceAge source={creditDollars.source || 'no source'} at={creditDollars.at} />
  if (creditDollars.value === null && creditDollars.last === undefined) {
    return (
      <Panel
        title="Credit runway"
        face={{
          kind: 'unknown',
          subject: 'the account',
          sinceAt: creditDollars.at,
          why: creditDollars.why,
          wayRound: "read the balance in the provider's own console",
        }}
      />
    )
  }
  return (
    <div id="credit" className="scroll-mt-4">
      <Panel title="Credit runway" aside={aside}>
        <p className="flex items-baseline gap-2 text-24 font-medium">
          {credit.rating === 'clear' ? null : <StateMark mark={credit.rating} className="size-4" />}
          <FigureValue figure={runwayHours} write={(hours) => duration(hours * 3600)} />
          <span className="text-13 font-normal tracking-normal text-ink-2">
            {runwayHours.value === null ? '' : 'at '}
            <FigureValue figure={credit.burnDollarsPerHour} write={(value) => `${dollars(value)} /h`} />
          </span>
        </p>
        <RunwayDrawing credit={credit} />
      </Panel>
    </div>
  )
}

function RunwayDrawing({ credit }: { readonly credit: Board['credit'] }): ReactNode {
  const hours = credit.runwayHours.value
  const left = shownValue(credit.creditDollars).value ?? 0
  if (hours === null) {
    return (
      <p className="text-12 text-ink-2">
        {dollars(left)} left. {credit.runwayHours.why ?? 'The burn is not known'}, so no runway can be given.
      </p>
    )
  }
  const { limit, warn, at } = credit.runwayHours
  const plot = runwayPlot({ runwayHours: hours, warnHours: warn, breachHours: limit, width: WIDTH })
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} 58`} className="mt-1 w-full max-w-72 overflow-visible" aria-hidden="true">
        <path d={`M0 54.5H${WIDTH}`} className="stroke-line-2" />
        <path d={`M${plot.nowX} 6L${plot.zeroX} 54`} strokeDasharray="3 2" className="stroke-spark" />
        <path d={`M${plot.nowX} 0V54`} className="stroke-accent" />
        <circle cx={plot.nowX} cy="6" r="2.5" className="fill-ink" />
        {plot.warnX === undefined ? null : <path d={`M${plot.warnX} 48V56`} className="stroke-warn" />}
        {plot.breachX === undefined ? null : <path d={`M${plot.breachX} 48V56`} className="stroke-breach" />}
        <text x={plot.nowX + 8} y="9" className="fill-ink-2 text-11">
          {dollars(left)} now
        </text>
      </svg>
      <p className="text-12 text-ink-2">
        Empty <Instant at={at + hours * 3600} both />
        {warn === undefined ? '' : `; a warning at ${amount(warn)} h left`}
        {limit === undefined ? '.' : `, a breach at ${amount(limit)} h.`}
      </p>
    </>
  )
}
