'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['action-items']

/** useItemCommand sends a command about an action item, keeps what was refused, and reads the lists again. */
export function useItemCommand(): Sending {
  return useCommand(ROOMS)
}
