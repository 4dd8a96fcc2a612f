'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { CopyLine } from './copy-line'
import type { OfferedAction } from './types'
import { RISK_TITLES, RISK_WORDS } from './words'

/** ActionEntry is one action in full: what is run, what it brings, the way back, and the way to do it. */
export function ActionEntry({
  action,
  isFirst = false,
  onPrepare,
  onManual,
}: {
  readonly action: OfferedAction
  readonly isFirst?: boolean
  readonly onPrepare: () => void
  readonly onManual: () => void
}): ReactNode {
  const { unavailable } = action
  const isByHand = action.isManual || unavailable !== null
  return (
    <div className="grid gap-2">
      {action.command === '' ? null : <CopyLine text={action.command} what={action.title} />}
      {action.steps.length === 0 || !isByHand ? null : (
        <ol className="grid gap-1">
          {action.steps.map((step, index) => (
            <li key={step} className="grid grid-cols-[1.25rem_minmax(0,1fr)] text-pretty">
              <span className="text-ink-3">{index + 1}</span>
              {step}
            </li>
          ))}
        </ol>
      )}
      <dl className="grid gap-x-3 gap-y-1 text-12 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
        <dt className="text-ink-3">Class</dt>
        <dd>
          {RISK_TITLES[action.risk]}: {RISK_WORDS[action.risk]}
        </dd>
        <dt className="text-ink-3">What it does</dt>
        <dd className="text-pretty">{action.effect}</dd>
        <dt className="text-ink-3">Way back</dt>
        <dd className="text-pretty">{action.undo}</dd>
        <dt className="text-ink-3">Seen by</dt>
        <dd className="text-pretty">{action.probe}</dd>
      </dl>
      {unavailable === null ? null : (
        <p className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-2 text-pretty">
          <StateMark mark="blocks" />
          <span>
            Not from here: {unavailable.why} {unavailable.wayRound}
          </span>
        </p>
      )}
      {action.mayPrepare ? (
        <div className="flex flex-wrap gap-2">
          {isByHand ? null : (
            <Button
              variant={isFirst ? 'primary' : 'plain'}
              {...(isFirst ? { keys: 'P' } : {})}
              onClick={onPrepare}
            >
              Prepare
            </Button>
          )}
          <Button variant={isByHand && isFirst ? 'primary' : isByHand ? 'plain' : 'quiet'} onClick={onManual}>
            I did it myself
          </Button>
        </div>
      ) : (
        <p className="text-12 text-ink-3">Acting is for responders, commanders and managers.</p>
      )}
    </div>
  )
}
