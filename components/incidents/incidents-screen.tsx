'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { useServerNow } from '@/lib/client/health-store'
import { openDeclare } from './declare-from'
import { IncidentRow } from './incident-row'
import { OfflineNote } from './offline-note'
import { PastIncidents } from './past-incidents'
import type { Me, OpenData } from './types'

const REFRESH_MS = 30_000

/** IncidentsScreen is the room: what goes on, next due first, and below it what was. */
export function IncidentsScreen({ initial, me }: { readonly initial: OpenData; readonly me: Me }): ReactNode {
  const query = useQuery({
    ...queryOf('incidents.open', {}),
    initialData: initial,
    initialDataUpdatedAt: initial.nowMs,
    refetchInterval: REFRESH_MS,
  })
  useActions(useMemo(() => moves(), []))
  const { incidents } = query.data
  const mayDeclare = can(me.roles, 'incidents.declare')
  const declare = mayDeclare ? (
    <Button variant="primary" keys="D" onClick={openDeclare}>
      Declare
    </Button>
  ) : undefined
  return (
    <div className="px-4 pb-8 md:px-6">
      <OfflineNote asOfMs={query.data.nowMs} />
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2 pt-5 pb-4">
        <h1 className="text-20 font-normal text-ink-2">
          <span className="sr-only">Incidents: </span>
          <Standing incidents={incidents} />
        </h1>
        <div className="ml-auto">{declare}</div>
      </header>
      <Panel
        title="Going on"
        note="next due first"
        aside={query.isError ? 'could not be read again' : 'Watchfloor · live'}
        face={
          incidents.length === 0
            ? { kind: 'empty', sentence: 'Nothing is burning. No incident and no drill goes on.' }
            : { kind: 'ready' }
        }
      >
        <ol>
          {incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ol>
      </Panel>
      <PastIncidents />
    </div>
  )
}

function Standing({ incidents }: { readonly incidents: OpenData['incidents'] }): ReactNode {
  const now = useServerNow()
  const real = incidents.filter((incident) => !incident.isDrill)
  const drills = incidents.length - real.length
  const unanswered = real.filter((incident) => incident.phase === 'triage').length
  const late = real.filter(
    ({ next }) => next !== null && (now === 0 ? next.overMs > 0 : next.dueAtMs < now),
  ).length
  return (
    <>
      {real.length === 0
        ? 'No incident goes on'
        : `${real.length} ${real.length === 1 ? 'incident' : 'incidents'} active`}
      {unanswered === 0 ? null : (
        <>
          , <b className="font-semibold text-breach">{unanswered} not answered</b>
        </>
      )}
      {late === 0 ? null : (
        <>
          , <b className="font-semibold text-breach">{late} overdue</b>
        </>
      )}
      {drills === 0 ? '' : `, ${drills} ${drills === 1 ? 'drill' : 'drills'}`}
    </>
  )
}

/** J and K move through the list; Enter opens, as on every link. */
function moves(): readonly Action[] {
  const step = (by: 1 | -1) => () => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-incident-row]')]
    const at = rows.indexOf(document.activeElement as HTMLElement)
    rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus()
  }
  return [
    {
      id: 'incident-next',
      title: 'Next incident in the list',
      group: 'On this page',
      keys: 'J',
      run: step(1),
    },
    { id: 'incident-previous', title: 'Incident before it', group: 'On this page', keys: 'K', run: step(-1) },
  ]
}
