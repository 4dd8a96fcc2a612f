import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { IncidentScreen } from '@/components/incidents/incident-screen'
import { RECORD_PAGE } from '@/components/incidents/record-page'
import type { IncidentData, RecordData } from '@/components/incidents/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { byId } from '@/lib/incidents/queries'
import { timeline } from '@/lib/incidents/queries-record'
import { AppError } from '@/lib/platform/errors'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).number).toUpperCase() }
}

export default async function IncidentPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('incidents.read')
  const initial = await find(actor, decodeURIComponent((await params).number))
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

async function find(
  actor: Awaited<ReturnType<typeof requirePermission>>,
  ref: string,
): Promise<IncidentData | undefined> {
  if (ref.length > 64) return undefined
  try {
    return (await queryInProcess(byId, actor, { ref })) as unknown as IncidentData
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
