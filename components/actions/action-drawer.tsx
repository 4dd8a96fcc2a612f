'use client'

import type { ReactNode } from 'react'
import { Drawer } from '@/components/ui/drawer'
import { Skeleton } from '@/components/ui/skeleton'
import { ManualForm } from './manual-form'
import { PrepareForm } from './prepare-form'
import { RunBody } from './run-body'
import type { OfferedAction, Place } from './types'
import { useRun } from './use-actions'
import { RISK_TITLES } from './words'

/** Opened is what the drawer is about: an action to prepare or to write down, or a run. */
export type Opened =
  | { readonly kind: 'prepare' | 'manual'; readonly action: OfferedAction }
  | { readonly kind: 'run'; readonly id: string }

/** ActionDrawer prepares an action, writes one down that was done by hand, or shows a run as it stands. */
export function ActionDrawer({
  opened,
  incident,
  onOpen,
  onClose,
}: {
  readonly opened: Opened
  readonly incident: Pick<Place, 'id'>
  readonly onOpen: (next: Opened) => void
  readonly onClose: () => void
}): ReactNode {
  if (opened.kind === 'run') return <RunDrawer id={opened.id} onOpen={onOpen} onClose={onClose} />
  const { action, kind } = opened
  const shown = (id: string): void => onOpen({ kind: 'run', id })
  return (
    <Drawer
      open
      onClose={onClose}
      title={action.title}
      subtitle={kind === 'manual' ? 'Done by hand' : `${RISK_TITLES[action.risk]} · nothing is sent yet`}
    >
      {kind === 'manual' ? (
        <ManualForm action={action} incidentId={incident.id} onDone={shown} />
      ) : (
        <PrepareForm action={action} incidentId={incident.id} onDone={shown} />
      )}
    </Drawer>
  )
}

function RunDrawer({
  id,
  onOpen,
  onClose,
}: {
  readonly id: string
  readonly onOpen: (next: Opened) => void
  readonly onClose: () => void
}): ReactNode {
  const { run, isFailed, retry } = useRun(id)
  return (
    <Drawer
      open
      onClose={onClose}
      title={run?.title ?? 'Action'}
      subtitle={run === undefined ? '' : `${RISK_TITLES[run.risk]} · by @${run.preparedBy.handle}`}
    >
      {run === undefined ? (
        isFailed ? (
          <p role="alert">
            This run could not be read.{' '}
            <button type="button" className="link" onClick={retry}>
              Try again
            </button>
          </p>
        ) : (
          <Skeleton className="h-40" />
        )
      ) : (
        <RunBody run={run} onOpenRun={(next) => onOpen({ kind: 'run', id: next })} />
      )}
    </Drawer>
  )
}
