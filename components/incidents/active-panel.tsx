'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { LinkButton } from '@/components/ui/link-button'
import { openDeclare } from './declare-host'
import { IncidentRow } from './incident-row'
import { useOpenIncidents } from './use-open-incidents'

const TITLE = 'Active incidents'

/** ActivePanel is the board's list of incidents, next due first; while none goes on it takes no room. */
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

/** BoardButtons open the incident that is due next and declare a new one. */
export function BoardButtons({ mayDeclare }: { readonly mayDeclare: boolean }): ReactNode {
  const first = useOpenIncidents().data?.incidents[0]
  return (
    <div className="flex shrink-0 flex-wrap gap-2 md:grid">
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
