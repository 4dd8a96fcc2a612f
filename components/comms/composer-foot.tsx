'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import type { Audience } from '@/lib/comms/model'
import { mayGo } from './panes'
import type { Pane } from './types'
import type { Composer } from './use-composer'
import { AUDIENCE_TITLES } from './words'

/** ComposerFoot says what blocks, who has to agree, and sends what can go. */
export function ComposerFoot({ composer }: { readonly composer: Composer }): ReactNode {
  const chosen = composer.panes.filter((pane) => pane.isOn)
  const free = chosen.filter(mayGo)
  const stopped = chosen.filter((pane) => !mayGo(pane))
  const isAll = stopped.length === 0
  const asks = chosen.filter((pane) => pane.approval.isNeeded || pane.blocks > 0)
  const send = (panes: readonly Pane[]): void => void composer.publish(panes.map(({ audience }) => audience))
  return (
    <footer className="grid gap-2 border-t px-4 py-3 md:px-6">
      {composer.problem === undefined ? null : (
        <div role="alert" className="grid gap-1 border-l-2 border-breach pl-3">
          <p className="font-medium">{composer.problem.detail}</p>
          {composer.problem.issues?.map((issue) => (
            <p key={issue.message} className="text-12 text-ink-2">
              {issue.message}
            </p>
          ))}
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="flex items-center gap-1.5" role="status">
          <StateMark mark={isAll ? 'clear' : 'blocks'} />
          {summaryOf(chosen, stopped)}
        </p>
        <p className="ml-auto text-12 text-ink-2">{asks[0]?.approval.why ?? ''}</p>
        {isAll || free.length === 0 ? null : (
          <Button busy={composer.busy} onClick={() => send(free)}>
            Send {namesOf(free)} only
          </Button>
        )}
        <Button
          variant="primary"
          keys="Ctrl+Enter"
          busy={composer.busy}
          {...(chosen.length === 0 ? { waitsFor: 'an audience' } : isAll ? {} : { waitsFor: 'findings' })}
          onClick={() => send(chosen)}
        >
          {labelOf(chosen, asks)}
        </Button>
      </div>
    </footer>
  )
}

function labelOf(chosen: readonly Pane[], asks: readonly Pane[]): string {
  if (asks.length === 0) return `Publish to ${namesOf(chosen)}`
  return asks.length === chosen.length ? 'Ask for approval' : `Send, ${namesOf(asks)} after approval`
}

function namesOf(panes: readonly { readonly audience: Audience }[]): string {
  const names = panes.map(({ audience }) => AUDIENCE_TITLES[audience].toLowerCase())
  return names.length === 0 ? 'nobody' : names.join(', ')
}

function summaryOf(chosen: readonly Pane[], stopped: readonly Pane[]): string {
  if (chosen.length === 0) return 'Choose who is told.'
  const blocks = stopped.reduce((sum, pane) => sum + pane.blocks, 0)
  if (blocks === 0) return 'Ready.'
  return `${blocks === 1 ? '1 finding blocks' : `${blocks} findings block`} ${namesOf(stopped)}`
}
