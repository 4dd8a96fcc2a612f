'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { declareOfGroup, openDeclareFrom } from '@/components/incidents/declare-from'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'

const TITLE = 'Alerts'
const REFRESH_MS = 30_000
const SHOWN = 3

/** alertGroups reads the rules that fire, every 30 s and whenever an alert changes. */
export const alertGroups = { ...queryOf('alerts.groups', {}), refetchInterval: REFRESH_MS }

/** AlertsBrief shows the rules that fire, most severe first, and whether the alerting itself can be trusted; the room has all. */
export function AlertsBrief({ mayDeclare }: { readonly mayDeclare: boolean }): ReactNode {
  const query = useQuery(alertGroups)
  if (query.isPending) return <Panel title={TITLE} face={{ kind: 'loading', rows: 2 }} />
  if (query.isError) {
    return <Panel title={TITLE} face={failedFace(query, 'The alerts could not be read.')} />
  }
  const { groups, more, notices } = query.data
  const rest = Math.max(0, groups.length + more.groups - SHOWN)
  return (
    <Panel
      title={TITLE}
      aside={
        <Link href="/alerts" className="underline">
          {rest > 0 ? `${rest} more rules fire` : 'all alerts'}
        </Link>
      }
    >
      <ul className="flex flex-wrap gap-x-6 gap-y-1 border-t py-1.5">
        {groups.slice(0, SHOWN).map((group) => (
          <li key={`${group.level}|${group.name}`} className="flex min-w-0 items-baseline gap-1.5">
            <Link
              href={`/alerts?group=${encodeURIComponent(`${group.level}|${group.name}`)}`}
              className="inline-flex max-w-full items-baseline gap-1.5 hover:underline pointer-coarse:min-h-11"
            >
              <SeverityMark severity={group.level} />
              <span className="truncate">
                {group.name}
                {group.count > 1 ? ` × ${group.count}` : ''}
              </span>
              <span className="text-12 whitespace-nowrap text-ink-3">
                <TimeAgo at={group.since} suffix="" />
                {group.acked === group.count ? ', acknowledged' : ''}
              </span>
            </Link>
            {mayDeclare ? (
              <button
                type="button"
                className="text-12 text-ink-3 underline pointer-coarse:min-h-11"
                onClick={() => openDeclareFrom(declareOfGroup(group))}
              >
                declare<span className="sr-only"> an incident from {group.name}</span>
              </button>
            ) : null}
          </li>
        ))}
        {groups.length === 0 ? <li className="text-ink-2">Nothing fires.</li> : null}
        {notices.length === 0 ? null : (
          <li>
            <Link href="/alerts" className="inline-flex items-center gap-1.5 text-warn hover:underline">
              <StateMark mark="warning" />
              {notices.length === 1
                ? 'the alerting itself has a fault'
                : `the alerting itself has ${notices.length} faults`}
            </Link>
          </li>
        )}
      </ul>
    </Panel>
  )
}
