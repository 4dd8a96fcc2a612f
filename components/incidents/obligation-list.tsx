'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { duration } from '@/components/time/format'
import { StateMark } from '@/components/ui/state-mark'
import { useServerNow } from '@/lib/client/health-store'
import type { IncidentData } from './types'

/** ObligationList is what we owe, to whom, by when: next due first. */
export function ObligationList({
  obligations,
}: {
  readonly obligations: IncidentData['obligations']
}): ReactNode {
  const now = useServerNow()
  if (obligations.length === 0)
    return <Panel title="What we owe" face={{ kind: 'empty', sentence: 'Nothing is owed.' }} />
  return (
    <Panel title="What we owe" aside="next due first">
      <ul>
        {obligations.map((one) => {
          const leftMs = one.dueAtMs === undefined || now === 0 ? undefined : one.dueAtMs - now
          const isOver = leftMs === undefined ? one.isOverdue : leftMs < 0
          return (
            <li
              key={one.id}
              className="grid grid-cols-[0.75rem_minmax(0,1fr)_auto_auto] items-center gap-x-2.5 border-t py-1.5 pointer-coarse:min-h-11"
            >
              {isOver ? <StateMark mark="breach" /> : <span />}
              <span className="min-w-0 text-pretty">
                {one.title} <span className="text-12 text-ink-3">to {one.owedTo}</span>
              </span>
              <span className={one.owner === undefined ? 'text-unknown' : 'text-ink-2'}>
                {one.owner === undefined ? 'no one' : `@${one.owner}`}
              </span>
              <span className={clsx('clock text-right', isOver ? 'text-breach' : 'text-ink')}>
                {leftMs === undefined
                  ? one.isOverdue
                    ? 'overdue'
                    : 'open'
                  : isOver
                    ? `${duration(-leftMs / 1000)} over`
                    : duration(leftMs / 1000)}
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
