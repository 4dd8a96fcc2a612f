import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { IncidentsScreen } from '@/components/incidents/incidents-screen'
import type { OpenData } from '@/components/incidents/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { open } from '@/lib/incidents/queries'

export const metadata: Metadata = { title: 'Incidents' }

export default async function IncidentsPage(): Promise<ReactNode> {
  const actor = await requirePermission('incidents.read')
  const initial = (await queryInProcess(open, actor, {})) as OpenData
  return <IncidentsScreen initial={initial} me={{ id: actor.id, handle: actor.handle, roles: actor.roles }} />
}
