import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { TriageRoom } from '@/components/triage/triage-room'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { byId } from '@/lib/incidents/queries'
import { AppError } from '@/lib/platform/errors'

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
  const incident = await find(actor, ref)
  if (incident === undefined) notFound()
  return <TriageRoom incident={incident} me={me} />
}

async function find(
  actor: Awaited<ReturnType<typeof requirePermission>>,
  ref: string,
): Promise<{ readonly id: string; readonly name: string; readonly isOver: boolean } | undefined> {
  if (ref.length > 64) return undefined
  try {
    const found = await queryInProcess(byId, actor, { ref })
    return {
      id: found.id,
      name: found.name,
      isOver: found.status === 'resolved' || found.mergedInto !== null,
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
