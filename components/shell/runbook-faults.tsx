'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { later } from '@/components/ui/later'
import { queryOf } from '@/lib/client/api'
import { onHint } from '@/lib/client/live'
import type { QueryResult } from '@/lib/registry'

type Faults = QueryResult<'runbooks.faults'>

const FaultLines = later(() => import('./fault-lines').then((module) => module.FaultLines))

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
  return problems.length === 0 ? null : <FaultLines problems={problems} loadedAt={loadedAt} />
}
