'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { useServerNow } from '@/lib/client/health-store'
import { spanWords } from '@/lib/rollouts/span'
import type { Deed, View } from './types'

const OVER = ['succeeded', 'rolled_back', 'failed', 'cancelled']

/** RolloutHead is the sentence, the seconds to the next tick, and what may be done now. */
export function RolloutHead({
  view,
  incident,
  maySteer,
  onDeed,
}: {
  readonly view: View
  readonly incident: string | null
  readonly maySteer: boolean
  readonly onDeed: (deed: Deed) => void
}): ReactNode {
  return (
    <header className="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,1fr)_auto_auto] md:gap-8">
      <div className="grid grid-cols-1 gap-1">
        <p className="text-12 break-words text-ink-3">
          Deployment{' '}
          <Link className="font-mono underline" href={`/deployments/${view.number}`}>
            {view.name}
          </Link>
          , started <Instant at={view.startedMs / 1_000} />, asked for by @{view.requester}
          {incident === null ? null : (
            <>
              , reported in{' '}
              <Link className="underline" href={`/incidents/${incident}`}>
                {incident}
              </Link>
            </>
          )}
        </p>
        <h1 className="text-24 font-medium break-words" aria-live="polite">
          {view.sentence}{' '}
          <span
            className={view.state === 'progressing' || view.state === 'baking' ? 'text-ink-2' : 'text-breach'}
          >
            {view.outlook}
          </span>
        </h1>
        <BackLine view={view} />
      </div>
      <NextTick view={view} />
      {maySteer ? <Deeds view={view} onDeed={onDeed} /> : null}
    </header>
  )
}

function BackLine({ view }: { readonly view: View }): ReactNode {
  const now = useServerNow()
  const { back } = view
  if (!back) return null
  const tookMs = (back.doneMs ?? (now === 0 ? back.decidedMs : now)) - back.decidedMs
  const isLate = back.doneMs === null && tookMs > back.budgetMs - back.decidedMs
  return (
    <p className="text-13 break-words text-ink-2">
      Decided by {back.by} at <Instant at={back.decidedMs / 1_000} seconds />,{' '}
      <span className={isLate ? 'text-breach' : ''}>{spanWords(tookMs)}</span> of{' '}
      {spanWords(back.budgetMs - back.decidedMs)}.{back.next === '' ? '' : ` Next rung: ${back.next}.`}
    </p>
  )
}

function NextTick({ view }: { readonly view: View }): ReactNode {
  const now = useServerNow()
  if (OVER.includes(view.state)) return null
  const left = now === 0 ? 0 : Math.max(0, Math.ceil((view.nextTickMs - now) / 1_000))
  return (
    <p className="flex items-center gap-3" aria-hidden="true">
      <span className="font-mono text-36">
        {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}
      </span>
      <span className="grid text-12 text-ink-3">
        to the next tick
        <Instant at={view.nextTickMs / 1_000} seconds />
      </span>
    </p>
  )
}

type Choice = {
  readonly deed: Deed
  readonly label: string
  readonly keys?: string
  readonly isFirst?: boolean
}

const FORWARD: readonly Choice[] = [
  { deed: 'rollBack', label: 'Roll back now', keys: 'B', isFirst: true },
  { deed: 'pause', label: 'Pause', keys: 'P' },
  { deed: 'promote', label: 'Promote' },
  { deed: 'abort', label: 'Abort' },
]

function Deeds({ view, onDeed }: { readonly view: View; readonly onDeed: (deed: Deed) => void }): ReactNode {
  const { may } = view
  if (OVER.includes(view.state)) return null
  const choices: readonly Choice[] =
    view.state === 'rollback_failed'
      ? [
          { deed: 'nextRung', label: 'Take the next rung', isFirst: true },
          { deed: 'resolve', label: 'It runs: close it' },
        ]
      : [
          ...FORWARD.filter(({ deed }) => !(deed === 'pause' && may.pause !== null && view.pause)),
          ...(view.pause ? [{ deed: 'resume' as const, label: 'Resume' }] : []),
          ...(may.extend === null
            ? [
                { deed: 'extend' as const, label: 'Extend' },
                { deed: 'accept' as const, label: 'Accept' },
              ]
            : []),
        ]
  return (
    <div className="flex max-w-sm flex-wrap gap-2">
      {choices.map(({ deed, label, keys, isFirst }) => {
        const why = may[deed]
        return (
          <Button
            key={deed}
            {...(isFirst ? { variant: 'primary' as const } : {})}
            onClick={() => onDeed(deed)}
            {...(keys === undefined ? {} : { keys })}
            {...(why === null ? {} : { waitsFor: why })}
          >
            {label}
          </Button>
        )
      })}
    </div>
  )
}
