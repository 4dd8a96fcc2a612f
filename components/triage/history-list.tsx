'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { queryOf } from '@/lib/client/api'

/** HistoryList tells how the path got where it is: each answer that changed, newest first. */
export function HistoryList({ incidentId }: { readonly incidentId: string | null }): ReactNode {
  const { data } = useQuery(queryOf('triage.run', { incidentId }))
  const title = 'How the path got here'
  if (data === undefined) return <Panel title={title} face={{ kind: 'loading', rows: 6 }} />
  const history = data.run?.history ?? []
  if (history.length === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: 'No answer has changed yet.' }} />
  return (
    <Panel title={title} note="newest first">
      <ol>
        {history.map((change) => (
          <li key={change.id} className="grid grid-cols-[4rem_minmax(0,1fr)] gap-x-3 border-t py-1.5">
            <span className="text-12 text-ink-3">
              <Instant at={change.atMs / 1000} />
            </span>
            <span className="min-w-0">
              <span className="text-pretty">{change.ask}</span> <b className="font-medium">{change.after}</b>
              {change.before === '' ? '' : `, was ${change.before}`}
              <span className="block truncate text-12 text-ink-3" title={change.detail}>
                {change.by === 'machine' ? 'machine' : `@${change.by}`}
                {change.detail === '' ? '' : ` · ${change.detail}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
