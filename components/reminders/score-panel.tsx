'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { duration } from '@/components/time/format'
import { queryOf } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { audiencesText, utcTime } from '@/lib/reminders/words'

type Score = QueryResult<'reminders.score'>

const HINT = 'counted from the record'

/** ScorePanel shows, once an incident is resolved, how it was told: counted from what was published and delivered. */
export function ScorePanel({ incidentId }: { readonly incidentId: string }): ReactNode {
  const { data } = useQuery(queryOf('reminders.score', { incidentId }))
  if (data === undefined || data.posts === 0) return null
  return (
    <Panel title="How it was told" aside={HINT}>
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 border-t py-2">
        {rowsOf(data).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {data.missed.length === 0 ? null : (
        <ul className="border-t py-2 text-12 text-ink-2">
          {data.missed.map(({ audience, dueAtMs, lateMs }) => (
            <li key={`${audience}:${dueAtMs}`}>
              To {audiencesText([audience])} by {utcTime(dueAtMs)}:{' '}
              {lateMs === null ? 'never came' : `${duration(lateMs / 1_000)} late`}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function rowsOf(score: Score): readonly (readonly [string, string])[] {
  const after = (ms: number | null): string => (ms === null ? 'none' : duration(ms / 1_000))
  const failures = score.failures.map(({ channel, count }) => `${channel} ${count}`).join(', ')
  return [
    ['First update after', after(score.firstPostMs)],
    ['First for customers after', after(score.firstPublicMs)],
    ['Promises kept', `${score.kept} of ${score.kept + score.missed.length}`],
    ...(score.falseGreenMs === null
      ? []
      : ([['Public page green while users were hurt', duration(score.falseGreenMs / 1_000)]] as const)),
    ['Findings overridden', String(score.overrides)],
    ['Deliveries that failed', failures === '' ? 'none' : failures],
  ]
}
