import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { StatusPageScreen } from '@/components/status/status-page-screen'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Status page' }

export default async function Page(): Promise<ReactNode> {
  const { roles } = await requirePermission('status.read')
  return (
    <StatusPageScreen
      mayManage={can(roles, 'status.manage')}
      mayMaintain={can(roles, 'status.maintain')}
      mayExport={can(roles, 'status.export')}
      mayEnd={can(roles, 'incidents.inform-public')}
    />
  )
}
