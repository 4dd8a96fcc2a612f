'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ProblemError, queryOf } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { RunData } from './types'
import { refreshMs } from './words'

/** useRun reads one run and follows it while something goes on. */
export function useRun(id: string): {
  readonly run: RunData | undefined
  readonly isFailed: boolean
  readonly retry: () => void
} {
  const query = useQuery({
    ...queryOf('actions.run', { id }),
    refetchInterval: ({ state }) => refreshMs(state.data?.state),
  })
  return { run: query.data, isFailed: query.error !== null, retry: () => void query.refetch() }
}

/** useRunCommand sends what a person says about a run; `problem` is why it did not go through. */
export function useRunCommand(): {
  readonly busy: boolean
  readonly problem: Problem | undefined
  /** send gives the run as it then stands, or undefined when it was refused. */
  readonly send: (command: () => Promise<RunData>) => Promise<RunData | undefined>
} {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)

  async function send(command: () => Promise<RunData>): Promise<RunData | undefined> {
    setBusy(true)
    setProblem(undefined)
    try {
      const run = await command()
      client.setQueryData(queryOf('actions.run', { id: run.id }).queryKey, run)
      return run
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.problem)
      return undefined
    } finally {
      setBusy(false)
      void client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('actions.'),
      })
    }
  }
  return { busy, problem, send }
}
