import clsx from 'clsx'
import { User } from 'lucide-react'
import type { ReactNode } from 'react'
import { StateMark } from './state-mark'

export type VerdictAnswer = 'yes' | 'no' | 'unknown' | 'stale' | 'overridden'

const LOOKS: Readonly<Record<VerdictAnswer, string>> = {
  yes: 'border-transparent bg-ink text-bg',
  no: 'border-ink-2 text-ink',
  unknown: 'border-dashed border-unknown bg-unknown-tint text-unknown',
  stale: 'border-stale bg-stale-tint text-stale',
  overridden: 'border-accent bg-accent-tint text-accent',
}

/** VerdictChip is the answer to a question; `was` keeps the machine's own answer beside an override. */
export function VerdictChip({
  answer,
  children,
  was,
}: {
  readonly answer: VerdictAnswer
  readonly children: ReactNode
  readonly was?: string
}): ReactNode {
  return (
    <span className="inline-flex items-center gap-1">
      {was === undefined ? null : (
        <s className="px-0.5 text-12 text-ink-3">
          <span className="sr-only">machine said </span>
          {was}
        </s>
      )}
      <span
        className={clsx(
          'inline-flex h-5 items-center justify-center gap-1 rounded-1 border px-2 text-12 font-semibold whitespace-nowrap',
          LOOKS[answer],
        )}
      >
        {answer === 'unknown' || answer === 'stale' ? <StateMark mark={answer} className="size-2.5" /> : null}
        {answer === 'overridden' ? <User className="size-3" aria-hidden="true" /> : null}
        {children}
      </span>
    </span>
  )
}
