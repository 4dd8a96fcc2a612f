import type { ReactNode } from 'react'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import type { FileState } from '@/lib/runbooks/shown-as'

const MARKS: Readonly<Record<FileState, Mark>> = {
  counts: 'clear',
  refused: 'breach',
  waits: 'warning',
  unread: 'unknown',
}
const WORDS: Readonly<Record<FileState, string>> = {
  counts: 'counts',
  refused: 'refused, the last good one stays',
  waits: 'waits: another runbook is refused',
  unread: 'not read by a worker yet',
}

/** StateOf says how a runbook stands, as shape, word and colour. */
export function StateOf({ state }: { readonly state: FileState }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5 text-12 text-ink-2">
      <StateMark mark={MARKS[state]} />
      {WORDS[state]}
    </span>
  )
}
