'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { queryOf } from '@/lib/client/api'
import { exportHref } from './export-href'

/** ExportList offers the newest incidents as scenarios, each as a file that replays to the same path. */
export function ExportList(): ReactNode {
  const query = useQuery(queryOf('incidents.list', { status: 'all' }))
  const title = 'From a real incident'
  if (query.isPending) return <Panel title={title} face={{ kind: 'loading' }} />
  if (query.isError)
    return <Panel title={title} face={failedFace(query, 'The incidents could not be read.')} />
  const incidents = query.data.incidents.slice(0, 8)
  if (incidents.length === 0)
    return <Panel title={title} face={{ kind: 'empty', sentence: 'No incident has been recorded yet.' }} />
  return (
    <Panel title={title} note="what triage saw, as a scenario file">
      <ul className="border-t">
        {incidents.map((incident) => (
          <li key={incident.id} className="flex items-baseline gap-3 border-b py-1.5">
            <span className="font-mono text-12 text-ink-2">{incident.name}</span>
            <span className="min-w-0 flex-1 truncate">{incident.title}</span>
            <a
              className="link inline-flex min-h-6 items-center"
              href={exportHref(incident.id)}
              download
              aria-label={`Download ${incident.name} as a scenario`}
            >
              Download
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
