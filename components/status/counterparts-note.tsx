'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import { queryOf } from '@/lib/client/api'
import { lackingOf } from '@/lib/comms/counterparts'

/** CounterpartsNote says which components a hosted page does not know: planned work that touches them waits there. */
export function CounterpartsNote({
  among,
}: {
  /** among are the ids of the components that matter; every one when it is left out. */
  readonly among?: readonly string[]
}): ReactNode {
  const components = useQuery(queryOf('status.components', {}))
  const channels = useQuery(queryOf('channels.list', {}))
  if (components.isError || channels.isError)
    return (
      <p className="flex items-center gap-1.5 pb-3 text-12 text-unknown" role="note">
        <StateMark mark="unknown" /> Whether hosted pages know every component could not be read.
      </p>
    )
  if (components.data === undefined || channels.data === undefined) return null
  const touched = components.data.filter(({ id }) => among === undefined || among.includes(id))
  const lacking = lackingOf(touched, channels.data.channels)
  if (lacking.length === 0) return null
  return (
    <ul className="grid gap-1 pb-3" aria-label="Components without a counterpart">
      {lacking.map(({ id, name, lacks }) => (
        <li key={id} className="grid grid-cols-[0.75rem_minmax(0,1fr)] items-start gap-2">
          <StateMark mark="warning" className="mt-1 size-3" />
          <p className="break-words">
            {name} has no counterpart of {lacks.join(', ')}: news of planned work that touches{' '}
            {lacks.length === 1 ? 'it' : 'them'} waits until somebody says what{' '}
            {lacks.length === 1 ? 'it is' : 'they are'} called there.{' '}
            <a className="link" href={`/settings/channels#${id}`}>
              Say it under Channels
            </a>
          </p>
        </li>
      ))}
    </ul>
  )
}
