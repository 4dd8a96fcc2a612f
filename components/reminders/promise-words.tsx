'use client'

import type { ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { audiencesText, utcTime } from '@/lib/reminders/words'

const TAKEN = {
  nudge: 'commander nudged',
  mention: 'channel called',
  page: 'PagerDuty told',
  public: 'the public page says so',
} as const

/** PromiseWords is one promised update that is nearly due or late, with what was done about it. */
export function PromiseWords({
  promise: next,
  overMs,
  onWrite,
}: {
  readonly promise: Wire<QueryResult<'reminders.ofIncident'>>['promises'][number]
  readonly overMs: number
  readonly onWrite: (() => void) | undefined
}): ReactNode {
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
