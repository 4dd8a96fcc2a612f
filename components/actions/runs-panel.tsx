'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { StateMark } from '@/components/ui/state-mark'
import { openAction } from './opened'
import type { RunLine } from './types'
import { useRuns } from './use-runs'
import { markOf } from './words'

const TITLE = 'Actions'

/** RunsPanel lists what was prepared and done in an incident, newest first. */
export function RunsPanel({ incidentId }: { readonly incidentId: string }): ReactNode {
  const query = useRuns(incidentId)
  if (query.data === undefined) {
    if (query.error === null) return null
    const retry = (): void => void query.refetch()
    return (
      <Panel title={TITLE} face={{ kind: 'failed', sentence: 'The actions could not be read.', retry }} />
    )
  }
  const { runs } = query.data
  if (runs.length === 0) return null
  return (
    <Panel title={TITLE} aside={`${runs.length}`}>
      <ul aria-label="Actions, newest first" className="grid">
        {runs.map((run) => (
          <Line key={run.id} run={run} onOpen={() => openAction({ kind: 'run', id: run.id })} />
        ))}
      </ul>
    </Panel>
  )
}

function Line({ run, onOpen }: { readonly run: RunLine; readonly onOpen: () => void }): ReactNode {
  const isOver = run.state === 'cancelled' || run.state === 'expired' || run.state === 'declined'
  return (
    <li className="border-t">
      <button
        type="button"
        className="grid w-full grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 py-2 text-left hover:bg-raise pointer-coarse:min-h-11"
        onClick={onOpen}
      >
        <StateMark mark={markOf(run.state)} />
        <span className="min-w-0">
          <span className={clsx('text-pretty', isOver && 'text-ink-2')}>{run.title}</span>
          <span className="block text-12 text-pretty text-ink-3">
            {run.stateWords}
            {run.subject === '' ? '' : ` · ${run.subject}`} · @{run.preparedBy.handle}
            {run.isBreakGlass
              ? run.isReviewed
                ? ' · glass broken, reviewed'
                : ' · glass broken, not reviewed'
              : ''}
          </span>
        </span>
        <span className="text-12 text-ink-3">
          <TimeAgo at={Math.floor((run.sentAtMs ?? run.preparedAtMs) / 1000)} />
        </span>
      </button>
    </li>
  )
}
