'use client'

import type { ReactNode } from 'react'
import { worstQueues } from '@/components/queues/queue-order'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { LinkButton } from '@/components/ui/link-button'
import { useBoard } from '@/lib/client/health-store'
import { QueueBrief } from './queue-brief'

const SHOWN = 2
const TITLE = 'Queues, last hour'

/** QueuesBrief shows the two queues that need the eye most; the room has all. */
export function QueuesBrief(): ReactNode {
  const queues = useBoard((board) => board.queues)
  if (queues === undefined) return <Panel title={TITLE} face={{ kind: 'loading', rows: 5 }} />
  const first = queues[0]
  if (first === undefined) {
    return (
      <Panel
        title={TITLE}
        face={{
          kind: 'empty',
          sentence: 'No task queue is watched. Connect Temporal to see work waiting and who polls for it.',
          action: (
            <LinkButton href="/settings/sources#temporal" size="small">
              Connect Temporal
            </LinkButton>
          ),
        }}
      />
    )
  }
  const shown = worstQueues(queues, SHOWN)
  const rest = queues.length - shown.length
  return (
    <Panel
      title={TITLE}
      note={rest > 0 ? `${rest} more, none of them worse` : undefined}
      aside={<SourceAge source={first.backlog.source || 'temporal'} at={first.backlog.at} />}
    >
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {shown.map((queue) => (
          <QueueBrief key={`${queue.type}/${queue.name}`} queue={queue} />
        ))}
      </div>
    </Panel>
  )
}
