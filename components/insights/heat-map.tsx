'use client'

import clsx from 'clsx'
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
      <Table label={`Detections by weekday and hour, ${zone}`}>
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

const SHADES = ['bg-accent/15', 'bg-accent/30', 'bg-accent/45', 'bg-accent/60'] as const

// The number stands in the cell: colour says nothing that the text does not.
function Cell({ count, most }: { readonly count: number; readonly most: number }): ReactNode {
  const shade = SHADES[Math.min(SHADES.length, Math.ceil((count / most) * SHADES.length)) - 1]
  return (
    <td className={clsx('num font-mono', count > 0 && shade)}>
      {count === 0 ? <span className="text-ink-3">0</span> : count}
    </td>
  )
}
