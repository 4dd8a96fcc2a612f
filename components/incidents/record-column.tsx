'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { type ReactNode, useEffect, useState } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { failedFace } from '@/components/state/failed-face'
import { NewRows } from '@/components/state/new-rows'
import { PanelFace } from '@/components/state/panel-face'
import { useHeldRows } from '@/components/state/use-held-rows'
import { Button } from '@/components/ui/button'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { FILTERS, type Filter } from '@/lib/incidents/view'
import { HeldActions } from './held-actions'
import { NoteComposer } from './note-composer'
import { RECORD_PAGE } from './record-page'
import { RecordItem } from './record-row'
import { recordRows } from './record-rows'
import type { EntryData, IncidentData, Me, RecordData } from './types'
import { useRecordTail } from './use-record-tail'

const AROUND = 20
const FILTER_TITLES: Readonly<Record<Filter, string>> = {
  key: 'Key',
  all: 'All',
  comms: 'Comms',
  machine: 'Machine',
  pins: 'Pins',
}

function filterOf(value: string | undefined): Filter {
  return FILTERS.find((filter) => filter === value) ?? 'all'
}

/** RecordColumn is the record, newest first; filter and entry are in the address, and new rows wait above. */
export function RecordColumn({
  incident,
  initial,
  me,
}: {
  readonly incident: IncidentData
  readonly initial: RecordData
  readonly me: Me
}): ReactNode {
  const newest = useRecordTail(incident.id)
  const cut = useAddress('record')
  const filter = filterOf(cut.value)
  const target = Number(useAddress('entry').value ?? 0)
  const [before, setBefore] = useState<number | undefined>(target > 0 ? target + AROUND : undefined)
  return (
    <>
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="text-13">Record</h2>
        <nav aria-label="Cut of the record" className="ml-auto flex gap-3">
          {FILTERS.map((one) => (
            <a
              key={one}
              {...cut.linkTo(one)}
              aria-current={one === filter ? 'true' : undefined}
              className={clsx(
                'border-b-2 pb-1 pointer-coarse:grid pointer-coarse:min-h-11 pointer-coarse:items-center',
                one === filter ? 'border-ink font-medium' : 'border-transparent text-ink-2 hover:text-ink',
              )}
            >
              {FILTER_TITLES[one]}
              {one === 'all' ? (
                <span className="ml-1 text-12 text-ink-3">{Math.max(incident.lastSeq, newest)}</span>
              ) : null}
            </a>
          ))}
        </nav>
      </header>
      <HeldActions incidentId={incident.id} />
      <Entries
        key={`${filter} ${before ?? 'newest'}`}
        incident={incident}
        me={me}
        filter={filter}
        before={before}
        target={target}
        initial={filter === 'all' && before === undefined ? initial : undefined}
        onPage={setBefore}
      />
      {can(me.roles, 'incidents.note') && incident.mergedInto === null ? (
        <div className="sticky bottom-0 mt-auto hidden bg-bg pt-2 pb-3 md:block">
          <NoteComposer incident={incident} />
        </div>
      ) : null}
    </>
  )
}

function Entries({
  incident,
  me,
  filter,
  before,
  target,
  initial,
  onPage,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly filter: Filter
  readonly before: number | undefined
  readonly target: number
  readonly initial: RecordData | undefined
  readonly onPage: (before: number | undefined) => void
}): ReactNode {
  const input = { id: incident.id, filter, limit: RECORD_PAGE, ...(before === undefined ? {} : { before }) }
  const query = useQuery({
    ...queryOf('incidents.timeline', input),
    placeholderData: keepPreviousData,
    ...(initial === undefined ? {} : { initialData: initial, initialDataUpdatedAt: incident.nowMs }),
    refetchInterval: 30_000,
  })
  const entries = query.data?.entries
  const held = useHeldRows<EntryData>(entries, (entry) => entry.id)
  const own = (entries ?? []).filter((entry) => entry.by === me.handle && !held.shown.includes(entry))
  useEffect(() => {
    if (target > 0 && entries) document.getElementById(`entry-${target}`)?.scrollIntoView({ block: 'center' })
  }, [target, entries])
  useEffect(() => {
    if (own.length > 0) held.show()
  })
  if (query.isError) return <PanelFace face={failedFace(query, 'The record could not be read.')} />
  if (entries === undefined) return <PanelFace face={{ kind: 'loading', rows: 8 }} />
  const isWhole = !query.data?.hasMore
  const gaps = filter === 'all' || filter === 'key' || filter === 'machine' ? incident.gaps : []
  const rows = recordRows(held.shown, before === undefined ? gaps : [], isWhole)
  const oldest = entries.at(-1)?.seq
  return (
    <>
      <NewRows count={held.waiting} onShow={held.show} />
      {rows.length === 0 ? (
        <p className="border-t py-3 text-ink-2">Nothing of this kind in the record.</p>
      ) : (
        <ol aria-label="Entries, newest first">
          {rows.map((row) => (
            <RecordItem key={row.key} row={row} isTarget={row.kind === 'entry' && row.entry.seq === target} />
          ))}
        </ol>
      )}
      {before === undefined && isWhole ? null : (
        <div className="flex gap-2 border-t py-2">
          {before === undefined ? null : (
            <Button size="small" onClick={() => onPage(undefined)}>
              To the newest
            </Button>
          )}
          {isWhole || oldest === undefined ? null : (
            <Button size="small" onClick={() => onPage(oldest)}>
              Older
            </Button>
          )}
        </div>
      )}
    </>
  )
}
