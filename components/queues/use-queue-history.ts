'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { queryOf } from '@/lib/client/api'
import type { QueueHistory } from './queue-history'

const REFRESH_MS = 30_000

/** useQueueHistory reads a queue's minutes and reads them again every half minute. */
export function useQueueHistory(input: {
  readonly name: string
  readonly type: 'activity' | 'workflow'
  readonly minutes: number
}): UseQueryResult<QueueHistory> {
  return useQuery<QueueHistory>({
    ...queryOf('health.queueHistory', input),
    refetchInterval: REFRESH_MS,
  })
}
