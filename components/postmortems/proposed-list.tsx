'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { queryOf } from '@/lib/client/api'
import { DraftButton } from './draft-button'
import type { ProposedData } from './types'

/** ProposedList is what was resolved and has no postmortem yet although its severity asks for one. */
export function ProposedList({
  initial,
  mayDraft,
}: {
  readonly initial: ProposedData
  readonly mayDraft: boolean
}): ReactNode {
  const query = useQuery({ ...queryOf('postmortems.proposed', {}), placeholderData: initial })
  const incidents = query.data?.incidents ?? []
  if (incidents.length === 0) return null
  return (
    <Panel title="Proposed" note="resolved, and not written up">
      <ul className="border-t">
        {incidents.map((incident) => (
          <li key={incident.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2">
            <SeverityMark severity={incident.severity} />
            <span className="min-w-0 flex-1 break-words">
              <Link className="link" href={`/incidents/${incident.name}`}>
                {incident.name}
              </Link>{' '}
              {incident.title}
              <span className="block text-12 text-ink-3">
                resolved <Instant at={incident.resolvedAtMs / 1000} />
              </span>
            </span>
            {mayDraft ? <DraftButton incidentId={incident.id} name={incident.name} /> : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
