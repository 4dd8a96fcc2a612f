import clsx from 'clsx'
import { User } from 'lucide-react'
import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import type { Answer } from '@/lib/triage/model'
import type { QuestionData } from './types'

const WORDS: Readonly<Record<Answer, string>> = { yes: 'Yes', no: 'No', unknown: 'Unknown', stale: 'Stale' }
const LOOKS: Readonly<Record<Answer, string>> = {
  yes: 'border-ink bg-ink text-bg',
  no: 'border-edge text-ink',
  unknown: 'border-dashed border-unknown text-unknown',
  stale: 'border-stale text-stale',
}
const CHIP =
  'inline-flex h-6 items-center gap-1.5 rounded-1 border px-2 text-13 font-medium whitespace-nowrap'

/** VerdictChip is an answer as shape, word and colour; a person's stands beside the machine's, which is struck through. */
export function VerdictChip({ question }: { readonly question: QuestionData }): ReactNode {
  const { answer, machine, override } = question
  if (override === null) return <AnswerChip answer={answer} />
  return (
    <span className="inline-flex items-center gap-1.5">
      <s className="text-12 text-ink-3">
        <span className="sr-only">The machine said </span>
        {WORDS[machine]}
      </s>
      <span className={clsx(CHIP, 'border-accent bg-accent-tint text-accent')}>
        <User className="size-3" aria-hidden="true" />
        {WORDS[answer]}, @{override.by}
      </span>
    </span>
  )
}

function AnswerChip({ answer }: { readonly answer: Answer }): ReactNode {
  const mark = answer === 'unknown' || answer === 'stale' ? answer : undefined
  return (
    <span className={clsx(CHIP, LOOKS[answer])}>
      {mark === undefined ? null : <StateMark mark={mark} />}
      {WORDS[answer]}
    </span>
  )
}
