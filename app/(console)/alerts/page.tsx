import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { AlertsScreen } from '@/components/alerts/alerts-screen'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Alerts' }

export default async function AlertsPage(): Promise<ReactNode> {
  const actor = await requirePermission('alerts.read')
  return (
    <AlertsScreen
      mayAcknowledge={can(actor.roles, 'alerts.acknowledge')}
      mayDeclare={can(actor.roles, 'incidents.declare')}
      mayRedrive={can(actor.roles, 'alerts.redrive')}
      mayManageHooks={can(actor.roles, 'alerts.manage-hooks')}
    />
  )
}
