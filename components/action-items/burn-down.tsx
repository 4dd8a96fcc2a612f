'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Field } from '@/components/ui/field'
import { laterInBrowser } from '@/components/ui/later'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { Table } from '@/components/ui/table'
import { queryOf } from '@/lib/client/api'

// The server may write no style into a page, and a chart is sized by its box.
const BurnDownChart = laterInBrowser(
  () => import('./burn-down-chart').then((module) => module.BurnDownChart),
  <Skeleton className="h-52" />,
)
const SPANS = [30, 90, 365] as const

/** BurnDown shows whether open items get fewer: day by day, as a chart and as a table. */
export function BurnDown(): ReactNode {
  const [days, setDays] = useState<(typeof SPANS)[number]>(90)
  const query = useQuery({
    ...queryOf('action-items.burnDown', { days }),
    placeholderData: keepPreviousData,
  })
  const title = 'Burn-down'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading', rows: 5 }} />
  if (query.isError)
    return <Panel title={title} face={failedFace(query, 'The burn-down could not be counted.')} />
  const { items, isCut, days: counted } = query.data
  if (items === 0)
    return (
      <Panel
        title={title}
        face={{ kind: 'empty', sentence: 'There is nothing to count yet. Drills’ items are not in it.' }}
      />
    )
  return (
    <Panel
      title={title}
      note={`${items} items, drills left out${isCut ? ', the newest 5,000' : ''}`}
      aside={
        <Field label="Days" className="grid-flow-col items-center">
          {(control) => (
            <Select
              {...control}
              value={days}
              onChange={(event) => setDays(SPANS.find((span) => span === Number(event.target.value)) ?? 90)}
            >
              {SPANS.map((span) => (
                <option key={span} value={span}>
                  {span}
                </option>
              ))}
            </Select>
          )}
        </Field>
      }
    >
      <BurnDownChart days={counted} />
      <details className="text-12">
        <summary className="text-ink-3 hover:text-ink">As a table</summary>
        <div className="mt-1 max-h-60 overflow-y-auto">
          <Table label="Action items by day, newest first">
            <thead>
              <tr>
                <th>Day (UTC)</th>
                <th className="num">Open</th>
                <th className="num">Overdue</th>
                <th className="num">Added</th>
                <th className="num">Done</th>
                <th className="num">Dropped</th>
              </tr>
            </thead>
            <tbody>
              {counted.toReversed().map((day) => (
                <tr key={day.day}>
                  <td className="font-mono">{day.day}</td>
                  <td className="num font-mono">{day.open}</td>
                  <td className="num font-mono">{day.overdue}</td>
                  <td className="num font-mono">{day.added}</td>
                  <td className="num font-mono">{day.done}</td>
                  <td className="num font-mono">{day.dropped}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      </details>
    </Panel>
  )
}
