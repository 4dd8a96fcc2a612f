'use client'

import type { ReactNode } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { ColumnsIcon } from '@/components/ui/icons'
import { Popover } from '@/components/ui/popover'
import { TABLE_COLUMNS, USUAL_COLUMNS } from './table-columns'

/** ColumnChoice picks the table's columns; the choice is in the URL, the usual ones leave it out. */
export function ColumnChoice({
  shown,
  onChange,
}: {
  readonly shown: readonly string[]
  readonly onChange: (columns: readonly string[]) => void
}): ReactNode {
  function toggle(id: string): void {
    const next = TABLE_COLUMNS.map((column) => column.id).filter(
      (one) => shown.includes(one) !== (one === id),
    )
    const isUsual = next.length === USUAL_COLUMNS.length && next.every((one) => USUAL_COLUMNS.includes(one))
    if (next.length > 0) onChange(isUsual ? [] : next)
  }
  return (
    <Popover
      label="Columns"
      align="end"
      trigger={
        <>
          <ColumnsIcon className="size-3" />
          Columns
        </>
      }
      triggerClassName="flex items-center gap-1.5 hover:text-ink pointer-coarse:min-h-11"
    >
      <ul className="grid grid-cols-2 gap-1">
        {TABLE_COLUMNS.map((column) => (
          <li key={column.id}>
            <Checkbox
              label={column.title}
              checked={shown.includes(column.id)}
              onChange={() => toggle(column.id)}
            />
          </li>
        ))}
      </ul>
    </Popover>
  )
}
