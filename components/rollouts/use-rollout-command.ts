'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['rollouts', 'deployments']

/** useRolloutCommand sends a command of rollouts or hotfixes and reads the room again; `problem` is what was refused last. */
export function useRolloutCommand(): Sending {
  return useCommand(ROOMS)
}
