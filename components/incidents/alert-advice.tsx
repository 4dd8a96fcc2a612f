'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { later } from '@/components/ui/later'
import { queryOf } from '@/lib/client/api'
import type { DialogKind } from './dialog-kinds'
import type { IncidentData, Me } from './types'

const AlertWords = later(() => import('./alert-words').then((module) => module.AlertWords))

const REFRESH_MS = 15_000

/** AlertAdvice asks what the alerts suggest for this incident, and shows it when there is something. */
export function AlertAdvice({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  const { data } = useQuery({
    ...queryOf('incidents.alertAdvice', { id: incident.id }),
    refetchInterval: REFRESH_MS,
  })
  if (data === undefined || (data.allOverAtMs === null && data.proposals.length === 0)) return null
  return <AlertWords advice={data} incident={incident} me={me} open={open} />
}
