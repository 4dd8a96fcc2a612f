'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, type Wire } from '@/lib/client/api'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'

type RoomCommand = Extract<CommandName, `migrations.${string}` | `flags.${string}`>

/** Send sends a command of the room; undefined when it was refused, which was said. */
export type Send = <Name extends RoomCommand>(
  name: Name,
  input: CommandInput<Name>,
) => Promise<Wire<CommandResult<Name>> | undefined>

/** useMigrationCommand sends a command of the room, says what was refused, and reads the room again. */
export function useMigrationCommand(): { readonly busy: boolean; readonly send: Send } {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  return {
    busy,
    send: async (name, input) => {
      setBusy(true)
      try {
        return await runCommand(name, input)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        toast({ tone: 'failed', text: error.problem.title, detail: error.problem.detail })
        return undefined
      } finally {
        setBusy(false)
        void client.invalidateQueries({
          predicate: (query) => /^(migrations|flags)\./.test(String(query.queryKey[0])),
        })
      }
    },
  }
}
