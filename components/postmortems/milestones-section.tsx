'use client'

import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import type { CorrectedMilestone } from '@/lib/postmortems/corrected'
import { spansOf } from '@/lib/postmortems/corrected'
import { MILESTONE_WORDS } from '@/lib/postmortems/model'
import type { CorrectTarget } from './correct-form'
import { DocumentSection } from './document-section'

/** MilestonesSection is the turns of the incident with what each rests on, accepted or set by a person, and the times between them. */
export function MilestonesSection({
  turns,
  onAccept,
  onCorrect,
}: {
  readonly turns: readonly CorrectedMilestone[]
  readonly onAccept: ((turn: CorrectedMilestone) => void) | undefined
  readonly onCorrect: ((target: CorrectTarget) => void) | undefined
}): ReactNode {
  return (
    <DocumentSection id="milestones" title="Milestones">
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {spansOf(turns).map((span) => (
          <div key={span.label} className="flex min-w-0 flex-col">
            <dt className="order-2 text-12 text-ink-2">
              {span.label}
              <span className="block text-ink-3">{span.words}</span>
            </dt>
            <dd className="order-1 font-mono text-16">
              {span.ms === null ? <span className="text-unknown">not known</span> : duration(span.ms / 1000)}
            </dd>
          </div>
        ))}
      </dl>
      <ol aria-label="Milestones in order" className="border-t">
        {turns.map((turn) => (
          <li
            key={turn.key}
            className="grid grid-cols-1 gap-x-3 gap-y-1 border-b py-2 sm:grid-cols-[6rem_minmax(0,1fr)_auto]"
          >
            <span className="text-ink-2">
              {turn.atMs === null ? (
                <span className="text-unknown">unknown</span>
              ) : (
                <Instant at={turn.atMs / 1000} seconds />
              )}
            </span>
            <p className="min-w-0 break-words">
              <b className="font-semibold">{MILESTONE_WORDS[turn.key]}</b>
              <span className="block text-12 text-pretty text-ink-2">
                {turn.why}
                {turn.correction === null
                  ? ' · proposed'
                  : turn.correction.value === turn.proposedMs
                    ? ` · accepted by @${turn.correction.by}`
                    : ` · set by @${turn.correction.by}: ${turn.correction.reason}`}
              </span>
            </p>
            <span className="no-print flex items-start gap-1">
              {onAccept === undefined || turn.correction !== null || turn.proposedMs === null ? null : (
                <Button
                  size="small"
                  aria-label={`Accept ${MILESTONE_WORDS[turn.key]}`}
                  onClick={() => onAccept(turn)}
                >
                  Accept
                </Button>
              )}
              {onCorrect === undefined ? null : (
                <Button
                  size="small"
                  variant="quiet"
                  aria-label={`Set ${MILESTONE_WORDS[turn.key]}`}
                  onClick={() =>
                    onCorrect({
                      of: 'milestone',
                      key: turn.key,
                      label: MILESTONE_WORDS[turn.key],
                      unit: 'instant',
                      value: turn.atMs,
                    })
                  }
                >
                  Set
                </Button>
              )}
            </span>
          </li>
        ))}
      </ol>
    </DocumentSection>
  )
}
