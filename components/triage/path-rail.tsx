import type { ReactNode } from 'react'
import type { QuestionData } from './types'
import { VerdictChip } from './verdict-chip'

/** PathRail joins the answered questions on the way to the one in hand. */
export function PathRail({
  questions,
  onPick,
}: {
  readonly questions: readonly QuestionData[]
  readonly onPick: (id: string) => void
}): ReactNode {
  if (questions.length === 0) return null
  return (
    <ol aria-label="Answered on the way" className="grid border-l-2 border-accent">
      {questions.map((question) => (
        <li key={question.id} className="relative">
          <span
            className="absolute top-4 -left-[5px] size-2 rounded-full border-2 border-accent bg-bg"
            aria-hidden="true"
          />
          <button
            type="button"
            className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 py-1.5 pl-4 text-left hover:bg-raise md:grid-cols-[minmax(0,1fr)_auto_minmax(0,12rem)]"
            onClick={() => onPick(question.id)}
          >
            <span className="text-pretty text-ink-2">{question.ask}</span>
            <VerdictChip question={question} />
            <span className="hidden truncate font-mono text-12 text-ink-3 md:block">
              {question.override === null
                ? `${question.evidence.value} ${question.evidence.predicate}`
                : `“${question.override.reason}”`}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
