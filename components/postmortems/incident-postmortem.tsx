'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Link } from '@/components/ui/link'
import { can, type Role } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { STATE_WORDS } from '@/lib/postmortems/model'
import { DraftButton } from './draft-button'

/** IncidentPostmortem stands on the page of a resolved incident: its postmortem, or the proposal to draft one. */
export function IncidentPostmortem({
  incident,
  me,
}: {
  readonly incident: { readonly id: string; readonly name: string }
  readonly me: { readonly roles: readonly Role[] }
}): ReactNode {
  const query = useQuery(queryOf('postmortems.ofIncident', { incidentId: incident.id }))
  if (query.data === undefined) {
    if (query.error === null) return <Panel title="Postmortem" face={{ kind: 'loading', rows: 1 }} />
    const retry = (): void => void query.refetch()
    return <Panel title="Postmortem" face={{ kind: 'failed', sentence: 'It could not be read.', retry }} />
  }
  const { postmortem, isProposed, isResolved } = query.data
  if (postmortem !== null)
    return (
      <Panel title="Postmortem" aside={STATE_WORDS[postmortem.state]}>
        <p className="break-words">
          <Link className="link" href={`/postmortems/${postmortem.number}`}>
            {postmortem.name}
          </Link>{' '}
          {postmortem.title}
        </p>
      </Panel>
    )
  if (!isResolved) return null
  return (
    <Panel title="Postmortem" aside={isProposed ? 'proposed' : undefined}>
      <p className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 text-pretty">
          {isProposed
            ? 'It is resolved: the record can be drafted into a postmortem now.'
            : 'Its severity asks for no postmortem; one can be drafted all the same.'}
        </span>
        {can(me.roles, 'postmortems.draft') ? (
          <DraftButton incidentId={incident.id} name={incident.name} />
        ) : null}
      </p>
    </Panel>
  )
}
