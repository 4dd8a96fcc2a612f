'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { queryOf } from '@/lib/client/api'
import { ActionEntry } from './action-entry'
import { openAction } from './opened'
import type { OfferedAction, Place } from './types'
import { RISK_TITLES } from './words'

const REFRESH_MS = 30_000

/** LeafActions is what may be done about a cause, in order: the first in full, the others one press away. */
export function LeafActions({
  leaf,
  incident,
  waiting,
}: {
  readonly leaf: string
  readonly incident: Place
  /** waiting stands here until the actions are known: their titles alone. */
  readonly waiting: ReactNode
}): ReactNode {
  const query = useQuery({
    ...queryOf('actions.offered', { incidentId: incident.id, leaf }),
    refetchInterval: REFRESH_MS,
  })
  const actions = query.data?.actions ?? []
  const named = actions.filter((action) => action.leaf !== null)
  const general = actions.filter((action) => action.leaf === null)
  const [first, ...others] = named
  usePrepareKey(first)
  if (query.data === undefined) {
    if (query.error === null) return waiting
    return (
      <>
        {waiting}
        <p role="alert" className="text-ink-2">
          The actions could not be read.{' '}
          <button type="button" className="link" onClick={() => void query.refetch()}>
            Try again
          </button>
        </p>
      </>
    )
  }
  const entry = (action: OfferedAction, isFirst: boolean): ReactNode => (
    <ActionEntry
      action={action}
      isFirst={isFirst}
      onPrepare={() => openAction({ kind: 'prepare', action })}
      onManual={() => openAction({ kind: 'manual', action })}
    />
  )
  return (
    <div className="grid gap-3">
      <ol aria-label="What to do, in order" className="grid gap-2">
        {first === undefined ? null : (
          <li className="grid gap-2">
            <h3 className="text-16">{first.title}</h3>
            {entry(first, true)}
          </li>
        )}
        {others.map((action, index) => (
          <li key={action.id} className="border-t pt-2">
            <Folded action={action} number={index + 2}>
              {entry(action, false)}
            </Folded>
          </li>
        ))}
      </ol>
      {general.length === 0 ? null : (
        <details className="border-t pt-2">
          <summary className="cursor-pointer py-1 text-ink-2">
            {general.length} more, whatever the cause
          </summary>
          <ul aria-label="Whatever the cause" className="grid gap-2 pt-1">
            {general.map((action) => (
              <li key={action.id} className="border-t pt-2">
                <Folded action={action}>{entry(action, false)}</Folded>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function Folded({
  action,
  number,
  children,
}: {
  readonly action: OfferedAction
  readonly number?: number
  readonly children: ReactNode
}): ReactNode {
  return (
    <details>
      <summary className="cursor-pointer py-1">
        {number === undefined ? null : <span className="pr-2 text-ink-3">{number}</span>}
        {action.title} <span className="text-12 text-ink-3">· {RISK_TITLES[action.risk]}</span>
      </summary>
      <div className="pt-2">{children}</div>
    </details>
  )
}

function usePrepareKey(first: OfferedAction | undefined): void {
  const actions = useMemo((): readonly Action[] => {
    if (first === undefined || !first.mayPrepare) return []
    const isByHand = first.isManual || first.unavailable !== null
    return [
      {
        id: 'action-first',
        title: isByHand ? `Write down: ${first.title}` : `Prepare: ${first.title}`,
        keys: 'P',
        group: 'On this page',
        run: () => openAction({ kind: isByHand ? 'manual' : 'prepare', action: first }),
      },
    ]
  }, [first])
  useActions(actions)
}
