'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { problemText } from '@/lib/client/problem-text'
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
      setFault(problemText(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { send, isBusy, fault }
}
