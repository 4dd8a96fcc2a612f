'use client'

import { type ReactNode, useMemo } from 'react'
import { HistoryChart } from '@/components/charts/history-chart'
import { FigureValue } from '@/components/state/figure-value'
import { NextSteps } from '@/components/state/next-steps'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { SubjectEvents } from '@/components/state/subject-events'
import { duration, limitTime } from '@/components/time/format'
import { Drawer } from '@/components/ui/drawer'
import { StateWord } from '@/components/ui/state-word'
import type { QueueRow } from '@/lib/health/wire'
import { queueKey } from './queue-address'
import type { QueueHistory } from './queue-history'
import { queueRunbook } from './queue-runbook'
import { useQueueHistory } from './use-queue-history'

const STEP_SECONDS = 60

/** QueueDrawer is one queue: what is wrong in words, what to do, the figures, the last hour, the changes. */
export function QueueDrawer({
  queue,
  onClose,
}: {
  readonly queue: QueueRow
  readonly onClose: () => void
}): ReactNode {
  const history = useQueueHistory({ name: queue.name, type: queue.type, minutes: 60 })
  return (
    <Drawer
      open
      onClose={onClose}
      title={<span className="font-mono">{queue.name}</span>}
      subtitle={`${queue.type} task queue`}
    >
      <div className="grid gap-5">
        <div>
          <StateWord rating={queue.rating} word={queue.state} />
          <p className="text-16">{queue.reason}</p>
        </div>
        <NextSteps steps={queueRunbook(queue)} />
        <Figures queue={queue} />
        <Panel title="Last hour" aside="by the minute">
          {history.isError ? (
            <p className="text-ink-2">The history could not be read: {history.error.message}</p>
          ) : history.data === undefined ? null : (
            <Charts history={history.data} queue={queue} />
          )}
        </Panel>
        <SubjectEvents subject={queueKey(queue)} />
      </div>
    </Drawer>
  )
}

function Figures({ queue }: { readonly queue: QueueRow }): ReactNode {
  const rows = [
    { title: 'Waiting', figure: queue.backlog },
    { title: 'Oldest', figure: queue.oldestSeconds, write: duration },
    { title: 'Arriving', figure: queue.addPerMinute },
    { title: 'Dispatched', figure: queue.dispatchPerMinute },
    {
      title: 'Pollers seen lately',
      figure: queue.freshPollers,
      write: (value: number) => `${value} of ${queue.listedPollers} listed`,
    },
  ]
  return (
    <dl>
      {rows.map((row) => (
        <div key={row.title} className="grid grid-cols-[1fr_auto_auto] items-baseline gap-4 border-t py-1.5">
          <dt className="text-ink-2">{row.title}</dt>
          <dd className="font-mono">
            <FigureValue figure={row.figure} write={row.write} />
          </dd>
          <dd className="w-28 text-right">
            <SourceAge source={row.figure.source || 'temporal'} at={row.figure.at} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Charts({ history, queue }: { readonly history: QueueHistory; readonly queue: QueueRow }): ReactNode {
  const { warn, limit } = queue.oldestSeconds
  const flow = useMemo(
    () => [
      { title: 'Arriving', unit: '/min', values: history.addPerMinute, tone: 'ink' as const },
      { title: 'Dispatched', unit: '/min', values: history.dispatchPerMinute, tone: 'spark' as const },
    ],
    [history],
  )
  const age = useMemo(
    () => [{ title: 'Oldest', unit: 's', values: history.oldestSeconds, tone: 'ink' as const }],
    [history],
  )
  const waiting = useMemo(
    () => [
      { title: 'Waiting', unit: 'tasks', values: history.backlog, tone: 'ink' as const },
      { title: 'Pollers', unit: '', values: history.pollers, tone: 'spark' as const },
    ],
    [history],
  )
  const limits = useMemo(
    () => [
      ...(warn === undefined
        ? []
        : [{ title: `warning ${limitTime(warn)}`, value: warn, tone: 'warn' as const }]),
      ...(limit === undefined
        ? []
        : [{ title: `breach ${limitTime(limit)}`, value: limit, tone: 'breach' as const }]),
    ],
    [warn, limit],
  )
  const shared = { times: history.t, stepSeconds: STEP_SECONDS, height: 120 }
  return (
    <div className="grid gap-4">
      <HistoryChart label="Arrival against dispatch" series={flow} {...shared} />
      <HistoryChart label="Age of the oldest task" series={age} limits={limits} {...shared} />
      <HistoryChart label="Waiting tasks and pollers" series={waiting} {...shared} />
    </div>
  )
}
