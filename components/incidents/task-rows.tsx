'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { IncidentClock } from './incident-clock'
import type { IncidentData, Me, TaskData } from './types'
import { useHeldTicks } from './use-held'
import { tellProblem, useIncidentCommand } from './use-incident-command'

/** TaskRows are the tasks of an incident: what is open with its clock, then what is done. */
export function TaskRows({ incident, me }: { readonly incident: IncidentData; readonly me: Me }): ReactNode {
  const unfinished = incident.tasks.filter((task) => task.finishedAtMs === null)
  const finished = incident.tasks.filter((task) => task.finishedAtMs !== null)
  return (
    <ul>
      {unfinished.map((task) => (
        <OpenTask key={task.id} task={task} incident={incident} me={me} />
      ))}
      {finished.map((task) => (
        <li
          key={task.id}
          className="grid grid-cols-[0.75rem_minmax(0,1fr)_auto] items-center gap-x-3 border-t py-1.5 text-ink-2"
        >
          <StateMark mark={task.outcome === 'dropped' ? 'false' : 'clear'} />
          <span>
            {task.text}
            {task.outcome === 'dropped' ? ' (dropped)' : ''}
            {task.result === '' ? '' : `: ${task.result}`}
          </span>
          <span className="text-12 text-ink-3">
            @{task.owner} <Instant at={(task.finishedAtMs ?? 0) / 1000} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function OpenTask({
  task,
  incident,
  me,
}: {
  readonly task: TaskData
  readonly incident: IncidentData
  readonly me: Me
}): ReactNode {
  const command = useIncidentCommand(incident)
  const held = useHeldTicks(task.id)
  const clock = incident.clocks.find((one) => one.id === `task:${task.id}`)
  const isMine = task.ownerId === me.id
  const mayFinish = isMine || can(me.roles, 'incidents.command')
  const finish = (outcome: 'done' | 'dropped') => () =>
    void command.send('incidents.finishTask', { taskId: task.id, outcome }, tellProblem)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 border-t py-2">
      <div className="min-w-0">
        {clock === undefined ? (
          <p className="font-medium">
            {task.text} <span className="text-ink-3">@{task.owner}</span>
          </p>
        ) : (
          <IncidentClock clock={clock} />
        )}
        <p className="text-12 text-ink-3">
          {task.isAcknowledged || held.isAccepted ? 'accepted' : `waits for @${task.owner} to accept`}
          {held.outcome === undefined ? '' : `, ${held.outcome}`}
          {held.isAny ? ' · waiting to be sent' : ''}
        </p>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        {isMine && !task.isAcknowledged && !held.isAccepted ? (
          <Button
            size="small"
            busy={command.busy}
            onClick={() => void command.send('incidents.ackTask', { taskId: task.id }, tellProblem)}
          >
            Accept
          </Button>
        ) : null}
        {mayFinish && held.outcome === undefined ? (
          <>
            <Button size="small" busy={command.busy} onClick={finish('done')}>
              Done
            </Button>
            <Button size="small" variant="quiet" busy={command.busy} onClick={finish('dropped')}>
              Drop
            </Button>
          </>
        ) : null}
      </div>
    </li>
  )
}
