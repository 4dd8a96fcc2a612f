'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import type { QueryResult } from '@/lib/registry'

type Faults = QueryResult<'runbooks.faults'>

const SHOWN = 3

/** RunbookFaults says to whoever may mend it that a runbook file is refused: file, line and reason, and what counts meanwhile. */
export function RunbookFaults({ initial }: { readonly initial: Faults }): ReactNode {
  const client = useQueryClient()
  const [{ problems, loadedAt }, setFaults] = useState(initial)
  useEffect(
    () =>
      onHint((hint) => {
        if (hint !== 'all' && hint.topic !== 'runbooks') return
        client
          .fetchQuery({ ...queryOf('runbooks.faults', {}), staleTime: 0 })
          .then(setFaults)
          .catch(() => undefined)
      }),
    [client],
  )
  if (problems.length === 0) return null
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
