'use client'

import type { ReactNode } from 'react'
import { presentWords } from './presence-words'
import { useBeats, usePresent } from './use-presence'

const SHOWN = 6

/** PresenceStrip names who else is at this incident now and what they write; it takes no place while nobody is. */
export function PresenceStrip({ incidentId }: { readonly incidentId: string }): ReactNode {
  useBeats(incidentId)
  const present = usePresent(incidentId)
  if (present.length === 0) return null
  const busy = present.toSorted((a, b) => Number(b.editing !== '') - Number(a.editing !== ''))
  return (
    <ul
      aria-label="Also here"
      className="flex gap-x-4 overflow-x-auto border-b px-4 py-1 text-12 whitespace-nowrap text-ink-2 md:px-6"
    >
      {busy.slice(0, SHOWN).map((one) => (
        <li key={one.personId}>{presentWords(one)}</li>
      ))}
      {present.length > SHOWN ? <li>and {present.length - SHOWN} more</li> : null}
    </ul>
  )
}
