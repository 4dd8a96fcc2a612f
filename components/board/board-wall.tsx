'use client'

import type { ReactNode } from 'react'
import { useBoard } from '@/lib/client/health-store'
import { ApiLimits } from './api-limits'
import { Conclusions } from './conclusions'
import type { FleetCounts } from './fleet-counts'
import { FleetStrip } from './fleet-strip'
import { Planes } from './planes'
import { QueuesBrief } from './queues-brief'
import { Sentence } from './sentence'

const MOST_CONCLUSIONS = 2

/** BoardWall is the board for the operations room: fewer things, larger, on one screen; nothing rotates. */
export function BoardWall({ counts }: { readonly counts: FleetCounts | undefined }): ReactNode {
  const hasConclusions = (useBoard((board) => board.conclusions.length) ?? 0) > 0
  return (
    <div className="board-wall flex min-h-0 flex-1 flex-col px-4 pb-4 md:px-6 md:[&_h1]:text-36">
      <div className="py-6">
        <Sentence counts={counts} />
      </div>
      <Planes />
      <div className="grid min-h-0 flex-1 overflow-hidden border-b xl:grid-cols-[minmax(0,1fr)_32rem]">
        <div className="grid min-w-0 content-start gap-4 py-3 xl:pr-6">
          {hasConclusions ? <Conclusions most={MOST_CONCLUSIONS} /> : null}
          <QueuesBrief />
        </div>
        <div className="py-3 xl:border-l xl:pl-6">
          <ApiLimits />
        </div>
      </div>
      <div className="pt-4">
        <FleetStrip counts={counts} />
      </div>
    </div>
  )
}
