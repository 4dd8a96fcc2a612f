'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['publications', 'delivery', 'incidents']

/** useMessageCommand runs a command on a message, keeps what was refused, and reads again what is shown of it. */
export function useMessageCommand(): Sending {
  return useCommand(ROOMS)
}
