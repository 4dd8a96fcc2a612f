'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { can } from '@/lib/access/permissions'
import { openAction } from './opened'
import type { Me } from './types'
import { useRuns } from './use-runs'

/** RunAsks are the dangerous actions that wait for this person's word as the second one. */
export function RunAsks({ incidentId, me }: { readonly incidentId: string; readonly me: Me }): ReactNode {
  const { data } = useRuns(incidentId)
  const asks = can(me.roles, 'actions.approve')
    ? data?.runs.filter((run) => run.state === 'waiting' && run.preparedBy.id !== me.id)
    : undefined
  return (
    <>
      {asks?.map((run) => (
        <section
          key={run.id}
          aria-label={`@${run.preparedBy.handle} asks for a second person`}
          className="grid gap-2 rounded-3 border border-line-2 bg-raise p-4"
        >
          <h2 className="text-13">@{run.preparedBy.handle} asks for a second person</h2>
          <p className="text-pretty">
            {run.title} <span className="text-ink-3">on {run.subject}</span>
          </p>
          <Button
            variant="primary"
            className="justify-self-start"
            onClick={() => openAction({ kind: 'run', id: run.id })}
          >
            Look at the plan
          </Button>
        </section>
      ))}
    </>
  )
}
