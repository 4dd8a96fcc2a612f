'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { useBoard } from '@/lib/client/health-store'
import type { DialogKind } from './dialog-kinds'
import { IncidentClock } from './incident-clock'
import { KeptLine } from './kept-line'
import type { IncidentData, Me } from './types'
import { useWriteState } from './use-incident-command'

const SHOWN = 5

/** ClockStrip shows the clocks, what is due next at the left, and whether sources and writes can be trusted. */
export function ClockStrip({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  const owed = incident.clocks.filter((clock) => clock.state !== 'met')
  const met = incident.clocks.filter(
    (clock) => clock.state === 'met' && (clock.kind === 'response' || clock.kind === 'first-public'),
  )
  const clocks = [...owed, ...met].slice(0, SHOWN)
  const more = Math.max(0, owed.length - SHOWN)
  return (
    <section
      aria-label="Clocks"
      className="flex items-center gap-4 border-b border-line-2 px-4 py-2 md:h-[4.125rem] md:gap-6 md:px-6"
    >
      <div className="grid flex-1 grid-cols-2 gap-4 md:flex md:gap-6 md:[&>*]:max-w-52 md:[&>*]:flex-1 max-md:[&>*:nth-child(n+3)]:hidden">
        {clocks.map((clock) => (
          <IncidentClock key={clock.id} clock={clock} />
        ))}
        {clocks.length === 0 ? <p className="text-ink-2">No clock runs.</p> : null}
      </div>
      {more === 0 ? null : <span className="text-12 text-ink-3 max-md:hidden">{more} more below</span>}
      <div className="ml-auto hidden shrink-0 gap-0.5 text-12 lg:grid">
        <SourcesLine />
        <WritesLine />
        <KeptLine />
      </div>
      {can(me.roles, 'publications.publish') && incident.mergedInto === null ? (
        <div className="hidden shrink-0 md:block">
          <Button variant="primary" keys="U" onClick={() => open({ kind: 'composer' })}>
            Update
          </Button>
        </div>
      ) : null}
    </section>
  )
}

/** SourcesLine says how many sources tell something now. */
export function SourcesLine(): ReactNode {
  const sources = useBoard((board) => board.sources)
  if (sources === undefined) return <span className="text-ink-3">Sources: connecting</span>
  const watched = sources.filter((source) => source.state !== 'off')
  const live = watched.filter((source) => source.state === 'live').length
  const isAll = live === watched.length && live > 0
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <StateMark mark={isAll ? 'clear' : 'warning'} />
      {live} of {watched.length} sources live
    </span>
  )
}

/** WritesLine says what became of this browser's last change. */
export function WritesLine(): ReactNode {
  const state = useWriteState()
  const face = {
    none: { mark: 'clear', text: 'Nothing unsaved' },
    saving: { mark: 'warning', text: 'Saving' },
    saved: { mark: 'clear', text: 'Writes saved' },
    held: { mark: 'warning', text: 'Waits to be sent' },
    failed: { mark: 'breach', text: 'Last write refused' },
  } as const
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap" role="status">
      <StateMark mark={face[state].mark} />
      {face[state].text}
    </span>
  )
}
