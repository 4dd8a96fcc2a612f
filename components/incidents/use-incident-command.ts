'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, type Wire } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'

/** WriteState is what became of this tab's last change. */
export type WriteState = 'none' | 'saving' | 'saved' | 'failed'

let writeState: WriteState = 'none'
const listeners = new Set<() => void>()

function tell(next: WriteState): void {
  writeState = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** useWriteState follows what became of this tab's last change. */
export function useWriteState(): WriteState {
  return useSyncExternalStore(
    subscribe,
    () => writeState,
    () => 'none',
  )
}

/** useIncidentCommand sends commands of the room, keeps the last problem and reads the room again afterwards. */
export function useIncidentCommand(): {
  readonly busy: boolean
  readonly problem: Problem | undefined
  readonly send: <Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    /** refused is told of a problem at once, where no form shows it. */
    refused?: (problem: Problem) => void,
  ) => Promise<Wire<CommandResult<Name>> | undefined>
} {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  return {
    busy,
    problem,
    send: async (name, input, refused) => {
      setBusy(true)
      setProblem(undefined)
      tell('saving')
      try {
        const result = await runCommand(name, input)
        tell('saved')
        void client.invalidateQueries({
          predicate: (query) => String(query.queryKey[0]).startsWith('incidents.'),
        })
        return result
      } catch (error) {
        tell('failed')
        if (!(error instanceof ProblemError)) throw error
        setProblem(error.problem)
        refused?.(error.problem)
        return undefined
      } finally {
        setBusy(false)
      }
    },
  }
}

/** tellProblem shows a refusal where there is no form to show it in. */
export function tellProblem(problem: Problem): void {
  toast({ tone: 'failed', text: problem.title, detail: problem.detail })
}
