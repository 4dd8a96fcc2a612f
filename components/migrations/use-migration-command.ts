'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['migrations', 'flags']

/** useMigrationCommand sends a command of the room, says what was refused, and reads the room again. */
export function useMigrationCommand(): Sending {
  return useCommand(ROOMS, { refusal: 'toast' })
}
