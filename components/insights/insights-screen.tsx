'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import type { ReactNode } from 'react'
import { usePreference } from '@/components/shell/use-preference'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { queryOf } from '@/lib/client/api'
import { CutTable } from './cut-table'
import { FigurePanel } from './figure-panel'
import { HeatMap } from './heat-map'
import { askedOf, withParam } from './insights-address'
import { InsightsFilters } from './insights-filters'
import { OwedPanel, PromisesPanel } from './owed-panels'
import type { InsightsAsked, InsightsData } from './types'

/** InsightsScreen shows how long incidents took and when they came: each figure with definition, n, and what is left out. */
export function InsightsScreen({
  initial,
  initialAsked,
}: {
  readonly initial: InsightsData
  /** initialAsked is what the server counted. */
  readonly initialAsked: InsightsAsked
}): ReactNode {
  const params = new URLSearchParams(useSearchParams())
  const isLocal = usePreference('time') === 'local'
  const asked: InsightsAsked = {
    ...askedOf(params),
    ...(isLocal ? { zone: Intl.DateTimeFormat().resolvedOptions().timeZone } : {}),
  }
  const isFirst = JSON.stringify(asked) === JSON.stringify(initialAsked)
  const query = useQuery({
    ...queryOf('insights.summary', asked),
    placeholderData: keepPreviousData,
    ...(isFirst ? { initialData: initial, initialDataUpdatedAt: initial.nowMs } : {}),
  })
  const set = (name: string, value: string): void =>
    window.history.pushState(null, '', withParam(params, name, value))
  return (
    <div className="grid grid-cols-1 gap-8 px-4 pt-5 pb-12 md:px-6">
      <header className="grid gap-1">
        <h1 className="text-20 font-normal text-ink-2">
          <span className="sr-only">Insights: </span>
          <Standing data={query.data} asked={asked} />
        </h1>
        <p className="max-w-prose text-12 text-ink-3">
          Medians and nine of ten, never bare means: durations of incidents are few and uneven. An incident
          counts in the span in which it was declared.
        </p>
      </header>
      <InsightsFilters asked={asked} data={query.data} onSet={set} />
      {query.data === undefined ? (
        <Panel
          title="Figures"
          face={
            query.isError
              ? failedFace(query, 'The incidents could not be counted.')
              : { kind: 'loading', rows: 8 }
          }
        />
      ) : (
        <Body data={query.data} onSet={set} zone={isLocal ? 'local time' : 'UTC'} />
      )}
    </div>
  )
}

function Standing({
  data,
  asked,
}: {
  readonly data: InsightsData | undefined
  readonly asked: InsightsAsked
}): ReactNode {
  if (data === undefined) return 'Insights'
  const what = asked.kind === 'drill' ? ['drill', 'drills'] : ['incident', 'incidents']
  return (
    <>
      {data.incidents} {data.incidents === 1 ? what[0] : what[1]}
      {data.merged === 0 ? '' : `, ${data.merged} merged into others`}
      {data.isCut ? ', the newest 5,000' : ''}
    </>
  )
}

function Body({
  data,
  zone,
  onSet,
}: {
  readonly data: InsightsData
  readonly zone: string
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  const rest = (
    <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-2">
      <PromisesPanel promises={data.promises} />
      <OwedPanel owed={data.actionItems} />
    </div>
  )
  if (data.incidents === 0)
    return (
      <>
        <Panel
          title="Figures"
          face={{ kind: 'empty', sentence: 'No incident fits: widen the span, or take a filter away.' }}
        />
        {rest}
      </>
    )
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-10 lg:grid-cols-2">
        {data.figures.map((figure) => (
          <FigurePanel key={figure.measure} figure={figure} />
        ))}
      </div>
      {data.cuts.map((cut) => (
        <CutTable key={cut.grouping} cut={cut} onPick={(key) => onSet(cut.grouping, key)} />
      ))}
      <HeatMap heat={data.heat} zone={zone} />
      {rest}
    </>
  )
}
