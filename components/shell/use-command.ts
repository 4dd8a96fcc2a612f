'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, type Wire } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'
import { runCommand } from './run-command'

/** Send sends a command; undefined when it was refused. */
export type Send = <Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
) => Promise<Wire<CommandResult<Name>> | undefined>

/** Sending is a way to send commands, whether one is under way, and what was refused last. */
export type Sending = { readonly busy: boolean; readonly problem: Problem | undefined; readonly send: Send }

/**
 * useCommand sends commands and afterwards reads again what the page shows of these rooms (`incidents`, `drills`, …).
 * A refusal is kept in `problem` for the page to show, or said in a toast.
 */
export function useCommand(
  rooms: readonly string[],
  {
    refusal = 'kept',
    until = 'sent',
  }: {
    readonly refusal?: 'kept' | 'toast'
    /** until `shown`, sending takes until the page shows what came of it: for what is sent over a version that was seen. */
    readonly until?: 'sent' | 'shown'
  } = {},
): Sending {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const readAgain = (): Promise<void> =>
    client.invalidateQueries({
      predicate: ({ queryKey }) => rooms.includes(String(queryKey[0]).split('.')[0] ?? ''),
    })
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
        if (refusal === 'kept') setProblem(error.problem)
        else toast({ tone: 'failed', text: error.problem.title, detail: error.problem.detail })
        return undefined
      } finally {
        const shown = readAgain()
        if (until === 'shown') await shown
        setBusy(false)
      }
    },
  }
}
