'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { type Mark, StateMark } from '@/components/ui/state-mark'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import type { PublicationData } from './types'
import { useMessageCommand } from './use-message-command'

type Row = Wire<QueryResult<'delivery.outcomes'>>['rows'][number]
type Face = { readonly mark: Mark; readonly text: string; readonly at: string | null }

const READ_AGAIN_MS = 5_000
const STEPS: Readonly<Record<string, string>> = { card: 'card', resolve: 'end' }

function faceOf(row: Row): Face {
  const { state, deliveredAt, seenAt } = row
  if (seenAt !== null) return { mark: 'clear', text: 'seen', at: seenAt }
  switch (state) {
    case 'delivered':
      return { mark: 'clear', text: 'sent', at: deliveredAt }
    case 'failed':
      return { mark: 'breach', text: 'failed', at: null }
    case 'needs-person':
      return { mark: 'warning', text: 'may have been sent', at: null }
    case 'unknown':
      return { mark: 'unknown', text: 'looking whether it arrived', at: null }
    case 'retry':
      return { mark: 'warning', text: 'is tried again', at: null }
    default:
      return {
        mark: 'warning',
        text: row.paused === null ? 'is being sent' : 'waits: the channel is paused',
        at: null,
      }
  }
}

function isOver({ state, seenAt }: Row): boolean {
  return seenAt !== null || state === 'failed'
}

/** Outcomes says what became of a message on each channel: sent, then seen by fetching what the outside sees. */
export function Outcomes({ publication }: { readonly publication: PublicationData }): ReactNode {
  const { audience, releasedAtMs, isDrill } = publication
  const asked = { publicationIds: [publication.id] }
  const sent = useQuery({
    ...queryOf('delivery.outcomes', asked),
    refetchInterval: ({ state: { data } }) => (data?.rows.every(isOver) ? false : READ_AGAIN_MS),
  })
  const mails = useQuery({
    ...queryOf('subscribers.outcomes', asked),
    enabled: audience === 'public',
    refetchInterval: ({ state: { data } }) =>
      data?.every(({ waiting }) => waiting === 0) ? false : READ_AGAIN_MS,
  })
  const counted = mails.data?.[0]
  return (
    <ul aria-label="Outcome by channel" className="grid gap-1 text-12">
      {isDrill ? <li className="text-ink-2">Practice: customers see nothing of it.</li> : null}
      {audience === 'public' && !isDrill && releasedAtMs !== null ? (
        <li className="flex flex-wrap items-center gap-1.5">
          <StateMark mark="clear" /> Status page
          <span className="text-ink-2">
            shown since <Instant at={releasedAtMs / 1_000} seconds />
          </span>
        </li>
      ) : null}
      {sent.isError ? (
        <li className="text-ink-2">What became of it on the channels could not be read.</li>
      ) : null}
      {sent.data?.rows.map((row) => (
        <Outcome key={row.id} row={row} />
      ))}
      {counted === undefined ? null : (
        <li className="flex flex-wrap items-center gap-1.5">
          <StateMark mark={counted.failed + counted.unknown > 0 ? 'warning' : 'clear'} /> Mail
          <span className="text-ink-2">
            {counted.sent} sent
            {counted.waiting === 0 ? '' : `, ${counted.waiting} on their way`}
            {counted.failed === 0 ? '' : `, ${counted.failed} failed`}
            {counted.unknown === 0 ? '' : `, ${counted.unknown} perhaps sent`}
          </span>
        </li>
      )}
    </ul>
  )
}

function Outcome({ row }: { readonly row: Row }): ReactNode {
  const { busy, problem, send } = useMessageCommand()
  const face = faceOf(row)
  const { id, may, trouble } = row
  const step = STEPS[row.step]
  return (
    <li className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
      <StateMark mark={face.mark} /> {row.channelName}
      <span className="text-ink-2">
        {step === undefined ? '' : `${step} `}
        {face.text} {face.at === null ? null : <Instant at={Date.parse(face.at) / 1_000} seconds />}
      </span>
      {trouble.text === '' ? null : (
        <span className="basis-full text-ink-2">
          {trouble.text}{' '}
          {trouble.href === '' ? null : (
            <a className="link" href={trouble.href}>
              Repair it
            </a>
          )}
        </span>
      )}
      {row.state !== 'delivered' && may.sendAgain ? (
        <Button size="small" busy={busy} onClick={() => void send('delivery.retry', { id })}>
          Send again
        </Button>
      ) : null}
      {row.state === 'needs-person' && may.markSent ? (
        <Button size="small" busy={busy} onClick={() => void send('delivery.markSent', { id })}>
          It is there
        </Button>
      ) : null}
      {problem === undefined ? null : (
        <span role="alert" className="text-breach">
          {problem.detail}
        </span>
      )}
    </li>
  )
}
