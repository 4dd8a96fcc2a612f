'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { ProblemError, type Wire } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'

type RolloutCommand = Extract<CommandName, `rollouts.${string}` | `hotfixes.${string}`>

/** useRolloutCommand sends a command of the room and reads the room again; `problem` is what was refused last. */
export function useRolloutCommand(): {
  readonly busy: boolean
  readonly problem: Problem | undefined
  readonly send: <Name extends RolloutCommand>(
    name: Name,
    input: CommandInput<Name>,
  ) => Promise<Wire<CommandResult<Name>> | undefined>
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
        return await runCommand(name, input)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        setProblem(error.problem)
        return undefined
      } finally {
        setBusy(false)
        void client.invalidateQueries({
          predicate: (query) => /^(rollouts|deployments)\./.test(String(query.queryKey[0])),
        })
      }
    },
  }
}
