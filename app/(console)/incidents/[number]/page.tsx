import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { IncidentScreen } from '@/components/incidents/incident-screen'
import { RECORD_PAGE } from '@/components/incidents/record-page'
import type { IncidentData, RecordData } from '@/components/incidents/types'
import { findInProcess, queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { byId } from '@/lib/incidents/queries'
import { timeline } from '@/lib/incidents/queries-record'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).number).toUpperCase() }
}

export default async function IncidentPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('incidents.read')
  const ref = decodeURIComponent((await params).number)
  const initial = (await findInProcess(byId, actor, { ref })) as unknown as IncidentData | undefined
  if (initial === undefined) notFound()
  const newest = await queryInProcess(timeline, actor, { id: initial.id, limit: RECORD_PAGE })
  return (
    <IncidentScreen
      initial={initial}
      record={newest as unknown as RecordData}
      me={{ id: actor.id, handle: actor.handle, roles: actor.roles }}
    />
  )
}
