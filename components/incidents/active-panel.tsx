'use client'

import type { ReactNode } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { IncidentRow } from './incident-row'
import { useOpenIncidents } from './use-open-incidents'

const TITLE = 'Active incidents'

/** ActivePanel is the board's list of incidents, next due first; while none goes on it takes no room. */
export function ActivePanel(): ReactNode {
  const query = useOpenIncidents()
  if (query.isPending) return <Panel title={TITLE} face={{ kind: 'loading', rows: 2 }} />
  if (query.isError)
    return <Panel title={TITLE} face={failedFace(query, 'The incidents could not be read.')} />
  const { incidents } = query.data
  if (incidents.length === 0) return null
  return (
    <Panel title={TITLE} note="next due first" aside="Watchfloor · live">
      <ol>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} isWide={false} />
        ))}
      </ol>
    </Panel>
  )
}
