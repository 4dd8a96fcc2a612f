'use client'

import type { ReactNode } from 'react'
import { FlowChart } from '@/components/queues/flow-chart'
import { queueHref } from '@/components/queues/queue-address'
import { useQueueHistory } from '@/components/queues/use-queue-history'
import { FigureValue } from '@/components/state/figure-value'
import { duration, limitTime } from '@/components/time/format'
import { Link } from '@/components/ui/link'
import { StateMark } from '@/components/ui/state-mark'
import type { QueueRow } from '@/lib/health/wire'

/** QueueBrief is one queue on the board: what waits, how long, and whether dispatch keeps up with arrival. */
export function QueueBrief({ queue }: { readonly queue: QueueRow }): ReactNode {
  const history = useQueueHistory({ name: queue.name, type: queue.type, minutes: 60 })
  return (
    <article className="min-w-0">
      <h3 className="truncate font-medium">
        <Link href={queueHref(queue)} className="font-mono hover:underline">
          {queue.name}
        </Link>{' '}
        <span className="font-normal text-ink-3">{queue.type}</span>
      </h3>
      <div className="flex items-start justify-between gap-4">
        <div className="flex gap-6">
          <p>
            <span className="block text-24 font-medium">
              <FigureValue figure={queue.backlog} write={(value) => value.toLocaleString('en-US')} />
            </span>
            <span className="text-12 text-ink-2">waiting</span>
          </p>
          <p>
            <span className="block text-24 font-medium">
              <FigureValue figure={queue.oldestSeconds} write={duration} />
            </span>
            <span className="flex items-center gap-1.5 text-12 whitespace-nowrap text-ink-2">
              {queue.rating === 'clear' ? null : <StateMark mark={queue.rating} />}
              oldest
              {queue.oldestSeconds.warn === undefined ? '' : `, limit ${limitTime(queue.oldestSeconds.warn)}`}
            </span>
          </p>
        </div>
        <dl className="min-w-28 pt-0.5 text-12 leading-4.5 text-ink-2">
          <Row mark="border-ink" title="In">
            <FigureValue figure={queue.addPerMinute} />
          </Row>
          <Row mark="border-spark" title="Out">
            <FigureValue figure={queue.dispatchPerMinute} />
          </Row>
          <Row title="Pollers">
            <FigureValue
              figure={queue.freshPollers}
              write={(value) => `${value} of ${queue.listedPollers}`}
            />
          </Row>
        </dl>
      </div>
      <FlowChart history={history.data} isLoading={history.isPending} className="mt-2 h-12 short:h-10" />
    </article>
  )
}

function Row({
  mark,
  title,
  children,
}: {
  readonly mark?: string
  readonly title: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="flex items-center justify-between gap-3">
      <dt className="flex items-center gap-1.5">
        {mark === undefined ? null : <span className={`w-3 border-t-[1.5px] ${mark}`} />}
        {title}
      </dt>
      <dd className="font-mono text-ink">{children}</dd>
    </div>
  )
}
