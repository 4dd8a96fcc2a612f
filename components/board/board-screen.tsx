'use client'

import { type ReactNode, useMemo } from 'react'
import { ChannelNotice } from '@/components/channels/channel-notice'
import { type Action, useActions } from '@/components/shell/actions'
import { useAddress } from '@/components/shell/use-address'
import { later } from '@/components/ui/later'
import { ApiLimits } from './api-limits'
import { BoardButtons } from './board-buttons'
import { Credit } from './credit'
import { FleetStrip } from './fleet-strip'
import { LastHour } from './last-hour'
import { Planes } from './planes'
import { QueuesBrief } from './queues-brief'
import { Sentence } from './sentence'
import { Situation } from './situation'
import { SourcesBrief } from './sources-brief'
import { useFleetCounts } from './use-fleet-counts'

const BoardWall = later(() => import('./board-wall').then((module) => module.BoardWall))

const CELL = 'min-w-0 py-4 short:py-3 xl:border-l xl:px-6 xl:first:border-l-0 xl:first:pl-0 xl:last:pr-0'
const SCROLLS = 'board-scroll'

/** BoardScreen answers in three looks: what the state is, where the fault may lie, and what carries it. */
export function BoardScreen({ mayDeclare }: { readonly mayDeclare: boolean }): ReactNode {
  const counts = useFleetCounts()
  const isWall = useAddress('display').value === 'wall'
  useActions(useMemo(() => jumps(), []))
  if (isWall) return <BoardWall counts={counts} />
  return (
    <div className="board flex flex-1 flex-col px-4 pb-4 md:px-6">
      <div className="flex flex-col-reverse items-start justify-between gap-x-4 gap-y-2 py-4 md:flex-row md:pt-6 md:pb-5 short:pt-3.5 short:pb-2">
        <Sentence counts={counts} />
        <BoardButtons mayDeclare={mayDeclare} />
      </div>
      <ChannelNotice />
      <Planes />
      <div className="board-row grid border-b max-xl:divide-y xl:grid-cols-[minmax(0,1fr)_32.5rem]">
        <div className={`${CELL} flex min-h-0 flex-col`}>
          <div className={`${SCROLLS} flex flex-1 flex-col gap-4`} {...scrolls('What goes on')}>
            <Situation mayDeclare={mayDeclare} />
          </div>
          <SourcesBrief />
        </div>
        <div className={CELL}>
          <ApiLimits />
        </div>
      </div>
      <div className={`board-fleet border-b py-4 short:py-3 ${SCROLLS}`} {...scrolls('Fleet by region')}>
        <FleetStrip counts={counts} />
      </div>
      <div className="board-last grid max-xl:divide-y xl:grid-cols-[minmax(0,1fr)_17.5rem_26.25rem]">
        <div className={`${CELL} ${SCROLLS}`} {...scrolls('Queues')}>
          <QueuesBrief />
        </div>
        <div className={`${CELL} ${SCROLLS}`} {...scrolls('Credit')}>
          <Credit />
        </div>
        <div className={`${CELL} ${SCROLLS}`} {...scrolls('Changes')}>
          <LastHour />
        </div>
      </div>
    </div>
  )
}

/** A column that may scroll on a low screen can be reached and scrolled with the keyboard. */
function scrolls(label: string): {
  readonly role: 'group'
  readonly tabIndex: 0
  readonly 'aria-label': string
} {
  return { role: 'group', tabIndex: 0, 'aria-label': label }
}

function jumps(): readonly Action[] {
  const to = (id: string) => () => document.getElementById(id)?.scrollIntoView({ block: 'center' })
  return [
    { id: 'board-api', title: 'API against limits', group: 'On this page', run: to('api') },
    { id: 'board-credit', title: 'Credit runway', group: 'On this page', run: to('credit') },
  ]
}
