'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import type { ReactNode, RefObject } from 'react'
import { StateWord } from '@/components/ui/state-word'
import type { FleetView } from '@/lib/client/health-store'
import { RATINGS } from '@/lib/health/model'
import { nameOf } from './reading'
import type { TableColumn } from './table-columns'

const ROW_PX = 32

/** TableBody holds only the rows in sight; their figures stay live while their order is held. */
export function TableBody({
  fleet,
  rows,
  columns,
  selected,
  scroller,
  onOpen,
}: {
  readonly fleet: FleetView
  /** version makes the rows in sight read their figures again. */
  readonly version: number
  readonly rows: readonly number[]
  readonly columns: readonly TableColumn[]
  readonly selected: number
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly onOpen: (row: number) => void
}): ReactNode {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  return (
    <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index] ?? 0
        return (
          <tr
            key={row}
            aria-rowindex={item.index + 2}
            aria-selected={row === selected}
            className={clsx(
              'absolute inset-x-0 top-0 flex h-8 items-center border-b px-6 hover:bg-raise',
              row === selected && 'bg-raise shadow-[inset_2px_0_var(--accent)]',
            )}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {columns.map((column, at) => (
              <Cell
                key={column.id}
                fleet={fleet}
                row={row}
                column={column}
                isFirst={at === 0}
                onOpen={onOpen}
              />
            ))}
          </tr>
        )
      })}
    </tbody>
  )
}

function Cell({
  fleet,
  row,
  column,
  isFirst,
  onOpen,
}: {
  readonly fleet: FleetView
  readonly row: number
  readonly column: TableColumn
  readonly isFirst: boolean
  readonly onOpen: (row: number) => void
}): ReactNode {
  const text = column.text(fleet, row)
  const isUnknown = text === 'unknown' || text === 'not told'
  const shown =
    column.id === 'rating' ? <StateWord rating={RATINGS[fleet.gpus.rating[row] ?? 3] ?? 'unknown'} /> : text
  return (
    <td
      style={{ width: column.widthPx }}
      className={clsx(
        'shrink-0 truncate pr-4',
        column.isNumber && 'text-right font-mono',
        isUnknown && column.id !== 'rating' && 'text-unknown',
      )}
      title={column.id === 'reason' ? text : undefined}
    >
      {isFirst ? (
        <button
          type="button"
          aria-label={`${text}: open ${nameOf(fleet, row)}`}
          onClick={() => onOpen(row)}
          className="w-full truncate text-left after:absolute after:inset-0"
        >
          {shown}
        </button>
      ) : (
        shown
      )}
    </td>
  )
}
