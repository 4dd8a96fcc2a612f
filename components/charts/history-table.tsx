'use client'

import type { ReactNode } from 'react'
import { amount } from '@/components/state/figure-text'
import { Instant } from '@/components/time/instant'
import { Table } from '@/components/ui/table'
import type { HistoryProps } from './history'

const MOST_ROWS = 120

/** HistoryTable is the chart's readable alternative, newest first. */
export function HistoryTable({ label, times, series }: HistoryProps): ReactNode {
  const rows = times
    .map((_, row) => row)
    .slice(-MOST_ROWS)
    .reverse()
  return (
    <details className="text-12">
      <summary className="text-ink-3 hover:text-ink">As a table</summary>
      <div className="mt-1 max-h-60 overflow-y-auto">
        <Table label={label}>
          <thead>
            <tr>
              <th>Time</th>
              {series.map((one) => (
                <th key={one.title} className="num">
                  {one.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={times[row]}>
                <td>
                  <Instant at={times[row] ?? 0} />
                </td>
                {series.map((one) => {
                  const value = one.values[row] ?? null
                  return (
                    <td key={one.title} className="num font-mono">
                      {value === null ? <span className="text-unknown">unknown</span> : amount(value)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  )
}
