'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { laterInBrowser } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import type { BoardData, Me } from './types'

const PlanForm = laterInBrowser(() => import('./plan-form').then((it) => it.PlanForm))
const EVERY_MS = 30_000

type RowData = BoardData['rows'][number]

const GROUPS: readonly {
  readonly title: string
  readonly states: readonly string[]
  readonly none: string
}[] = [
  {
    title: 'Running',
    states: ['progressing', 'paused', 'baking', 'rolling_back', 'rollback_failed'],
    none: 'Nothing is under way.',
  },
  {
    title: 'Waiting',
    states: ['staging_deploying', 'staging_soaking', 'awaiting_approval', 'scheduled', 'announced'],
    none: 'Nothing waits for approval or its hour.',
  },
  { title: 'Planned', states: ['draft'], none: 'No drafts.' },
  {
    title: 'Done, the last 60 days',
    states: ['succeeded', 'rolled_back', 'failed', 'rejected', 'cancelled', 'expired', 'superseded'],
    none: 'Nothing was deployed.',
  },
]

/** BoardScreen is every deployment by how far it is, with what blocks or superseded it. */
export function BoardScreen({ initial, me }: { readonly initial: BoardData; readonly me: Me }): ReactNode {
  const router = useRouter()
  const [service, setService] = useState('')
  const [isPlanning, setPlanning] = useState(false)
  const { data } = useQuery({
    ...queryOf('deployments.board', {}),
    initialData: initial,
    refetchInterval: EVERY_MS,
  })
  const rows = data.rows.filter((row) => service === '' || row.service === service)
  const waiting = rows.filter((row) => GROUPS[1]?.states.includes(row.state))
  const notReady = waiting.filter(({ isReady }) => isReady === false).length
  return (
    <div className="flex flex-1 flex-col gap-6 px-4 py-4 md:px-6">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-20 font-normal text-ink-2">
          <span className="sr-only">Deployments: </span>
          {waiting.length} waiting
          {notReady === 0 ? '' : <b className="font-semibold text-ink">, {notReady} not ready</b>}
        </h1>
        <div className="flex flex-wrap items-center gap-2 md:ml-auto">
          <Select aria-label="Service" value={service} onChange={(event) => setService(event.target.value)}>
            <option value="">all services</option>
            {data.services.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Select>
          <Link href="/deployments/calendar" className="link text-13">
            Calendar and freezes
          </Link>
          <Link href="/deployments/log" className="link text-13">
            Reliability log
          </Link>
          <Link href="/deployments/upkeep" className="link text-13">
            Secrets and sizing
          </Link>
          {can(me.roles, 'deployments.plan') ? (
            <Button variant="primary" onClick={() => setPlanning(true)}>
              Plan a deployment
            </Button>
          ) : null}
        </div>
      </header>
      {GROUPS.map((group) => (
        <Group key={group.title} {...group} rows={rows.filter((row) => group.states.includes(row.state))} />
      ))}
      {isPlanning ? (
        <PlanForm
          services={data.services}
          onClose={() => setPlanning(false)}
          onPlanned={(number) => router.push(`/deployments/${number}`)}
        />
      ) : null}
    </div>
  )
}

function Group({
  title,
  none,
  rows,
}: {
  readonly title: string
  readonly none: string
  readonly rows: readonly RowData[]
}): ReactNode {
  return (
    <Panel title={title} note={rows.length === 0 ? undefined : String(rows.length)}>
      {rows.length === 0 ? (
        <p className="border-t pt-2 text-13 text-ink-3">{none}</p>
      ) : (
        <ul>
          {rows.map((row) => (
            <li
              key={row.number}
              className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t py-2 text-13"
            >
              <Link href={`/deployments/${row.number}`} className="font-mono text-12 link">
                {row.name}
              </Link>
              <span className="min-w-0 flex-1 basis-56 break-words">{row.title}</span>
              <span className="text-ink-2">
                {row.stateWords}
                {row.isReady === undefined ? '' : row.isReady ? ', READY' : ', NOT READY'}
              </span>
              <Instant at={row.startAtMs / 1000} />
              {row.unmet.length > 0 || row.stateWhy !== '' || row.blockedBy !== '' ? (
                <span className="basis-full text-12 break-words text-ink-3">
                  {[row.stateWhy, row.blockedBy, row.unmet.slice(0, 3).join(' ')]
                    .filter((it) => it !== '')
                    .join(' · ')}
                  {row.unmet.length > 3 ? ` and ${row.unmet.length - 3} more` : ''}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
