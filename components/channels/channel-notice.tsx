'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LinkButton } from '@/components/ui/link-button'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'

/** ChannelNotice says loudly that a channel stands still or that a message waits for a person's word; otherwise nothing. */
export function ChannelNotice(): ReactNode {
  const { data } = useQuery(queryOf('channels.notices', {}))
  if (data === undefined) return null
  const { paused, asking } = data
  const [first] = paused
  if (first === undefined && asking.length === 0) return null
  const where = first?.id ?? asking[0]?.channelId ?? ''
  return (
    <div
      role="status"
      className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 border border-breach px-3 py-2"
    >
      <StateMark mark="breach" className="size-3" />
      <p className="min-w-0 flex-1 basis-72">
        {first === undefined ? null : (
          <span>
            <b className="font-semibold">{first.name} stands still</b>: {first.reason}. {first.waiting}{' '}
            waiting, nothing dropped.{' '}
          </span>
        )}
        {paused.length > 1 ? `${paused.length - 1} more stand still. ` : ''}
        {asking.length === 0
          ? ''
          : asking.length === 1
            ? 'One message waits for your word.'
            : `${asking.length} messages wait for your word.`}
      </p>
      <LinkButton href={`/settings/channels#${where}`}>Look at it</LinkButton>
    </div>
  )
}
