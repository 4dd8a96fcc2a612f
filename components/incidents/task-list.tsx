'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { useWarmUp } from '@/components/ui/use-warm-up'
import { can } from '@/lib/access/permissions'
import type { DialogKind } from './dialog-kinds'
import type { IncidentData, Me } from './types'

const loadRows = () => import('./task-rows').then((module) => module.TaskRows)
const TaskRows = later(loadRows)

/** TaskList is one person and so many minutes each; what is done folds to a line. */
export function TaskList({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  useWarmUp(loadRows)
  const mayGive =
    can(me.roles, 'incidents.work') && incident.mergedInto === null && incident.status !== 'resolved'
  const add = mayGive ? (
    <Button size="small" keys="T" onClick={() => open({ kind: 'task' })}>
      Give a task
    </Button>
  ) : undefined
  return (
    <Panel
      title="Tasks"
      aside={incident.tasks.length === 0 ? undefined : add}
      face={
        incident.tasks.length === 0
          ? {
              kind: 'empty',
              sentence: 'No task is given. A task is one person and so many minutes.',
              action: add,
            }
          : { kind: 'ready' }
      }
    >
      {incident.tasks.length === 0 ? null : <TaskRows incident={incident} me={me} />}
    </Panel>
  )
}
