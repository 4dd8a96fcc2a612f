'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['deployments']

/** useDeploymentCommand sends a command of the room and reads the room again; `problem` is what was refused last, in words. */
export function useDeploymentCommand(): Sending {
  return useCommand(ROOMS)
}
