'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { later } from '@/components/ui/later'
import { queryOf } from '@/lib/client/api'
import { useServerNow } from '@/lib/client/health-store'

const PromiseWords = later(() => import('./promise-words').then((module) => module.PromiseWords))

const SOON_MS = 5 * 60_000
const REFRESH_MS = 60_000

/** PromiseLine says under the clocks which promised update is due, and what was done about it while it is not out. */
export function PromiseLine({
  incidentId,
  onWrite,
}: {
  readonly incidentId: string
  /** onWrite opens what updates are written in; left out for those who may not. */
  readonly onWrite: (() => void) | undefined
}): ReactNode {
  const now = useServerNow()
  const query = useQuery({
    ...queryOf('reminders.ofIncident', { incidentId }),
    refetchInterval: REFRESH_MS,
  })
  const [next] = query.data?.promises ?? []
  if (next === undefined || now === 0 || now < next.dueAtMs - SOON_MS) return null
  return <PromiseWords promise={next} overMs={now - next.dueAtMs} onWrite={onWrite} />
}
