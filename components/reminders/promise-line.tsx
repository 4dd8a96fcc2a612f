'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'
import { useServerNow } from '@/lib/client/health-store'
import { audiencesText, utcTime } from '@/lib/reminders/words'

const SOON_MS = 5 * 60_000
const REFRESH_MS = 60_000

const TAKEN = {
  nudge: 'commander nudged',
  mention: 'channel called',
  page: 'PagerDuty told',
  public: 'the public page says so',
} as const

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
  const overMs = now - next.dueAtMs
  const taken = next.steps.map(({ step }) => TAKEN[step]).join(', ')
  return (
    <section
      aria-label="Promised update"
      className={`flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5 md:px-6 ${overMs < 0 ? '' : 'bg-breach-tint'}`}
    >
      <StateMark mark={overMs < 0 ? 'warning' : 'breach'} />
      <p className="min-w-0 flex-1">
        An update was promised to {audiencesText(next.audiences)} by {utcTime(next.dueAtMs)}:{' '}
        <b className="font-medium tabular-nums">
          {overMs < 0 ? `due in ${duration(-overMs / 1_000)}` : `late by ${duration(overMs / 1_000)}`}
        </b>
        {taken === '' ? '' : ` (${taken})`}.
      </p>
      {onWrite === undefined ? null : (
        <Button size="small" onClick={onWrite}>
          Write it
        </Button>
      )}
    </section>
  )
}
