'use client'

import { useQueryClient } from '@tanstack/react-query'
import { Hourglass } from 'lucide-react'
import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import type { Wire } from '@/lib/client/api'
import type { HeldAction } from '@/lib/client/held'
import { dropHeld, retryHeld } from '@/lib/client/held-queue'
import type { QueryResult } from '@/lib/registry'
import { conflictOf } from './conflict-note'
import { heldWords } from './held-words'
import type { IncidentData } from './types'

/** HeldItems are actions that wait in this browser, or were refused, with the way on for each. */
export function HeldItems({ actions }: { readonly actions: readonly HeldAction[] }): ReactNode {
  return (
    <ol aria-label="Waiting to be sent" className="border-t border-warn">
      {actions.map((action) => (
        <HeldItem key={action.order} action={action} />
      ))}
    </ol>
  )
}

function HeldItem({ action }: { readonly action: HeldAction }): ReactNode {
  const subject = useSubject(action)
  const { command, problem } = action
  const words = heldWords(command, subject)
  return (
    <li className="grid grid-cols-[3.25rem_1rem_minmax(0,1fr)] gap-x-2.5 border-b py-2">
      <span className="text-12 text-ink-2">
        <Instant at={action.typedAtMs / 1000} />
      </span>
      <Hourglass className="mt-1 size-3.5 text-warn" aria-hidden="true" />
      <div className="grid min-w-0 gap-1.5">
        <p className="break-words whitespace-pre-wrap">{words}</p>
        {problem === undefined ? (
          <p className="flex flex-wrap items-center gap-x-3 text-12 text-ink-2">
            Waiting to be sent
            <Button size="small" variant="quiet" onClick={() => void dropHeld(action.order)}>
              Take it back
            </Button>
          </p>
        ) : (
          <Refusal action={action} detail={problem.detail} />
        )}
      </div>
    </li>
  )
}

function Refusal({ action, detail }: { readonly action: HeldAction; readonly detail: string }): ReactNode {
  const conflict = conflictOf(action.problem)
  return (
    <div role="alert" className="grid gap-1.5 border-l-2 border-breach pl-3 text-13">
      <p>Not taken: {detail}</p>
      {conflict === undefined ? null : (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-12">
          <dt className="text-ink-3">{conflict.by === undefined ? 'There now' : `@${conflict.by}`}</dt>
          <dd>{conflict.theirs ?? 'no one'}</dd>
          <dt className="text-ink-3">You</dt>
          <dd>{conflict.yours ?? 'no one'}</dd>
        </dl>
      )}
      <p className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => void retryHeld(action)}>
          Send it again
        </Button>
        <Button size="small" variant="quiet" onClick={() => void dropHeld(action.order)}>
          {conflict === undefined ? 'Let it go' : 'Keep what is there'}
        </Button>
      </p>
    </div>
  )
}

type Lists = Wire<QueryResult<'checklists.ofIncident'>>

/** The text of the task or item that a held command is about, where this page has read it. */
function useSubject({ incident: { id }, command }: HeldAction): string | undefined {
  const client = useQueryClient()
  if ('taskId' in command.input) {
    const { taskId } = command.input
    const incident = client.getQueryData<IncidentData>(['incidents.byId', { ref: id }])
    return incident?.tasks.find((task) => task.id === taskId)?.text
  }
  if (!('list' in command.input)) return undefined
  const { list: name, ...rest } = command.input
  const lists = client.getQueryData<Lists>(['checklists.ofIncident', { incidentId: id }])?.lists
  const list = lists?.find((one) => one.id === name)
  return 'item' in rest ? list?.items.find((item) => item.id === rest.item)?.text : list?.title
}
