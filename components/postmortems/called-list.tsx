'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { queryOf } from '@/lib/client/api'

/** CalledList says which documents wait for who reads it: a review that asks for them, a remark that calls them. */
export function CalledList(): ReactNode {
  const query = useQuery(queryOf('postmortems.called', {}))
  const { comments = [], reviews = [] } = query.data ?? {}
  if (comments.length + reviews.length === 0) return null
  return (
    <section aria-label="Waiting for you" className="grid grid-cols-1 border-l-2 border-accent pl-3">
      {reviews.map(({ name, title }) => (
        <p key={name} className="py-1 break-words">
          <Link href={`/postmortems/${name}/edit`} className="link font-medium">
            {name}
          </Link>{' '}
          {title}: your review is asked
        </p>
      ))}
      {comments.map(({ name, title, count }) => (
        <p key={name} className="py-1 break-words">
          <Link href={`/postmortems/${name}/edit`} className="link font-medium">
            {name}
          </Link>{' '}
          {title}: {count === 1 ? 'a remark calls you' : `${count} remarks call you`}
        </p>
      ))}
    </section>
  )
}
