'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { LinkButton } from '@/components/ui/link-button'
import { queryOf } from '@/lib/client/api'
import { openDeclare } from './declare-host'
import { IncidentRow } from './incident-row'

const REFRESH_MS = 30_000
const TITLE = 'Active incidents'

/** useOpenIncidents reads what goes on; every board part that speaks of incidents shares the one reading. */
export function useOpenIncidents() {
  return useQuery({ ...queryOf('incidents.open', {}), refetchInterval: REFRESH_MS })
}

/** ActivePanel is the board's list of incidents: next due first, empty when all is quiet. */
export function ActivePanel(): ReactNode {
  const query = useOpenIncidents()
  if (query.isPending) return <Panel title={TITLE} face={{ kind: 'loading', rows: 2 }} />
  if (query.isError)
    return (
      <Panel
        title={TITLE}
        face={{
          kind: 'failed',
          sentence: 'The incidents could not be read.',
          detail: query.error.message,
          retry: () => void query.refetch(),
        }}
      />
    )
  const { incidents } = query.data
  return (
    <Panel
      title={TITLE}
      note={incidents.length === 0 ? undefined : 'next due first'}
      aside="Watchfloor · live"
      face={incidents.length === 0 ? { kind: 'empty', sentence: 'Nothing is burning.' } : { kind: 'ready' }}
    >
      <ol>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} isWide={false} />
        ))}
      </ol>
    </Panel>
  )
}

/** BoardButtons open the incident that is due next and declare a new one. */
export function BoardButtons({ mayDeclare }: { readonly mayDeclare: boolean }): ReactNode {
  const first = useOpenIncidents().data?.incidents[0]
  return (
    <div className="grid shrink-0 gap-2">
      {first === undefined ? null : (
        <LinkButton variant="primary" href={`/incidents/${first.name}`}>
          Open {first.name}
        </LinkButton>
      )}
      {mayDeclare ? (
        <Button keys="D" onClick={openDeclare}>
          Declare
        </Button>
      ) : null}
    </div>
  )
}
