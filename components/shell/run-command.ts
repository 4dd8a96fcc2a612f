'use client'

import { ProblemError, sendCommand, type Wire } from '@/lib/client/api'
import type { CommandInput, CommandName, CommandResult } from '@/lib/registry'
import { confirmIdentity } from './step-up-store'

/**
 * runCommand sends a command and, where it needs a fresh sign-in, asks for it and sends it once more.
 * Throws ProblemError, also when the person declined to confirm.
 */
export async function runCommand<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
): Promise<Wire<CommandResult<Name>>> {
  const idempotencyKey = crypto.randomUUID()
  try {
    return await sendCommand(name, input, { idempotencyKey })
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'step_up') throw error
    if (!(await confirmIdentity())) throw error
    return sendCommand(name, input, { idempotencyKey })
  }
}
