'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { ProblemError } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { CommandInput, CommandName } from '@/lib/registry'

/** useMessageCommand runs a command on a message and reads again what is shown of it; gives whether it went through. */
export function useMessageCommand(): {
  readonly busy: boolean
  readonly problem: Problem | undefined
  readonly send: <Name extends CommandName>(name: Name, input: CommandInput<Name>) => Promise<boolean>
} {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  return {
    busy,
    problem,
    send: async (name, input) => {
      setBusy(true)
      setProblem(undefined)
      try {
        await runCommand(name, input)
        return true
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        setProblem(error.problem)
        return false
      } finally {
        setBusy(false)
        void client.invalidateQueries({
          predicate: ({ queryKey }) => /^(publications|delivery|incidents)\./.test(String(queryKey[0])),
        })
      }
    },
  }
}
