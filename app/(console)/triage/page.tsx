import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { TriageRoom } from '@/components/triage/triage-room'
import { findInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { byId } from '@/lib/incidents/queries'

export const metadata: Metadata = { title: 'Triage' }

type SearchParams = Promise<{ readonly incident?: string | string[] }>

export default async function TriagePage({
  searchParams,
}: {
  readonly searchParams: SearchParams
}): Promise<ReactNode> {
  const actor = await requirePermission('triage.read')
  const { incident: ref } = await searchParams
  const me = { id: actor.id, handle: actor.handle, roles: actor.roles }
  if (typeof ref !== 'string' || ref === '') return <TriageRoom incident={null} me={me} />
  const found = await findInProcess(byId, actor, { ref })
  if (found === undefined) notFound()
  const isOver = found.status === 'resolved' || found.mergedInto !== null
  return <TriageRoom incident={{ id: found.id, name: found.name, isOver }} me={me} />
}
