'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { ProblemError } from '@/lib/client/api'
import type { CommandInput, CommandName } from '@/lib/registry'

/** useSending sends commands of the status page one at a time and keeps what the last one was refused for. */
export function useSending() {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | undefined>(undefined)

  async function send<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<boolean> {
    setBusy(true)
    setFault(undefined)
    try {
      await runCommand(name, input)
      await client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('status.'),
      })
      return true
    } catch (error) {
      setFault(error instanceof ProblemError ? error.problem.detail : 'Watchfloor does not answer.')
      return false
    } finally {
      setBusy(false)
    }
  }
  return { send, isBusy, fault }
}
