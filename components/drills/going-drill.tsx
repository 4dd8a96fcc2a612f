'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import type { GoingDrill as Going } from './types'
import { useDrillCommand } from './use-drill-command'
import { stateWords } from './words'

/** GoingDrill is the drill that goes on, with what its leader may do. */
export function GoingDrill({
  drill,
  mayRun,
}: {
  readonly drill: Going
  readonly mayRun: boolean
}): ReactNode {
  const { busy, send } = useDrillCommand()
  const { id, state } = drill
  const isReady = state === 'running' || state === 'paused'
  return (
    <Panel title="Going on" note={`${drill.speed}×, begun by @${drill.startedBy}`}>
      <div className="grid gap-3 border-t bg-drill-tint p-3">
        <p className="text-14 font-medium">{drill.brief}</p>
        <p role="status">{stateWords(drill)}</p>
        {drill.problem === '' ? null : (
          <p role="alert" className="text-breach">
            {drill.problem}
          </p>
        )}
        <dl className="flex flex-wrap gap-x-6 gap-y-1 text-12 text-ink-2">
          <div className="flex gap-1.5">
            <dt>Begun</dt>
            <dd>
              <Instant at={drill.startedAtMs / 1000} />
            </dd>
          </div>
          <div className="flex gap-1.5">
            <dt>Incident</dt>
            <dd>
              {drill.incident === null ? (
                'declare it, with the tick “This is a drill”'
              ) : (
                <Link href={`/incidents/${drill.incident}`} className="link">
                  {drill.incident}
                </Link>
              )}
            </dd>
          </div>
        </dl>
        <p className="text-12 text-ink-2">
          Work on the real screens: take roles, answer, tick, tell. Name what it was in a note or a decision,
          as “Cause: …”, with a leaf’s name or title.
        </p>
        {mayRun ? (
          <div className="flex flex-wrap gap-2">
            {state === 'running' ? (
              <Button busy={busy} onClick={() => void send('drills.pause', { id })}>
                Hold
              </Button>
            ) : null}
            {state === 'paused' ? (
              <Button busy={busy} onClick={() => void send('drills.resume', { id })}>
                Go on
              </Button>
            ) : null}
            {isReady || state === 'starting' ? (
              <Button variant="primary" busy={busy} onClick={() => void send('drills.stop', { id })}>
                End it and see the score
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
    </Panel>
  )
}
