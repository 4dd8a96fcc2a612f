'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { toast } from '@/components/ui/toast-store'
import { isUnanswered, ProblemError, type Wire } from '@/lib/client/api'
import { serverNowMs } from '@/lib/client/health-store'
import { type HeldAction, type HeldCommand, mayHold, nextHeld, withEntryId } from '@/lib/client/held'
import { heldActions, holdAction } from '@/lib/client/held-queue'
import { askLive } from '@/lib/client/live'
import { newId } from '@/lib/client/new-id'
import { currentPerson } from '@/lib/client/person'
import type { Problem } from '@/lib/platform/errors'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'
import { readTail } from './use-record-tail'

/** WriteState is what became of this tab's last change. */
export type WriteState = 'none' | 'saving' | 'saved' | 'held' | 'failed'

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

const UNANSWERED_MS = 10_000

type Incident = HeldAction['incident']

/** What waits goes first, so that the record keeps the order in which things were done. */
function isQueueing(): boolean {
  const person = currentPerson()
  return person !== undefined && nextHeld(heldActions(), person.id) !== undefined
}

async function runOrHold(given: HeldCommand, incident: Incident): Promise<unknown> {
  const command = withEntryId(given, newId())
  const typedAtMs = serverNowMs()
  const hold = async (): Promise<unknown> => {
    await holdAction({ command, incident, typedAtMs })
    tell('held')
    // Held work has no place in the record yet.
    return { seq: 0, repeated: false }
  }
  if (isQueueing()) return hold()
  try {
    const result = await runCommand(command.name, command.input, { timeoutMs: UNANSWERED_MS })
    tell('saved')
    return result
  } catch (error) {
    if (!isUnanswered(error)) throw error
    askLive()
    return hold().catch(() => {
      throw error
    })
  }
}

/**
 * useIncidentCommand sends commands of the room, keeps the last problem and reads the room again afterwards. For an
 * incident that is given, notes, decisions and ticks wait in this browser while the server does not answer.
 */
export function useIncidentCommand(incident?: Incident): {
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

  async function run<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<unknown> {
    if (incident && mayHold(name)) return runOrHold({ name, input } as HeldCommand, incident)
    const result = await runCommand(name, input)
    tell('saved')
    return result
  }

  return {
    busy,
    problem,
    send: async <Name extends CommandName>(
      name: Name,
      input: CommandInput<Name>,
      refused?: (problem: Problem) => void,
    ) => {
      setBusy(true)
      setProblem(undefined)
      tell('saving')
      try {
        const result = (await run(name, input)) as Wire<CommandResult<Name>>
        readAgain(client, name, input, result)
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

// A note changes nothing but the record, and says at which place of it.
function readAgain(client: QueryClient, name: CommandName, input: unknown, result: unknown): void {
  if (name === 'incidents.addNote') {
    const { id } = input as CommandInput<'incidents.addNote'>
    const { seq } = result as CommandResult<'incidents.addNote'>
    if (seq > 0) readTail(client, { id, seq })
    return
  }
  void client.invalidateQueries({
    predicate: (query) => /^(incidents|checklists)\./.test(String(query.queryKey[0])),
  })
}

/** tellProblem shows a refusal where there is no form to show it in. */
export function tellProblem(problem: Problem): void {
  toast({ tone: 'failed', text: problem.title, detail: problem.detail })
}
