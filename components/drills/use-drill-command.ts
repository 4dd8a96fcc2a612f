'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['drills', 'incidents']

/** useDrillCommand sends a command of the room, says what was refused, and reads the room again. */
export function useDrillCommand(): Sending {
  return useCommand(ROOMS, { refusal: 'toast' })
}
