'use client'

import type { ReactNode } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { FigureValue } from '@/components/state/figure-value'
import { Panel } from '@/components/state/panel'
import { RoomHead } from '@/components/state/room-head'
import { SourceAge } from '@/components/state/source-age'
import { duration, limitTime } from '@/components/time/format'
import { later } from '@/components/ui/later'
import { LimitScale } from '@/components/ui/limit-scale'
import { LinkButton } from '@/components/ui/link-button'
import { StateWord } from '@/components/ui/state-word'
import { Table } from '@/components/ui/table'
import { useBoard } from '@/lib/client/health-store'
import type { QueueRow } from '@/lib/health/wire'
import { queueKey } from './queue-address'

const QueueDrawer = later(() => import('./queue-drawer').then((module) => module.QueueDrawer))

/** QueuesScreen lists every watched task queue; the open one is in the address. */
export function QueuesScreen(): ReactNode {
  const queues = useBoard((board) => board.queues)
  const open = useAddress('queue')
  const opened = queues?.find((queue) => queueKey(queue) === open.value)
  return (
    <div className="px-4 pb-8 md:px-6">
      <RoomHead title="Queues" ratings={queues?.map((queue) => queue.rating)} noun={['queue', 'queues']} />
      {queues === undefined ? (
        <Panel title="Task queues" face={{ kind: 'loading', rows: 6 }} />
      ) : queues.length === 0 ? (
        <Panel
          title="Task queues"
          face={{
            kind: 'empty',
            sentence:
              'No task queue is watched. Connect Temporal and name the queues that your workers poll.',
            action: <LinkButton href="/settings/sources#temporal">Connect Temporal</LinkButton>,
          }}
        />
      ) : (
        <Table label="Task queues">
          <thead>
            <tr>
              <th>Rating</th>
              <th>Queue</th>
              <th className="num">Waiting</th>
              <th className="num">Oldest</th>
              <th className="max-lg:hidden">Against its limits</th>
              <th className="num">Arriving</th>
              <th className="num">Dispatched</th>
              <th className="num">Pollers</th>
              <th className="num">Source</th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <Row key={queueKey(queue)} queue={queue} link={open.linkTo(queueKey(queue))} />
            ))}
          </tbody>
        </Table>
      )}
      {opened === undefined ? null : <QueueDrawer queue={opened} onClose={open.clear} />}
      {queues !== undefined && open.value !== undefined && opened === undefined ? (
        <p className="pt-4 text-ink-2">The queue {open.value} is not watched here.</p>
      ) : null}
    </div>
  )
}

function Row({
  queue,
  link,
}: {
  readonly queue: QueueRow
  readonly link: ReturnType<ReturnType<typeof useAddress>['linkTo']>
}): ReactNode {
  const { oldestSeconds } = queue
  return (
    <tr className="hover:bg-raise">
      <td>
        <StateWord rating={queue.rating} word={queue.state} />
      </td>
      <td className="min-w-56">
        <a {...link} className="block pointer-coarse:min-h-11">
          <span className="font-mono font-medium">{queue.name}</span>{' '}
          <span className="text-ink-3">{queue.type}</span>
          <span className="block text-12 text-ink-2">{queue.reason}</span>
          {queue.action === undefined ? null : <span className="block text-12 text-ink">{queue.action}</span>}
        </a>
      </td>
      <td className="num font-mono">
        <FigureValue figure={queue.backlog} write={(value) => value.toLocaleString('en-US')} />
      </td>
      <td className="num font-mono">
        <FigureValue figure={oldestSeconds} write={duration} />
      </td>
      <td className="max-lg:hidden">
        {oldestSeconds.limit === undefined ? null : (
          <span className="flex items-baseline gap-3">
            <LimitScale value={oldestSeconds.value} limit={oldestSeconds.limit} warn={oldestSeconds.warn} />
            <span className="text-12 whitespace-nowrap text-ink-3">
              &gt; {oldestSeconds.warn === undefined ? '' : `${limitTime(oldestSeconds.warn)}, `}
              {limitTime(oldestSeconds.limit)}
            </span>
          </span>
        )}
      </td>
      <td className="num font-mono">
        <FigureValue figure={queue.addPerMinute} />
      </td>
      <td className="num font-mono">
        <FigureValue figure={queue.dispatchPerMinute} />
      </td>
      <td className="num font-mono">
        <FigureValue figure={queue.freshPollers} write={(value) => `${value} of ${queue.listedPollers}`} />
      </td>
      <td className="num">
        <SourceAge source={queue.backlog.source || 'temporal'} at={queue.backlog.at} />
      </td>
    </tr>
  )
}
