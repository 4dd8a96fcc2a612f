import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { DrillReport } from '@/components/drills/drill-report'
import { DrillsRoom } from '@/components/drills/drills-room'
import type { ReportData, ShelfData } from '@/components/drills/types'
import { queryInProcess } from '@/lib/access/in-process'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'
import { list, report } from '@/lib/drills/queries'
import { AppError } from '@/lib/platform/errors'

export const metadata: Metadata = { title: 'Drills' }

type Actor = Awaited<ReturnType<typeof requirePermission>>

export default async function DrillsPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly drill?: string | string[] }>
}): Promise<ReactNode> {
  const actor = await requirePermission('drills.read')
  const { drill } = await searchParams
  if (typeof drill === 'string' && drill !== '') return <DrillReport report={await find(actor, drill)} />
  const initial = (await queryInProcess(list, actor, {})) as ShelfData
  return (
    <DrillsRoom
      initial={initial}
      mayRun={can(actor.roles, 'drills.run')}
      mayExport={can(actor.roles, 'drills.export')}
    />
  )
}

async function find(actor: Actor, id: string): Promise<ReportData> {
  try {
    return (await queryInProcess(report, actor, { id })) as ReportData
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid')) notFound()
    throw error
  }
}
