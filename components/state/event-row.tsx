'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Link } from '@/components/ui/link'
import { StateMark } from '@/components/ui/state-mark'
import { RATINGS, type Rating } from '@/lib/health/model'
import { type EventGroup, eventHref, eventTitle } from './event-groups'

function ratingOf(text: string): Rating {
  return RATINGS.find((rating) => rating === text) ?? 'unknown'
}

function secondsOf(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at) / 1000
}

/** EventRow is one change, or several that say the same: when, what, from what to what, and why. */
export function EventRow({ group }: { readonly group: EventGroup }): ReactNode {
  const [event] = group.events
  const href = eventHref(group)
  const isSame = event.before === '' || event.before === event.after
  return (
    <li className="grid grid-cols-[3.25rem_0.75rem_minmax(0,1fr)] gap-x-2.5 border-t py-1.5">
      <span className="text-12 text-ink-3">
        <Instant at={secondsOf(event.at)} />
      </span>
      <StateMark mark={ratingOf(event.after)} className="mt-1.5 size-3" />
      <div className="min-w-0">
        <p className="flex items-baseline gap-2 leading-6">
          {href === undefined ? (
            <span className="truncate font-medium">{eventTitle(group)}</span>
          ) : (
            <Link href={href} className="block truncate font-medium hover:underline">
              {eventTitle(group)}
            </Link>
          )}
          <span className="ml-auto text-12 whitespace-nowrap text-ink-3">
            {isSame ? event.after : `${event.before} → ${event.after}`}
          </span>
        </p>
        <p className="line-clamp-2 text-12 text-ink-2">{event.reason}</p>
      </div>
    </li>
  )
}
