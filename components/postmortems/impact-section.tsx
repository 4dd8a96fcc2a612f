'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import type { CorrectedFigure } from '@/lib/postmortems/corrected'
import { dateOf } from '@/lib/postmortems/instants'
import { figureWords } from '@/lib/postmortems/proposal'
import type { CorrectTarget } from './correct-form'
import { DocumentSection } from './document-section'
import { FrozenChart } from './frozen-chart'
import type { PostmortemData } from './types'

const SHOWN_LARGE = 4

/** ImpactSection is what was lost: figures with their method, what people corrected, and the charts of that time. */
export function ImpactSection({
  postmortem,
  figures,
  mitigatedMs,
  onCorrect,
  children,
}: {
  readonly postmortem: PostmortemData
  readonly figures: readonly CorrectedFigure[]
  readonly mitigatedMs: number | null
  /** onCorrect is undefined where nothing can be corrected any more, or not by this person. */
  readonly onCorrect: ((target: CorrectTarget) => void) | undefined
  readonly children: ReactNode
}): ReactNode {
  const large = figures.filter((figure) => figure.value !== null).slice(0, SHOWN_LARGE)
  const marks = mitigatedMs === null ? [] : [{ atMs: mitigatedMs, label: 'mitigated' }]
  return (
    <DocumentSection id="impact" title="Impact">
      {large.length === 0 ? null : (
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {large.map((figure) => (
            <div key={figure.key} className="flex min-w-0 flex-col">
              <dt className="order-2 text-12 text-ink-2">{figure.label}</dt>
              <dd className="order-1 text-24 break-words">{figureWords(figure)}</dd>
            </div>
          ))}
        </dl>
      )}
      {children}
      <div className="grid grid-cols-1 gap-5">
        {postmortem.record.charts.map((chart) => (
          <FrozenChart key={chart.key} chart={chart} marks={marks} />
        ))}
      </div>
      <div>
        <h3 className="pb-1 text-13">How it was counted</h3>
        <ul className="border-t">
          {figures.map((figure) => (
            <FigureLine key={figure.key} figure={figure} onCorrect={onCorrect} />
          ))}
        </ul>
      </div>
    </DocumentSection>
  )
}

function FigureLine({
  figure,
  onCorrect,
}: {
  readonly figure: CorrectedFigure
  readonly onCorrect: ((target: CorrectTarget) => void) | undefined
}): ReactNode {
  const { correction } = figure
  return (
    <li className="grid grid-cols-1 gap-1 border-b py-2 sm:grid-cols-[minmax(0,1fr)_auto] sm:gap-x-3">
      <p className="min-w-0 break-words">
        <b className="font-semibold">{figureWords(figure)}</b> {figure.label}
        {figure.unknown === '' ? null : <span className="text-unknown"> · {figure.unknown}</span>}
        <span className="block text-12 text-pretty text-ink-2">{figure.method}</span>
        {correction === null ? null : (
          <span className="block text-12 text-pretty text-ink-2">
            Corrected by @{correction.by}, {dateOf(correction.atMs)}: {correction.reason} Counted:{' '}
            {figureWords({ value: figure.counted, unit: figure.unit })}.
          </span>
        )}
      </p>
      {onCorrect === undefined ? null : (
        <Button
          size="small"
          variant="quiet"
          className="no-print justify-self-start sm:justify-self-end"
          aria-label={`Correct ${figure.label}`}
          onClick={() =>
            onCorrect({
              of: 'figure',
              key: figure.key,
              label: figure.label,
              unit: figure.unit,
              value: figure.value,
            })
          }
        >
          Correct
        </Button>
      )}
    </li>
  )
}
