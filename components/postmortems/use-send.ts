'use client'

import { useQueryClient } from '@tanstack/react-query'
import { runCommand } from '@/components/shell/run-command'
import { ProblemError } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { CommandInput, CommandName } from '@/lib/registry'

/** Send runs a command of the review and reads the document again; gives the problem when it is refused. */
type Send = <Name extends CommandName>(name: Name, input: CommandInput<Name>) => Promise<Problem | undefined>

/** useSend sends commands of the review. */
export function useSend(): Send {
  const client = useQueryClient()
  return async (name, input) => {
    try {
      await runCommand(name, input)
      return undefined
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      return error.problem
    } finally {
      await client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('postmortems.'),
      })
    }
  }
}
