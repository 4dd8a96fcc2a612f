import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { DrillReport } from '@/components/drills/drill-report'
import { DrillsRoom } from '@/components/drills/drills-room'
import type { ReportData, ShelfData } from '@/components/drills/types'
import { findInProcess, queryInProcess } from '@/lib/access/in-process'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'
import { list, report } from '@/lib/drills/queries'

export const metadata: Metadata = { title: 'Drills' }

export default async function DrillsPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly drill?: string | string[] }>
}): Promise<ReactNode> {
  const actor = await requirePermission('drills.read')
  const { drill } = await searchParams
  if (typeof drill === 'string' && drill !== '') {
    const found = await findInProcess(report, actor, { id: drill })
    if (found === undefined) notFound()
    return <DrillReport report={found as ReportData} />
  }
  const initial = (await queryInProcess(list, actor, {})) as ShelfData
  return (
    <DrillsRoom
      initial={initial}
      mayRun={can(actor.roles, 'drills.run')}
      mayExport={can(actor.roles, 'drills.export')}
    />
  )
}
