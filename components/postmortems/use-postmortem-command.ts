'use client'

import { type Sending, useCommand } from '@/components/shell/use-command'

const ROOMS = ['postmortems']

/** usePostmortemCommand sends commands about postmortems, keeps the last problem and reads the room again afterwards. */
export function usePostmortemCommand(): Sending {
  return useCommand(ROOMS, { until: 'shown' })
}
