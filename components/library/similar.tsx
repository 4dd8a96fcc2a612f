'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { Link } from '@/components/ui/link'
import { SeverityMark } from '@/components/ui/severity-mark'
import { queryOf } from '@/lib/client/api'
import { durationWords } from '@/lib/postmortems/model'
import type { Alike } from './types'

const AGAIN_MS = 2 * 60_000

/** Similar lists past postmortems that are like this one or like an incident, each with why. */
export function Similar({
  of,
}: {
  readonly of: { readonly postmortemId: string } | { readonly incidentId: string }
}): ReactNode {
  const query = useQuery({
    ...queryOf('library.similar', of),
    // What an incident is like becomes clearer while it goes on.
    ...('incidentId' in of ? { refetchInterval: AGAIN_MS } : {}),
  })
  const title = 'Similar incidents'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading', rows: 3 }} />
  if (query.isError)
    return <Panel title={title} face={failedFace(query, 'Similar incidents could not be looked for.')} />
  const { alike } = query.data
  if (alike.length === 0)
    return (
      <Panel
        title={title}
        face={{ kind: 'empty', sentence: 'No postmortem shares a diagnosis, a component or words with it.' }}
      />
    )
  return (
    <Panel title={title} note="most alike first">
      <ul>
        {alike.map((one) => (
          <li key={one.id} className="border-t">
            <Link
              href={`/postmortems/${one.number}`}
              className="grid grid-cols-1 gap-0.5 py-2 hover:bg-raise"
            >
              <span className="flex flex-wrap items-center gap-x-2">
                <SeverityMark severity={one.isDrill ? 'drill' : one.severity} bare className="size-2.5" />
                <span className="min-w-0 font-medium break-words">{one.title}</span>
                <span className="font-mono text-12 text-ink-3">
                  {one.incident ?? one.name}
                  {one.durationMs === null ? '' : ` · ${durationWords(one.durationMs)}`}
                </span>
              </span>
              <span className="text-12 break-words text-ink-2">
                {one.reasons.map(reasonText).join(' · ')}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function reasonText(reason: Alike['reasons'][number]): string {
  const shared = reason.shared.join(', ')
  switch (reason.kind) {
    case 'leaf':
      return `same diagnosis: ${shared}`
    case 'component':
      return `same component: ${shared}`
    case 'host':
      return `same provider host: ${shared}`
    case 'words':
      return `words in common: ${shared}`
  }
}
