'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { useServerNow } from '@/lib/client/health-store'
import { STATUS_TITLES, VISIBILITY_TITLES } from '@/lib/incidents/words'
import { clockFace, IncidentClock } from './incident-clock'
import type { OpenData } from './types'

type OpenIncident = OpenData['incidents'][number]

const PHASE_EDGES: Readonly<Record<OpenIncident['phase'], string>> = {
  triage: 'before:bg-breach',
  active: 'before:bg-ink',
  mitigated: 'before:bg-ink-3',
  resolved: 'before:bg-line-2',
  closed: 'before:bg-line-2',
}

/** IncidentRow is one open incident: how bad, what, how long, who commands, and what is due next by whom. */
export function IncidentRow({
  incident,
  isWide = true,
}: {
  readonly incident: OpenIncident
  readonly isWide?: boolean
}): ReactNode {
  const now = useServerNow()
  const startMs = incident.impactStartedAtMs ?? incident.declaredAtMs
  const { next, afterwards } = incident
  return (
    <li
      className={clsx(
        'relative grid grid-cols-[3rem_minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 border-t py-2.5 pl-3 before:absolute before:inset-y-2.5 before:left-0 before:w-0.5',
        isWide
          ? 'md:grid-cols-[3.5rem_minmax(0,1fr)_5rem_6rem_minmax(12rem,20rem)]'
          : 'md:grid-cols-[3rem_minmax(0,1fr)_4rem_4.5rem_14rem]',
        PHASE_EDGES[incident.phase],
      )}
    >
      <SeverityMark severity={incident.isDrill ? 'drill' : incident.severity} />
      <div className="min-w-0">
        <Link
          href={`/incidents/${incident.name}`}
          data-incident-row
          className="block truncate text-14 font-medium hover:underline pointer-coarse:min-h-11"
        >
          {incident.title}
        </Link>
        <p className="truncate text-12 text-ink-2">
          <span className="font-mono">{incident.name}</span> ·{' '}
          {incident.isDrill ? `${incident.severity} · ` : ''}
          {incident.phase === 'triage' ? 'Not answered' : STATUS_TITLES[incident.status]} ·{' '}
          {VISIBILITY_TITLES[incident.visibility]}
        </p>
      </div>
      <span className="clock text-right text-14 md:text-left">
        {now === 0 ? '–' : duration((now - startMs) / 1000)}
      </span>
      <span className={clsx('max-md:hidden', incident.commander === null && 'text-unknown')}>
        {incident.commander === null ? 'no one' : `@${incident.commander}`}
      </span>
      <div className="max-md:col-span-3">
        {next === null ? (
          <p className="text-12 text-ink-3">No clock runs.</p>
        ) : (
          <>
            <IncidentClock clock={next} />
            {afterwards === null ? null : (
              <p className="truncate text-12 text-ink-3">
                then {afterwards.title.toLowerCase()}, {clockFace(afterwards, now).text}
              </p>
            )}
          </>
        )}
      </div>
    </li>
  )
}
