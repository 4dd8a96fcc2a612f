import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import type { QueryResult } from '@/lib/registry'

const SHOWN = 3

/** FaultLines are the refused runbook files, with the time since which the earlier ones count. */
export function FaultLines({ problems, loadedAt }: QueryResult<'runbooks.faults'>): ReactNode {
  return (
    <aside
      aria-label="Faults in runbook files"
      className="no-print grid gap-0.5 border-b bg-breach-tint px-4 py-1.5 text-12 md:px-6"
    >
      <p className="flex items-center gap-1.5">
        <StateMark mark="breach" />
        <span>
          <b className="font-medium">A runbook file is refused.</b> What was read <Instant at={loadedAt} />{' '}
          counts until it is mended.
        </span>
      </p>
      <ul className="pl-4.5">
        {problems.slice(0, SHOWN).map((problem) => (
          <li key={`${problem.file}:${problem.line}:${problem.column}`}>
            <code className="font-mono">
              {problem.file}:{problem.line}
            </code>{' '}
            {problem.reason}
          </li>
        ))}
        {problems.length > SHOWN ? <li>{problems.length - SHOWN} more</li> : null}
      </ul>
    </aside>
  )
}
