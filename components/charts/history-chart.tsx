'use client'

import type { ReactNode } from 'react'
import { later } from '@/components/ui/later'
import { Skeleton } from '@/components/ui/skeleton'
import type { HistoryProps, HistoryTone } from './history'
import { HistoryTable } from './history-table'

const HistoryPlot = later(
  () => import('./history-plot').then((module) => module.HistoryPlot),
  <Skeleton className="h-40" />,
)

const SWATCHES: Readonly<Record<HistoryTone, string>> = {
  ink: 'border-ink',
  spark: 'border-spark',
  warn: 'border-warn',
  breach: 'border-breach',
  accent: 'border-accent',
}

/** HistoryChart draws readings over time: gaps stay gaps, limits are drawn, and the same figures stand in a table. */
export function HistoryChart(props: HistoryProps): ReactNode {
  const known = props.series.some((series) => series.values.some((value) => value !== null))
  return (
    <figure className="grid gap-2">
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-12 text-ink-2">
        {props.series.map((series) => (
          <span key={series.title} className="flex items-center gap-1.5">
            <span className={`w-3 border-t-[1.5px] ${SWATCHES[series.tone]}`} />
            {series.title}
            {series.unit === '' ? '' : `, ${series.unit}`}
          </span>
        ))}
      </figcaption>
      {known ? (
        <HistoryPlot {...props} />
      ) : (
        <p className="hatch grid h-24 place-items-center text-12 text-ink-2">
          <span className="plate">No reading in this time. That is missing, not good.</span>
        </p>
      )}
      {known ? <HistoryTable {...props} /> : null}
    </figure>
  )
}
