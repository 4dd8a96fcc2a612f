import type { ReactNode } from 'react'
import type { Present } from '@/lib/incidents/presence'
import { presentWords } from './presence-words'

const SHOWN = 6

/** PresentList names people at an incident, those who write something first. */
export function PresentList({ present }: { readonly present: readonly Present[] }): ReactNode {
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
