'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { eventGroups } from '@/components/state/event-groups'
import { EventRow } from '@/components/state/event-row'
import { failedFace } from '@/components/state/failed-face'
import { NewRows } from '@/components/state/new-rows'
import { Panel } from '@/components/state/panel'
import { useHeldRows } from '@/components/state/use-held-rows'
import { Button } from '@/components/ui/button'
import { queryOf } from '@/lib/client/api'

const TITLE = 'What changed in the last hour'
const REFRESH_MS = 15_000
const SHOWN = 12

/** LastHour lists every rating that changed in the last hour, newest first; new ones wait until asked for. */
export function LastHour(): ReactNode {
  const query = useQuery({ ...queryOf('health.events', { minutes: 60 }), refetchInterval: REFRESH_MS })
  const held = useHeldRows(query.data, (event) => String(event.id))
  const [isWhole, setWhole] = useState(false)
  if (query.isPending) return <Panel title={TITLE} face={{ kind: 'loading', rows: 5 }} />
  if (query.isError) {
    return <Panel title={TITLE} face={failedFace(query, 'The changes could not be read.')} />
  }
  if (held.shown.length === 0 && held.waiting === 0) {
    return <Panel title={TITLE} face={{ kind: 'empty', sentence: 'No rating changed in the last hour.' }} />
  }
  const groups = eventGroups(held.shown)
  return (
    <Panel title={TITLE} aside="Watchfloor · live">
      <NewRows count={held.waiting} onShow={held.show} />
      <ol>
        {groups.slice(0, isWhole ? undefined : SHOWN).map((group) => (
          <EventRow key={group.id} group={group} />
        ))}
      </ol>
      {isWhole || groups.length <= SHOWN ? null : (
        <Button size="small" variant="quiet" className="mt-1" onClick={() => setWhole(true)}>
          {groups.length - SHOWN} more
        </Button>
      )}
    </Panel>
  )
}
