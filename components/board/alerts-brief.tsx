'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { SeverityMark } from '@/components/ui/severity-mark'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'

const TITLE = 'Alerts'
const REFRESH_MS = 30_000
const SHOWN = 3

/** AlertsBrief shows the rules that fire, most severe first, and whether the alerting itself can be trusted; the room has all. */
export function AlertsBrief(): ReactNode {
  const query = useQuery({ ...queryOf('alerts.groups', {}), refetchInterval: REFRESH_MS })
  if (query.isPending) return <Panel title={TITLE} face={{ kind: 'loading', rows: 2 }} />
  if (query.isError) {
    return (
      <Panel
        title={TITLE}
        face={{
          kind: 'failed',
          sentence: 'The alerts could not be read.',
          detail: query.error.message,
          retry: () => void query.refetch(),
        }}
      />
    )
  }
  const { groups, more, notices } = query.data
  const rest = groups.length + more.groups - SHOWN
  return (
    <Panel
      title={TITLE}
      note={
        <Link href="/alerts" className="underline">
          {rest > 0 ? `${rest} more rules fire` : 'all alerts'}
        </Link>
      }
    >
      <ul>
        {notices.map((notice) => (
          <li key={notice.id} className="flex items-start gap-2 border-t py-1.5">
            <StateMark mark="warning" className="mt-1 size-3" />
            <span>{notice.sentence}</span>
          </li>
        ))}
        {groups.slice(0, SHOWN).map((group) => (
          <li key={`${group.level}|${group.name}`} className="border-t">
            <Link
              href={`/alerts?group=${encodeURIComponent(`${group.level}|${group.name}`)}`}
              className="grid grid-cols-[2.5rem_minmax(0,1fr)_auto] items-baseline gap-2 py-1.5 hover:bg-raise"
            >
              <SeverityMark severity={group.level} />
              <span className="truncate">
                {group.name}
                {group.count > 1 ? <span className="text-ink-3"> × {group.count}</span> : null}
                {group.acked === group.count ? <span className="text-ink-3">, acknowledged</span> : null}
              </span>
              <span className="text-12 text-ink-3">
                <TimeAgo at={group.since} suffix="" />
              </span>
            </Link>
          </li>
        ))}
        {groups.length === 0 ? <li className="border-t py-1.5 text-ink-2">Nothing fires.</li> : null}
      </ul>
    </Panel>
  )
}
