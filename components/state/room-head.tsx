'use client'

import type { ReactNode } from 'react'
import { RATING_TEXT } from '@/components/ui/rating'
import type { Rating } from '@/lib/health/model'

const LOUD: readonly Rating[] = ['breach', 'warning', 'unknown', 'stale']

/** RoomHead is a room's name with its sentence: how many there are and how many need a look. */
export function RoomHead({
  title,
  ratings,
  noun,
  children,
}: {
  readonly title: string
  readonly ratings: readonly Rating[] | undefined
  readonly noun: readonly [one: string, many: string]
  readonly children?: ReactNode
}): ReactNode {
  return (
    <header className="flex flex-wrap items-center gap-x-6 gap-y-2 pt-5 pb-4">
      <h1 className="text-20 font-normal text-ink-2">
        <span className="sr-only">{title}: </span>
        {ratings === undefined ? title : <Counts ratings={ratings} noun={noun} />}
      </h1>
      {children === undefined ? null : <div className="ml-auto flex gap-2">{children}</div>}
    </header>
  )
}

function Counts({
  ratings,
  noun,
}: {
  readonly ratings: readonly Rating[]
  readonly noun: readonly [string, string]
}): ReactNode {
  const loud = LOUD.map((rating) => ({ rating, count: ratings.filter((one) => one === rating).length }))
  const shown = loud.filter((entry) => entry.count > 0)
  return (
    <>
      {ratings.length} {ratings.length === 1 ? noun[0] : noun[1]}
      {ratings.length > 0 && shown.length === 0 ? ', all clear' : ''}
      {shown.map((entry) => (
        <span key={entry.rating}>
          ,{' '}
          <b className={`font-semibold ${RATING_TEXT[entry.rating]}`}>
            {entry.count} {entry.rating}
          </b>
        </span>
      ))}
    </>
  )
}
