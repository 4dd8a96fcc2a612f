'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Table } from '@/components/ui/table'
import { WEEKDAYS } from '@/lib/insights/figures'

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

/** HeatMap counts detections by weekday and hour: a table whose cells are darker the more there were. */
export function HeatMap({
  heat,
  zone,
}: {
  readonly heat: readonly (readonly number[])[]
  readonly zone: string
}): ReactNode {
  const most = Math.max(1, ...heat.flat())
  return (
    <Panel title="When they came" note={`detections by weekday and hour, ${zone}; Z changes the zone`}>
      <Table label={`Detections by weekday and hour, ${zone}`} className="heat">
        <thead>
          <tr>
            <th>Day</th>
            {HOURS.map((hour) => (
              <th key={hour} className="num">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEKDAYS.map((day, row) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {HOURS.map((hour, column) => (
                <Cell key={hour} count={heat[row]?.[column] ?? 0} most={most} />
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

// The number stands in the cell: colour says nothing that the text does not.
function Cell({ count, most }: { readonly count: number; readonly most: number }): ReactNode {
  const share = Math.round((count / most) * 45)
  return (
    <td
      className="num font-mono"
      style={
        count === 0
          ? undefined
          : { background: `color-mix(in srgb, var(--accent) ${15 + share}%, transparent)` }
      }
    >
      {count === 0 ? <span className="text-ink-3">0</span> : count}
    </td>
  )
}
