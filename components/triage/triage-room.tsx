'use client'

import type { ReactNode } from 'react'
import { laterInBrowser } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { Skeleton } from '@/components/ui/skeleton'
import { HistoryList } from './history-list'
import type { Me } from './types'

const WAITING = <Skeleton className="h-40" />
const TriagePanel = laterInBrowser(
  () => import('./triage-panel').then((module) => module.TriagePanel),
  WAITING,
)
const TreeDrawing = laterInBrowser(
  () => import('./tree-drawing').then((module) => module.TreeDrawing),
  WAITING,
)

/** TriageRoom is the triage of everything as it is now, or of one incident, with the whole tree drawn. */
export function TriageRoom({
  incident,
  me,
}: {
  readonly incident: { readonly id: string; readonly name: string; readonly isOver: boolean } | null
  readonly me: Me
}): ReactNode {
  return (
    <div className="flex flex-1 flex-col gap-8 px-4 py-4 md:px-6">
      <header className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h1 className="text-20">
          {incident === null ? 'Triage of what is so now' : `Triage of ${incident.name}`}
        </h1>
        {incident === null ? null : (
          <Link href={`/incidents/${incident.name}`} className="link">
            Back to {incident.name}
          </Link>
        )}
      </header>
      <div className="grid gap-8 xl:grid-cols-[3fr_2fr]">
        <TriagePanel incident={incident} me={me} />
        <HistoryList incidentId={incident?.id ?? null} />
      </div>
      <TreeDrawing incidentId={incident?.id ?? null} />
    </div>
  )
}
