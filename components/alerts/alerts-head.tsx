'use client'

import type { ReactNode } from 'react'
import { Duration } from '@/components/time/duration'
import { TimeAgo } from '@/components/time/time-ago'
import { StateMark } from '@/components/ui/state-mark'
import type { Wire } from '@/lib/client/api'
import { useServerNow } from '@/lib/client/health-store'
import type { QueryResult } from '@/lib/registry'

/** AlertsBoard is the answer of the board's query. */
export type AlertsBoard = Wire<QueryResult<'alerts.groups'>>

const BACKLOG_SECONDS = 10
const LATE_POLL_SECONDS = 180
const LATE_RULES_SECONDS = 60

/** AlertsHead is the room's sentence, what is wrong with the alerting itself, and the age of each of its eyes. */
export function AlertsHead({ board }: { readonly board: AlertsBoard | undefined }): ReactNode {
  return (
    <header className="grid gap-2 pt-5">
      <h1 className="text-20 font-normal text-ink-2">
        <span className="sr-only">Alerts: </span>
        {board === undefined ? 'Alerts' : sentenceOf(board)}
      </h1>
      {board === undefined ? null : <Eyes board={board} />}
      {board?.notices.map((notice) => (
        <Notice key={notice.id} sentence={notice.sentence} since={notice.since} />
      ))}
    </header>
  )
}

function sentenceOf(board: AlertsBoard): string {
  const count = board.groups.reduce((sum, group) => sum + group.count, board.more.alerts)
  if (count === 0) return 'No alert is listed'
  const rules = board.groups.length + board.more.groups
  const urgent = board.groups.filter((group) => group.level === 'P1').length
  const said = `${count} ${count === 1 ? 'alert' : 'alerts'} of ${rules} ${rules === 1 ? 'rule' : 'rules'}`
  return urgent === 0 ? said : `${said}, ${urgent} ${urgent === 1 ? 'rule' : 'rules'} at P1`
}

function Notice({ sentence, since }: { readonly sentence: string; readonly since: number }): ReactNode {
  return (
    <p role="status" className="flex items-start gap-2 border-l-2 border-warn bg-raise px-3 py-1.5">
      <StateMark mark="warning" className="mt-1 size-3" />
      <span>
        {sentence}{' '}
        <span className="text-12 text-ink-3">
          <TimeAgo at={since} suffix="" />
        </span>
      </span>
    </p>
  )
}

/** The eyes: our own rules, Alertmanager's list, the heartbeat, the inbox. A blind one says so in words. */
function Eyes({ board }: { readonly board: AlertsBoard }): ReactNode {
  const now = useServerNow() / 1_000
  const isLate = (at: number, seconds: number): boolean => now > 0 && now - at > seconds
  const { heartbeat, poll, rulesAt } = board
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-12 text-ink-2">
      <li>
        Our own rules:{' '}
        <Age at={rulesAt} isLate={isLate(rulesAt, LATE_RULES_SECONDS)} never="not evaluated yet" />
      </li>
      <li>
        Alertmanager’s list:{' '}
        {poll === null ? (
          <span className="text-ink-3">not connected</span>
        ) : (
          <>
            <Age at={poll.okAt} isLate={isLate(poll.okAt, LATE_POLL_SECONDS)} never="never read" />
            {poll.failures > 0 ? <span className="text-warn"> ({poll.detail})</span> : null}
          </>
        )}
      </li>
      <li>
        Heartbeat{heartbeat ? ` ${heartbeat.alertname}` : ''}:{' '}
        {heartbeat === null || heartbeat.lastAt === 0 ? (
          <span className="text-ink-3">never delivered, so its absence is not alarmed</span>
        ) : (
          <Age
            at={heartbeat.lastAt}
            isLate={isLate(heartbeat.lastAt, 2 * heartbeat.intervalSeconds)}
            never=""
          />
        )}
      </li>
      {board.waiting > 0 && isLate(board.oldestWaitingAt, BACKLOG_SECONDS) ? (
        <li className="text-warn">
          {board.waiting} stored deliveries wait to be understood, the oldest for{' '}
          <Duration seconds={now - board.oldestWaitingAt} />
        </li>
      ) : null}
    </ul>
  )
}

function Age({
  at,
  isLate,
  never,
}: {
  readonly at: number
  readonly isLate: boolean
  readonly never: string
}): ReactNode {
  return (
    <span className={isLate ? 'text-warn' : 'text-ink'}>
      <TimeAgo at={at} never={never} />
      {isLate && at !== 0 ? ', late' : ''}
    </span>
  )
}
