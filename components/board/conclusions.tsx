'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { byUrgency } from '@/components/ui/rating'
import { StateMark } from '@/components/ui/state-mark'
import { useBoard, useFleetMeta } from '@/lib/client/health-store'
import { isUnread } from '@/lib/health/rules/aggregate'
import { isUnwatched } from '@/lib/health/rules/plane-row'
import type { Conclusion } from '@/lib/health/wire'

const TITLE = 'What the sources say together'

/** Conclusions draws what several sources allow together, and says what they do not allow; `most` limits how many are written out. */
export function Conclusions({ most }: { readonly most?: number }): ReactNode {
  const conclusions = useBoard((board) => board.conclusions)
  const planes = useBoard((board) => board.planes)
  const at = useFleetMeta((fleet) => fleet.at)
  if (conclusions === undefined || planes === undefined)
    return <Panel title={TITLE} face={{ kind: 'loading', rows: 4 }} />
  const aside = at === undefined ? undefined : <TimeAgo at={at} />
  if (conclusions.length === 0) {
    const watched = planes.filter((plane) => !isUnwatched(plane))
    const unread = watched.filter((plane) => isUnread(plane.rating)).length
    return (
      <Panel
        title={TITLE}
        aside={aside}
        face={{
          kind: 'empty',
          sentence:
            unread === 0
              ? `Nothing beyond what each of the ${watched.length} watched planes says alone.`
              : `Nothing can be concluded across sources while ${unread} of ${watched.length} watched planes ${unread === 1 ? 'is' : 'are'} unread.`,
        }}
      />
    )
  }
  const worstFirst = [...conclusions].sort((a, b) => byUrgency(a.rating, b.rating))
  const more = most === undefined ? 0 : conclusions.length - most
  return (
    <Panel title={TITLE} note={more > 0 ? `${more} more` : undefined} aside={aside}>
      <ul>
        {worstFirst.slice(0, most).map((conclusion) => (
          <ConclusionItem key={conclusion.id} conclusion={conclusion} />
        ))}
      </ul>
    </Panel>
  )
}

function ConclusionItem({ conclusion }: { readonly conclusion: Conclusion }): ReactNode {
  return (
    <li className="grid grid-cols-[0.75rem_minmax(0,1fr)] gap-x-3 border-t py-2">
      <StateMark mark={conclusion.rating} className="mt-1 size-3" />
      <div>
        <p className="text-14 font-medium text-pretty">{conclusion.sentence}</p>
        {conclusion.evidence.length === 0 ? null : (
          <p className="text-12 text-ink-2">{conclusion.evidence.join(' · ')}</p>
        )}
        {conclusion.notConcluded === undefined ? null : (
          <p className="text-12 text-ink-3">
            <span className="font-medium">Do not conclude: </span>
            {conclusion.notConcluded}
          </p>
        )}
      </div>
    </li>
  )
}
