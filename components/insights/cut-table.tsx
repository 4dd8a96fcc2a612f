'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Table } from '@/components/ui/table'
import { DEFINITIONS, MEASURES } from '@/lib/insights/model'
import { GROUPING_WORDS, spanText } from './insights-words'
import type { CutData } from './types'

const MOST_ROWS = 25

/** CutTable is every measure for each value of one trait; a press on a value narrows the page to it. */
export function CutTable({
  cut,
  onPick,
}: {
  readonly cut: CutData
  readonly onPick: (key: string) => void
}): ReactNode {
  const word = GROUPING_WORDS[cut.grouping]
  const title = `By ${word.toLowerCase()}`
  const unknown = cut.unknown === 0 ? undefined : `of ${cut.unknown} it is not known`
  if (cut.rows.length === 0)
    return (
      <Panel
        title={title}
        face={{ kind: 'empty', sentence: `Of no incident is a ${word.toLowerCase()} known.` }}
      />
    )
  return (
    <Panel title={title} note={unknown}>
      <Table label={`${title}: median, nine of ten and n`}>
        <thead>
          <tr>
            <th>{word}</th>
            <th className="num">Incidents</th>
            {MEASURES.map((measure) => (
              <th key={measure} className="num">
                {DEFINITIONS[measure].title}
                <span className="block font-normal text-ink-3">median · nine of ten · n</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cut.rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={row.key} className="hover:bg-raise">
              <td className="max-w-72 truncate">
                <button type="button" className="link" onClick={() => onPick(row.key)}>
                  {row.label}
                </button>
              </td>
              <td className="num font-mono">{row.incidents}</td>
              {MEASURES.map((measure) => {
                const spread = row.spreads[measure]
                return (
                  <td key={measure} className="num font-mono">
                    {spread === null ? (
                      <span className="text-unknown">none</span>
                    ) : (
                      `${spanText(spread.medianMs)} · ${spanText(spread.p90Ms)} · ${spread.n}`
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </Table>
      {cut.rows.length > MOST_ROWS ? (
        <p className="pt-1 text-12 text-ink-3">
          The {MOST_ROWS} with the most incidents of {cut.rows.length}.
        </p>
      ) : null}
    </Panel>
  )
}
