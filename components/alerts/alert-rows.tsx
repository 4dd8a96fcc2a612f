'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import type { Level } from '@/lib/alerts/model'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { resolvedWords, ruleWords, skewWords } from './alert-words'
import type { AlertsAddress } from './use-alerts-address'

type Row = Wire<QueryResult<'alerts.list'>>['rows'][number]

/** AlertRows are the alerts of one group, a page at a time; each opens beside the list. */
export function AlertRows({
  group,
  address,
}: {
  readonly group: { readonly name: string; readonly level: Level }
  readonly address: AlertsAddress
}): ReactNode {
  const [page, setPage] = useState(0)
  const open = useAddress('alert')
  const list = useQuery({
    ...queryOf('alerts.list', { ...address.filter, name: group.name, level: group.level, page }),
    placeholderData: (before) => before,
  })
  if (!list.data) {
    return (
      <Panel
        title={group.name}
        face={
          list.isError
            ? failedFace(list, 'The alerts of this rule could not be read.')
            : { kind: 'loading', rows: 3 }
        }
      />
    )
  }
  const { rows, hasMore } = list.data
  return (
    <section aria-label={`Alerts of ${group.name}`} className="grid gap-2 pb-3 pl-6">
      <ul>
        {rows.map((row) => (
          <AlertLine key={row.id} row={row} link={open.linkTo(row.id)} />
        ))}
      </ul>
      {page > 0 || hasMore ? (
        <p className="flex items-center gap-2">
          <Button
            size="small"
            waitsFor={page === 0 ? 'this is the first page' : undefined}
            onClick={() => setPage(page - 1)}
          >
            Earlier page
          </Button>
          <Button
            size="small"
            waitsFor={hasMore ? undefined : 'this is the last page'}
            onClick={() => setPage(page + 1)}
          >
            Next page
          </Button>
        </p>
      ) : null}
    </section>
  )
}

function AlertLine({
  row,
  link,
}: {
  readonly row: Row
  readonly link: ReturnType<ReturnType<typeof useAddress>['linkTo']>
}): ReactNode {
  const notes = [
    skewWords(row.skew),
    ruleWords(row.promState),
    row.missing ? 'the alert source does not list it' : '',
    row.via === 'poll' && row.seen === 0 ? 'found by the poll, never delivered' : '',
  ].filter((note) => note !== '')
  return (
    <li className="grid gap-x-4 gap-y-1 border-t py-1.5 md:grid-cols-[minmax(0,1fr)_auto]">
      <a {...link} className="block min-w-0 pointer-coarse:min-h-11">
        <span className="block break-words">
          {row.labels.length === 0
            ? row.name
            : row.labels.map((label) => `${label.name}=${label.value}`).join('  ')}
        </span>
        {row.summary === '' ? null : <span className="block text-12 text-ink-2">{row.summary}</span>}
      </a>
      <span className="flex flex-wrap items-center gap-2 text-12 text-ink-3">
        {row.silenced > 0 ? <Chip>silenced</Chip> : null}
        {row.inhibited ? <Chip>inhibited</Chip> : null}
        {notes.map((note) => (
          <Chip key={note} tone="unknown">
            {note}
          </Chip>
        ))}
        {row.ackedBy === null ? null : <Chip tone="accent">acknowledged by {row.ackedBy}</Chip>}
        {row.status === 'resolved' ? (
          <span>
            over <TimeAgo at={row.resolvedAt} />: {resolvedWords(row.resolvedBy)}
          </span>
        ) : (
          <span>
            for <TimeAgo at={row.since} suffix="" />, heard <TimeAgo at={row.lastSeenAt} />
          </span>
        )}
      </span>
    </li>
  )
}
