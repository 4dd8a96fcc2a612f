'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { laterInBrowser } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { Skeleton } from '@/components/ui/skeleton'
import { Table } from '@/components/ui/table'
import { FEW } from '@/lib/insights/figures'
import { DEFINITIONS } from '@/lib/insights/model'
import { BIN_WORDS, leftOutText, spanText } from './insights-words'
import type { FigureData } from './types'

// The server may write no style into a page, and a chart is sized by its box.
const DistributionChart = laterInBrowser(
  () => import('./distribution-chart').then((module) => module.DistributionChart),
  <Skeleton className="h-40" />,
)

/** FigurePanel is one measure: median, nine of ten, n, its distribution, its definition, and what is left out. */
export function FigurePanel({ figure }: { readonly figure: FigureData }): ReactNode {
  const { measure, spread, bins, excluded, slowest } = figure
  const { short, title, what } = DEFINITIONS[measure]
  const foot = (
    <p className="max-w-prose text-12 text-pretty text-ink-3">
      {what} {leftOutText(measure, excluded)}
    </p>
  )
  if (spread === null)
    return (
      <div className="grid gap-1">
        <Panel title={title} note={short} face={{ kind: 'empty', sentence: 'No incident can be counted.' }} />
        {foot}
      </div>
    )
  return (
    <Panel title={title} note={short}>
      <div className="grid grid-cols-1 gap-3">
        <dl className="flex flex-wrap gap-x-8 gap-y-2">
          <Big label="median" value={spanText(spread.medianMs)} />
          <Big
            label={spread.n < FEW ? 'nine of ten, of few' : 'nine of ten within'}
            value={spanText(spread.p90Ms)}
          />
          <Big label="n" value={String(spread.n)} />
          <Big label="least to most" value={`${spanText(spread.minMs)} – ${spanText(spread.maxMs)}`} />
        </dl>
        <DistributionChart bins={bins} title={`${title}: incidents by duration`} />
        <details className="text-12">
          <summary className="text-ink-3 hover:text-ink">As a table</summary>
          <Table label={`${title}: incidents by duration`} className="mt-1">
            <thead>
              <tr>
                <th>Duration</th>
                <th className="num">Incidents</th>
              </tr>
            </thead>
            <tbody>
              {bins.map((count, place) => (
                <tr key={BIN_WORDS[place]}>
                  <td>{BIN_WORDS[place]}</td>
                  <td className="num font-mono">{count}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </details>
        {foot}
        <p className="text-12 text-ink-3">
          Longest:{' '}
          {slowest.map(({ name, title: words, ms }, place) => (
            <span key={name}>
              {place === 0 ? '' : ', '}
              <Link href={`/incidents/${name}`} className="link" title={words}>
                {name}
              </Link>{' '}
              {spanText(ms)}
            </span>
          ))}
        </p>
      </div>
    </Panel>
  )
}

function Big({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-12 text-ink-3">{label}</dt>
      <dd className="text-20 tabular-nums">{value}</dd>
    </div>
  )
}
