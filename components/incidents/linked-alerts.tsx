'use client'

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import clsx from 'clsx'
import { type ReactNode, useEffect, useState } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { type AlertState, statesOf } from '@/lib/alerts/hint-states'
import { queryOf, type Wire } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import type { QueryResult } from '@/lib/registry'
import { withStates } from './linked-states'
import { tellProblem, useIncidentCommand } from './use-incident-command'

type Answer = Wire<QueryResult<'incidents.alerts'>>
type Row = Answer['rows'][number]

const REFRESH_MS = 30_000
const SPREAD_MS = 2_000
const MARKS = { firing: 'breach', resolved: 'clear', unknown: 'unknown' } as const
const CUTS = [
  { status: undefined, title: 'All' },
  { status: 'firing', title: 'Firing' },
] as const

/** What the hint says is on screen at once; the question after it comes spread out, as every open page asks it. */
function showStates(client: QueryClient, states: readonly AlertState[]): void {
  const queryKey = ['incidents.alerts']
  if (states.length > 0)
    client.setQueriesData<Answer>({ queryKey }, (answer) => answer && withStates(answer, states))
  setTimeout(
    () => void client.invalidateQueries({ queryKey }),
    states.length === 0 ? 0 : Math.random() * SPREAD_MS,
  )
}

/** LinkedAlerts are the alerts of an incident, a page at a time; each stays in its place when it ends. */
export function LinkedAlerts({
  incidentId,
  mayWork,
}: {
  readonly incidentId: string
  readonly mayWork: boolean
}): ReactNode {
  const command = useIncidentCommand()
  const [page, setPage] = useState(0)
  const [status, setStatus] = useState<'firing' | undefined>(undefined)
  const client = useQueryClient()
  const query = useQuery({
    ...queryOf('incidents.alerts', { id: incidentId, page, ...(status === undefined ? {} : { status }) }),
    placeholderData: (before) => before,
    refetchInterval: REFRESH_MS,
  })
  useEffect(
    () =>
      onHint((hint) => {
        if (hint !== 'all' && hint.topic === 'alerts') showStates(client, statesOf(hint.ref))
      }),
    [client],
  )
  if (query.data === undefined) return <Waiting query={query} />
  const { counts, rows, hasMore } = query.data
  return (
    <Panel
      title="Alerts"
      aside={
        <span data-firing={counts.firing} data-over={counts.resolved}>
          {counts.firing.toLocaleString('en-US')} firing, {counts.resolved.toLocaleString('en-US')} over
          {counts.unknown === 0 ? '' : `, ${counts.unknown.toLocaleString('en-US')} unknown`}
        </span>
      }
    >
      <nav aria-label="Cut of the alerts" className="flex gap-3 pb-1">
        {CUTS.map((cut) => (
          <button
            key={cut.title}
            type="button"
            aria-pressed={cut.status === status}
            className={clsx(
              'border-b-2 pointer-coarse:min-h-11',
              cut.status === status ? 'border-ink font-medium' : 'border-transparent text-ink-2',
            )}
            onClick={() => {
              setStatus(cut.status)
              setPage(0)
            }}
          >
            {cut.title}
          </button>
        ))}
      </nav>
      {rows.length === 0 ? <p className="border-t py-1.5 text-ink-2">None of the linked alerts.</p> : null}
      <ul aria-label="Linked alerts">
        {rows.map((row) => (
          <AlertItem
            key={row.ref}
            row={row}
            onUnlink={
              mayWork
                ? (id) =>
                    void command.send('incidents.unlinkAlerts', { id: incidentId, ids: [id] }, tellProblem)
                : undefined
            }
          />
        ))}
      </ul>
      <Pages page={page} hasMore={hasMore} onPage={setPage} />
    </Panel>
  )
}

function Waiting({
  query,
}: {
  readonly query: {
    readonly isError: boolean
    readonly error: Error | null
    readonly refetch: () => unknown
  }
}): ReactNode {
  if (!query.isError) return <Panel title="Alerts" face={{ kind: 'loading', rows: 4 }} />
  return <Panel title="Alerts" face={failedFace(query, 'The linked alerts could not be read.')} />
}

function AlertItem({
  row,
  onUnlink,
}: {
  readonly row: Row
  readonly onUnlink: ((id: string) => void) | undefined
}): ReactNode {
  const { id } = row
  const words = row.name ?? (row.title === '' ? row.ref : row.title)
  return (
    <li
      data-alert={row.ref}
      data-status={row.status}
      className="grid grid-cols-[1rem_minmax(0,1fr)_auto] items-baseline gap-x-2 border-t py-1"
    >
      <StateMark mark={MARKS[row.status]} />
      <span className="truncate" title={row.summary === '' ? words : row.summary}>
        {row.id === null ? (
          words
        ) : (
          <a className="hover:underline" href={`/alerts?alert=${row.id}`}>
            {words}
          </a>
        )}
        {row.summary === '' ? null : <span className="text-12 text-ink-2"> · {row.summary}</span>}
      </span>
      <span className="text-12 whitespace-nowrap text-ink-3">
        <State row={row} />
        {id === null || onUnlink === undefined ? null : (
          <button type="button" className="ml-2 hover:underline" onClick={() => onUnlink(id)}>
            unlink<span className="sr-only"> {words}</span>
          </button>
        )}
      </span>
    </li>
  )
}

function State({ row }: { readonly row: Row }): ReactNode {
  if (row.status === 'unknown') return 'not known here'
  if (row.status === 'firing')
    return (
      <>
        {row.level} for <TimeAgo at={(row.since ?? 0) / 1_000} suffix="" />
      </>
    )
  if (row.resolvedAt === null) return 'over'
  return (
    <>
      over <TimeAgo at={row.resolvedAt / 1_000} />
    </>
  )
}

function Pages({
  page,
  hasMore,
  onPage,
}: {
  readonly page: number
  readonly hasMore: boolean
  readonly onPage: (page: number) => void
}): ReactNode {
  if (page === 0 && !hasMore) return null
  return (
    <p className="flex gap-2 border-t py-2">
      <Button
        size="small"
        waitsFor={page === 0 ? 'this is the first page' : undefined}
        onClick={() => onPage(page - 1)}
      >
        Earlier
      </Button>
      <Button
        size="small"
        waitsFor={hasMore ? undefined : 'this is the last page'}
        onClick={() => onPage(page + 1)}
      >
        More
      </Button>
    </p>
  )
}
