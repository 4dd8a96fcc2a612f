import clsx from 'clsx'
import type { ReactNode } from 'react'
import { DownIcon, UpIcon } from '@/components/ui/icons'
import type { TableColumn } from './table-columns'

/** TableHead stays in sight; each title sorts up, then down, then back to worst first. */
export function TableHead({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly TableColumn[]
  readonly sort: string
  readonly onSort: (id: string) => void
}): ReactNode {
  return (
    <thead className="sticky top-0 z-10 block bg-bg">
      <tr className="flex border-b px-6">
        {columns.map((column) => {
          const isUp = sort === column.id || (sort === '' && column.id === 'rating')
          const isDown = sort === `-${column.id}`
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
              style={{ width: column.widthPx }}
              className="shrink-0 font-normal"
            >
              <button
                type="button"
                onClick={() => onSort(column.id)}
                className={clsx(
                  'flex h-8 w-full items-center gap-1 pr-4 text-12 whitespace-nowrap hover:text-ink',
                  column.isNumber && 'justify-end',
                  isUp || isDown ? 'text-ink' : 'text-ink-3',
                )}
              >
                {column.title}
                {isUp ? <UpIcon className="size-3" /> : null}
                {isDown ? <DownIcon className="size-3" /> : null}
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
