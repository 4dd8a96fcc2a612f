'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { clockOf, dateOf } from '@/lib/postmortems/instants'
import { DocumentSection } from './document-section'
import type { RowData } from './types'

const LATE_MS = 2 * 60_000

/** TimelineSection is what happened, by the time of the event, each row with its source and its data; gaps stay gaps. */
export function TimelineSection({
  rows,
  total,
  leftOut,
  busy,
  onAll,
  children,
}: {
  readonly rows: readonly RowData[]
  readonly total: number
  readonly leftOut: number
  readonly busy: boolean
  /** onAll is undefined once every row is here. */
  readonly onAll: (() => void) | undefined
  readonly children: ReactNode
}): ReactNode {
  const days = new Set(rows.map((row) => dateOf(row.eventAtMs))).size
  return (
    <DocumentSection
      id="timeline"
      title="Timeline"
      aside={`${rows.length} of ${total} rows, UTC${leftOut === 0 ? '' : `, ${leftOut} beyond the limit`}`}
    >
      {children}
      <ol aria-label="Timeline, by the time of the event" className="border-t">
        {rows.map((row) => (
          <Row key={row.id} row={row} withDay={days > 1} />
        ))}
      </ol>
      {onAll === undefined ? null : (
        <p className="no-print">
          <Button size="small" busy={busy} onClick={onAll}>
            Show all {total} rows
          </Button>
        </p>
      )}
    </DocumentSection>
  )
}

// Rows out of sight cost nothing to lay out, so that thousands of them can stand on one page.
const ROW =
  'grid scroll-mt-16 grid-cols-1 gap-x-3 border-b py-1.5 break-inside-avoid [content-visibility:auto] [contain-intrinsic-size:auto_2.5rem] sm:grid-cols-[7.5rem_minmax(0,1fr)_auto]'

function Row({ row, withDay }: { readonly row: RowData; readonly withDay: boolean }): ReactNode {
  return (
    <li id={`row-${row.id}`} className={ROW}>
      <span className="font-mono text-12 text-ink-2">
        {withDay ? `${dateOf(row.eventAtMs)} ` : ''}
        {clockOf(row.eventAtMs)}
        {row.kind === 'gap' ? ` to ${row.toMs === null ? 'the end' : clockOf(row.toMs)}` : ''}
      </span>
      <div className="min-w-0">
        <p className={clsx('break-words text-pretty', row.kind === 'gap' && 'text-unknown')}>
          {row.kind === 'gap' ? (
            <span
              className="hatch mr-2 inline-block h-3 w-6 border border-dashed border-unknown align-middle"
              aria-hidden="true"
            />
          ) : null}
          {row.kind === 'disagreement' ? (
            <b className="font-semibold text-stale">Sources disagree. </b>
          ) : null}
          {row.text}
        </p>
        <p className="text-12 break-words text-ink-3">
          {row.sourceName}
          {row.by === '' || row.by === row.sourceName.toLowerCase() ? '' : ` · ${row.by}`}
          {row.receivedAtMs !== null && row.receivedAtMs - row.eventAtMs > LATE_MS
            ? ` · received ${clockOf(row.receivedAtMs)}, ${duration((row.receivedAtMs - row.eventAtMs) / 1000)} later`
            : ''}
          {row.doubt === '' ? '' : ` · ${row.doubt}`}
        </p>
      </div>
      <span className="text-12 sm:text-right">{row.link === null ? null : <RowLink link={row.link} />}</span>
    </li>
  )
}

function RowLink({ link }: { readonly link: NonNullable<RowData['link']> }): ReactNode {
  if (link.href.startsWith('/') && !link.href.startsWith('//'))
    return (
      <Link className="link" href={link.href}>
        {link.label}
      </Link>
    )
  if (!/^https?:\/\//.test(link.href)) return link.label
  return (
    <a className="link" href={link.href} rel="noreferrer noopener" target="_blank">
      {link.label}
    </a>
  )
}
