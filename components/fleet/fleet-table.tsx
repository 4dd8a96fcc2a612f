'use client'

import {
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import type { FleetView } from '@/lib/client/health-store'
import { ColumnChoice } from './column-choice'
import type { Selection } from './filter'
import type { FleetParams } from './params'
import { TableBody } from './table-body'
import { TABLE_COLUMNS, USUAL_COLUMNS } from './table-columns'
import { TableHead } from './table-head'
import type { ParamsChange } from './use-fleet-params'

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  sortedRowModel: createSortedRowModel(),
})

type Line = { readonly row: number; readonly fleet: FleetView }

const helper = createColumnHelper<typeof features, Line>()
const columns = helper.columns(
  TABLE_COLUMNS.map((column) =>
    helper.accessor((line) => column.sortBy(line.fleet, line.row), {
      id: column.id,
      header: column.title,
      size: column.widthPx,
      sortFn: (a, b) =>
        compare(
          column.sortBy(a.original.fleet, a.original.row),
          column.sortBy(b.original.fleet, b.original.row),
        ),
    }),
  ),
)

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

/** FleetTable is the same set as the wall in rows; its order holds still while the pointer is on it. */
export function FleetTable({
  fleet,
  version,
  selection,
  params,
  change,
  selected,
  onOpen,
}: {
  readonly fleet: FleetView
  readonly version: number
  readonly selection: Selection
  readonly params: FleetParams
  readonly change: ParamsChange
  readonly selected: number
  readonly onOpen: (row: number) => void
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useHeldLines(fleet, selection)
  const shown = params.columns.length > 0 ? params.columns : USUAL_COLUMNS
  const sorting = useMemo(() => sortingOf(params.sort), [params.sort])
  const columnVisibility = useMemo(
    () => Object.fromEntries(TABLE_COLUMNS.map((column) => [column.id, shown.includes(column.id)])),
    [shown],
  )
  const table = useTable({
    features,
    columns,
    data: lines.data,
    getRowId: (line) => String(line.row),
    state: { sorting, columnVisibility },
  })
  const rows = table.getRowModel().rows.map((row) => row.original.row)
  const visible = TABLE_COLUMNS.filter((column) => shown.includes(column.id))
  const widthPx = visible.reduce((sum, column) => sum + column.widthPx, 0)

  function sortBy(id: string): void {
    const next = params.sort === id ? `-${id}` : params.sort === `-${id}` ? '' : id
    change({ ...params, sort: next })
  }

  return (
    <>
      <div className="flex h-10 items-center justify-between px-6 text-12 text-ink-2">
        <span>
          {rows.length.toLocaleString('en')} rows{lines.isHeld ? ', order held while you point at it' : ''}
        </span>
        <ColumnChoice shown={shown} onChange={(next) => change({ ...params, columns: next })} />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens: rows and titles keep their own roles */}
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-auto scroll-quiet"
        onPointerEnter={(event) => event.pointerType === 'mouse' && lines.hold(true)}
        onPointerLeave={() => lines.hold(false)}
        onKeyDown={(event) => moveFocus(event, scroller.current)}
      >
        <table
          aria-label="GPUs"
          aria-rowcount={rows.length + 1}
          className="block text-left"
          style={{ width: widthPx + 48, minWidth: '100%' }}
        >
          <TableHead columns={visible} sort={params.sort} onSort={sortBy} />
          <TableBody
            fleet={fleet}
            version={version}
            rows={rows}
            columns={visible}
            selected={selected}
            scroller={scroller}
            onOpen={onOpen}
          />
        </table>
      </div>
    </>
  )
}

function sortingOf(sort: string): { id: string; desc: boolean }[] {
  const id = sort.replace(/^-/, '')
  if (!TABLE_COLUMNS.some((column) => column.id === id)) return [{ id: 'rating', desc: false }]
  return [{ id, desc: sort.startsWith('-') }]
}

function useHeldLines(
  fleet: FleetView,
  selection: Selection,
): { readonly data: Line[]; readonly isHeld: boolean; readonly hold: (is: boolean) => void } {
  const [held, setHeld] = useState<{ readonly fleet: FleetView; readonly data: Line[] }>()
  const fresh = useMemo(() => {
    const data: Line[] = []
    for (let row = 0; row < fleet.gpus.count; row += 1)
      if (selection.matches[row] === 1) data.push({ row, fleet })
    return data
  }, [fleet, selection])
  const isHeld = held?.fleet === fleet && held.data.length === fresh.length
  return {
    data: isHeld ? held.data : fresh,
    isHeld,
    hold: (is) => setHeld(is ? { fleet, data: fresh } : undefined),
  }
}

function moveFocus(event: KeyboardEvent, scroller: HTMLDivElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const row = event.target instanceof Element ? event.target.closest('tr') : null
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling
  const button = next?.querySelector('button')
  if (!button || !scroller) return
  event.preventDefault()
  button.focus()
}
