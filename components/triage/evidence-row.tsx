import clsx from 'clsx'
import type { ReactNode } from 'react'
import { TimeAgo } from '@/components/time/time-ago'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import type { QuestionData } from './types'

const MARKS: Readonly<Record<QuestionData['answer'], Mark>> = {
  yes: 'clear',
  no: 'false',
  unknown: 'unknown',
  stale: 'stale',
}
const WORDS: Readonly<Record<QuestionData['answer'], string>> = {
  yes: 'Yes',
  no: 'No',
  unknown: 'Unknown',
  stale: 'Stale',
}

/** EvidenceRow is one answer's ground: what, the value with its predicate, the source and its age; why and the way round where there is none. */
export function EvidenceRow({ question }: { readonly question: QuestionData }): ReactNode {
  const { answer, evidence, override } = question
  const isUnread = answer === 'unknown' || answer === 'stale'
  return (
    <li className="grid grid-cols-[0.75rem_minmax(0,1fr)] gap-x-3 border-t py-2 md:grid-cols-[0.75rem_minmax(0,5fr)_minmax(0,5fr)_minmax(0,3fr)]">
      <span className="mt-1">
        <StateMark mark={MARKS[answer]} />
        <span className="sr-only">{WORDS[answer]}: </span>
      </span>
      <span className="text-pretty">{question.ask}</span>
      <span
        className={clsx(
          'col-start-2 font-mono text-[.93em] break-words md:col-start-auto',
          isUnread && 'text-ink-3',
        )}
      >
        {evidence.value === '' ? null : `${evidence.value} `}
        <span className="text-ink-3">{evidence.predicate}</span>
        {override === null ? null : (
          <span className="block font-sans text-accent">
            @{override.by}: “{override.reason}”
          </span>
        )}
        {isUnread && evidence.why !== '' ? (
          <span className="block font-sans text-unknown">{evidence.why}</span>
        ) : null}
      </span>
      <span
        className="col-start-2 text-12 text-ink-3 md:col-start-auto md:text-right"
        title={evidence.query === '' ? undefined : evidence.query}
      >
        {evidence.source}
        {evidence.observedAtMs === null ? null : (
          <>
            {' · '}
            <TimeAgo at={Math.floor(evidence.observedAtMs / 1000)} suffix="" />
          </>
        )}
      </span>
      {isUnread && evidence.wayRound !== '' ? (
        <span className="col-span-full col-start-2 text-12 text-pretty text-ink-2">
          Instead: {evidence.wayRound}
        </span>
      ) : null}
    </li>
  )
}
