import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Chip } from '@/components/ui/chip'
import { SeverityMark } from '@/components/ui/severity-mark'
import type { TriedData } from './types'

type Side = Extract<TriedData, { ok: true }>['before']

/** TriedSide is what one set of trees makes of a moment: causes in order, each with its path and the verdicts on it. */
export function TriedSide({ title, side }: { readonly title: string; readonly side: Side }): ReactNode {
  const firm = side.causes.filter(({ state }) => state === 'certain' || state === 'likely')
  const possible = side.causes.filter(({ state }) => state === 'possible')
  return (
    <Panel
      title={title}
      note={`${side.severity === null ? 'no severity suggested' : `suggests ${side.severity}`}, ${side.excluded} excluded`}
    >
      {firm.length === 0 ? <p className="border-t py-2 text-ink-2">No known pattern.</p> : null}
      <ol>
        {firm.map((cause) => (
          <li key={cause.leaf} className="grid gap-1 border-t py-2">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <SeverityMark severity={cause.severity} />
              <b className="font-medium">{cause.title}</b>
              <Chip>{cause.state}</Chip>
              {cause.explainedBy === null ? null : (
                <span className="text-12 text-ink-3">follows from {cause.explainedBy}</span>
              )}
            </p>
            <ol className="border-l-2 border-accent pl-3 text-12">
              {cause.via.map((step) => (
                <li key={step.id} className="text-pretty text-ink-2">
                  {step.ask} <b className="font-medium text-ink">{step.answer}</b>{' '}
                  <span className="font-mono text-ink-3">{step.evidence}</span>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
      {possible.length === 0 ? null : (
        <p className="border-t py-2 text-12 text-pretty text-ink-2">
          Possible: {possible.map((cause) => cause.title).join(', ')}
        </p>
      )}
      {side.unexplained.length === 0 ? null : (
        <p className="text-12 text-pretty text-ink-2">Not explained: {side.unexplained.join(' ')}</p>
      )}
    </Panel>
  )
}
