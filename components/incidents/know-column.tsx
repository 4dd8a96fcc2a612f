'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useFleetCounts } from '@/components/board/use-fleet-counts'
import { Panel } from '@/components/state/panel'
import { SourceAge } from '@/components/state/source-age'
import { duration } from '@/components/time/format'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { InSight } from '@/components/ui/in-sight'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { useBoard } from '@/lib/client/health-store'
import { PLANES } from '@/lib/health/model'
import type { Figure } from '@/lib/health/wire'
import { AlertAdvice } from './alert-advice'
import type { DialogKind } from './dialog-kinds'
import { LinkedAlerts } from './linked-alerts'
import { ObligationList } from './obligation-list'
import type { IncidentData, Me } from './types'

const ScorePanel = later(() =>
  import('@/components/reminders/score-panel').then((module) => module.ScorePanel),
)
const IncidentPostmortem = later(() =>
  import('@/components/postmortems/incident-postmortem').then((module) => module.IncidentPostmortem),
)
const Similar = later(() => import('@/components/library/similar').then((module) => module.Similar))
const NamedPeople = later(() => import('./named-people').then((module) => module.NamedPeople))
const SaidList = later(() => import('@/components/comms/said-list').then((module) => module.SaidList))

const Changes = later(() => import('./hour-changes').then((module) => module.HourChanges))

/** KnowColumn is what is known: impact, figures with source and age, whose fault, what is owed, what changed. */
export function KnowColumn({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  return (
    <aside aria-label="What we know" className="contents">
      <section className="grid gap-3 max-md:order-1">
        <header className="flex items-baseline gap-2">
          <h2 className="text-13">What we know</h2>
          {can(me.roles, 'incidents.work') && incident.mergedInto === null ? (
            <Button size="small" variant="quiet" className="ml-auto" onClick={() => open({ kind: 'impact' })}>
              {incident.impact === '' ? 'Say the impact' : 'Change'}
            </Button>
          ) : null}
        </header>
        <p className={clsx('text-16 text-pretty', incident.impact === '' ? 'text-ink-3' : 'max-md:hidden')}>
          {incident.impact === '' ? 'Nobody has said yet what users see.' : incident.impact}
        </p>
        <Figures />
      </section>
      <div className="empty:hidden max-md:order-2">
        <AlertAdvice incident={incident} me={me} open={open} />
      </div>
      <div className="max-md:order-3">
        <ObligationList obligations={incident.obligations} />
      </div>
      <div className="max-md:order-3">
        <InSight className="min-h-16">
          <SaidList incident={incident} me={me} />
        </InSight>
      </div>
      {incident.status === 'resolved' && incident.mergedInto === null ? (
        <div className="empty:hidden max-md:order-3">
          <IncidentPostmortem incident={incident} me={me} />
        </div>
      ) : null}
      {incident.status === 'resolved' ? (
        <div className="empty:hidden max-md:order-3">
          <ScorePanel incidentId={incident.id} />
        </div>
      ) : null}
      <div className="max-md:order-4">
        <WhoseFault />
      </div>
      <div className="max-md:order-5">
        <InSight className="min-h-24">
          <Changes />
        </InSight>
      </div>
      {incident.visibility === 'restricted' ? (
        <div className="max-md:order-6">
          <NamedPeople incident={incident} me={me} />
        </div>
      ) : null}
      {incident.alertCount === 0 ? null : (
        <div className="max-md:order-6">
          <LinkedAlerts incidentId={incident.id} mayWork={can(me.roles, 'incidents.work')} />
        </div>
      )}
      {incident.links.length === 0 ? null : (
        <div className="max-md:order-6">
          <Links incident={incident} />
        </div>
      )}
      {can(me.roles, 'postmortems.read') ? (
        <div className="max-md:order-7">
          <InSight className="min-h-24">
            <Similar of={{ incidentId: incident.id }} />
          </InSight>
        </div>
      ) : null}
    </aside>
  )
}

function Figures(): ReactNode {
  const counts = useFleetCounts()
  const api = useBoard((board) => board.api)
  const queues = useBoard((board) => board.queues)
  if (counts === undefined || api === undefined || queues === undefined)
    return <Panel title="Figures" face={{ kind: 'loading', rows: 4 }} />
  const oldest = [...queues].sort((a, b) => (b.oldestSeconds.value ?? -1) - (a.oldestSeconds.value ?? -1))[0]
  return (
    <dl className="grid grid-cols-2 border-y [&>*:nth-child(2n)]:border-l [&>*:nth-child(2n)]:pl-4 [&>*:nth-child(n+3)]:border-t">
      <FigureCell
        title="5xx per minute"
        figure={api.serverErrors}
        write={(value) => String(Math.round(value))}
      />
      <FigureCell
        title="p95"
        figure={api.p95}
        write={(value) => `${Math.round(value).toLocaleString('en-US')} ms`}
      />
      {oldest === undefined ? (
        <Cell value="none" title="queues watched" />
      ) : (
        <FigureCell title={`oldest in ${oldest.name}`} figure={oldest.oldestSeconds} write={duration} />
      )}
      <Cell
        value={
          <>
            {counts.gpus.breach}
            <span className="text-13 font-normal text-ink-2"> in breach</span>
          </>
        }
        title={`GPUs, ${counts.gpus.unknown + counts.gpus.stale} unread`}
        source={<TimeAgo at={counts.lastAt} suffix="" />}
      />
    </dl>
  )
}

function FigureCell({
  title,
  figure,
  write,
}: {
  readonly title: string
  readonly figure: Figure
  readonly write: (value: number) => string
}): ReactNode {
  return (
    <Cell
      value={
        figure.value === null ? (
          <span className="text-unknown">unknown</span>
        ) : (
          <span className={clsx(figure.rating === 'stale' && 'text-ink-3')}>{write(figure.value)}</span>
        )
      }
      title={title}
      source={<SourceAge source={figure.source} at={figure.at} />}
    />
  )
}

function Cell({
  value,
  title,
  source,
}: {
  readonly value: ReactNode
  readonly title: string
  readonly source?: ReactNode
}): ReactNode {
  return (
    <div className="flex min-w-0 flex-col py-2.5">
      <dt className="order-2 truncate text-12 text-ink-2" title={title}>
        {title}
      </dt>
      <dd className="order-1 text-20">{value}</dd>
      {source === undefined ? null : <dd className="order-3 text-12 text-ink-3">{source}</dd>}
    </div>
  )
}

function WhoseFault(): ReactNode {
  const rows = useBoard((board) => board.planes)
  if (rows === undefined) return <Panel title="Whose fault" face={{ kind: 'loading', rows: 9 }} />
  return (
    <Panel title="Whose fault" aside="nine probes">
      <ul>
        {PLANES.map((plane) => {
          const row = rows.find((one) => one.id === plane.id)
          const rating = row?.rating ?? 'unknown'
          return (
            <li
              key={plane.id}
              title={row?.reason}
              className={clsx(
                'grid grid-cols-[7.5rem_minmax(0,1fr)_auto] items-center gap-2 border-t py-1',
                rating === 'breach' &&
                  'bg-breach-tint shadow-[-0.5rem_0_var(--breach-tint),0.5rem_0_var(--breach-tint)]',
              )}
            >
              <span className={rating === 'clear' ? 'text-ink-2' : 'font-medium'}>{plane.title}</span>
              <span className="flex min-w-0 items-center gap-1.5">
                <StateMark mark={rating} />
                <span className={clsx('truncate', rating === 'clear' ? 'text-ink-2' : 'text-ink')}>
                  {rating === 'clear' ? 'Clear' : row?.figure || rating}
                </span>
              </span>
              <span className="text-12 text-ink-3">
                <TimeAgo at={row?.at ?? 0} suffix="" never="unread" />
              </span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

function Links({ incident }: { readonly incident: IncidentData }): ReactNode {
  return (
    <Panel title="Linked">
      <ul>
        {incident.links.map((link) => (
          <li
            key={`${link.kind} ${link.ref}`}
            className="grid grid-cols-[5rem_minmax(0,1fr)] border-t py-1.5"
          >
            <span className="text-ink-3">{link.kind}</span>
            <span className="truncate">
              <LinkTarget kind={link.kind} target={link.ref} title={link.title} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function LinkTarget({
  kind,
  target,
  title,
}: {
  readonly kind: string
  readonly target: string
  readonly title: string
}): ReactNode {
  const words = title === '' ? target : title
  if (kind === 'incident')
    return (
      <Link className="link" href={`/incidents/${encodeURIComponent(target)}`}>
        {words}
      </Link>
    )
  if (/^https?:\/\//.test(target))
    return (
      <a className="link" href={target} rel="noreferrer noopener" target="_blank">
        {words}
      </a>
    )
  return words
}
