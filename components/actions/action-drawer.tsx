'use client'

import type { ReactNode } from 'react'
import { Drawer } from '@/components/ui/drawer'
import { Skeleton } from '@/components/ui/skeleton'
import { ManualForm } from './manual-form'
import { type Opened, openAction } from './opened'
import { PrepareForm } from './prepare-form'
import { RunBody } from './run-body'
import { useRun } from './use-actions'
import { RISK_TITLES } from './words'

/** ActionDrawer prepares an action, writes one down that was done by hand, or shows a run as it stands. */
export function ActionDrawer({
  opened,
  incidentId,
  onClose,
}: {
  readonly opened: Opened
  readonly incidentId: string
  readonly onClose: () => void
}): ReactNode {
  if (opened.kind === 'run') return <RunDrawer id={opened.id} onClose={onClose} />
  const { action, kind } = opened
  return (
    <Drawer
      open
      onClose={onClose}
      title={action.title}
      subtitle={kind === 'manual' ? 'Done by hand' : `${RISK_TITLES[action.risk]} · nothing is sent yet`}
    >
      {kind === 'manual' ? (
        <ManualForm action={action} incidentId={incidentId} onDone={showRun} />
      ) : (
        <PrepareForm action={action} incidentId={incidentId} onDone={showRun} />
      )}
    </Drawer>
  )
}

function showRun(id: string): void {
  openAction({ kind: 'run', id })
}

function RunDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
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
        <RunBody run={run} onOpenRun={showRun} />
      )}
    </Drawer>
  )
}
