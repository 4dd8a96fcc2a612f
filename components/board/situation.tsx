'use client'

import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import { useOpenIncidents } from '@/components/incidents/use-open-incidents'
import { Panel } from '@/components/state/panel'
import { useBoard } from '@/lib/client/health-store'
import { AlertsBrief, alertGroups } from './alerts-brief'
import { Conclusions } from './conclusions'

const ActivePanel = lazy(() =>
  import('@/components/incidents/active-panel').then((module) => ({ default: module.ActivePanel })),
)

/** Situation is what goes on now: incidents, alerts, conclusions. It appears at once, so that nothing pushes what is being read. */
export function Situation({ mayDeclare }: { readonly mayDeclare: boolean }): ReactNode {
  const incidents = useOpenIncidents()
  const alerts = useQuery(alertGroups)
  const isRead = useBoard((board) => board.conclusions) !== undefined
  const waiting = <Panel title="What goes on" face={{ kind: 'loading', rows: 5 }} />
  if (incidents.isPending || alerts.isPending || !isRead) return waiting
  const hasIncidents = incidents.isError || incidents.data.incidents.length > 0
  return (
    <Suspense fallback={waiting}>
      {hasIncidents ? <ActivePanel /> : null}
      <AlertsBrief mayDeclare={mayDeclare} />
      <Conclusions />
    </Suspense>
  )
}
