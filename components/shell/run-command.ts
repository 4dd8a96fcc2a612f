'use client'

import { ProblemError, sendCommand, type Wire } from '@/lib/client/api'
import { newId } from '@/lib/client/new-id'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'
import { confirmIdentity } from './step-up-store'

/**
 * runCommand sends a command and, where it needs a fresh sign-in, asks for it and sends it once more.
 * Throws ProblemError, also when the person declined to confirm.
 */
export async function runCommand<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  options: { readonly timeoutMs?: number } = {},
): Promise<Wire<CommandResult<Name>>> {
  const sending = { ...options, idempotencyKey: newId() }
  try {
    return await sendCommand(name, input, sending)
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'step_up') throw error
    if (!(await confirmIdentity())) throw error
    return sendCommand(name, input, sending)
  }
}
