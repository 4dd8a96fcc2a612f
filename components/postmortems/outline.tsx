import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { StateMark } from '@/components/ui/state-mark'
import { type Part, partsOf } from '@/lib/postmortems/completeness'
import { STATE_WORDS } from '@/lib/postmortems/model'
import type { PostmortemData } from './types'

const MARKS = { done: 'clear', open: 'warning', empty: 'unknown' } as const

/** Outline leads to each part and says whether it is done. */
export function Outline({
  postmortem,
  children,
}: {
  readonly postmortem: PostmortemData
  readonly children?: ReactNode
}): ReactNode {
  const parts = partsOf(postmortem)
  const done = parts.filter((part) => part.state === 'done').length
  return (
    <nav aria-label="Parts of the postmortem" className="no-print grid grid-cols-1 content-start gap-4">
      <div className="grid gap-1">
        <p className="text-12 text-ink-2">
          Postmortem of{' '}
          {postmortem.incident === null ? (
            (postmortem.record.meta.incident ?? 'an incident elsewhere')
          ) : (
            <Link className="link font-mono" href={`/incidents/${postmortem.incident.name}`}>
              {postmortem.incident.name}
            </Link>
          )}
        </p>
        <p className="text-16 font-medium">{STATE_WORDS[postmortem.state]}</p>
        <progress aria-label="Parts that are done" className="h-1 w-full" value={done} max={parts.length} />
        <p className="text-12 text-ink-2">
          {done} of {parts.length} parts
        </p>
      </div>
      <ul className="grid gap-0.5 max-md:grid-cols-2">
        {parts.map((part) => (
          <Line key={part.id} part={part} />
        ))}
      </ul>
      {children}
    </nav>
  )
}

function Line({ part }: { readonly part: Part }): ReactNode {
  return (
    <li>
      <a
        href={`#${part.id}`}
        className="flex items-start gap-2 py-1 hover:underline pointer-coarse:min-h-11 pointer-coarse:items-center"
      >
        <StateMark mark={MARKS[part.state]} className="mt-1 size-3 shrink-0" />
        <span className={clsx('min-w-0', part.state === 'done' ? 'text-ink' : 'text-ink-2')}>
          {part.title}
          <span className="sr-only"> {part.state}</span>
          {part.note === '' ? null : <span className="block text-12 text-ink-3">{part.note}</span>}
        </span>
      </a>
    </li>
  )
}
