import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { CalendarScreen } from '@/components/deployments/calendar-screen'
import type { CalendarData } from '@/components/deployments/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { calendar } from '@/lib/deployments/queries'

export const metadata: Metadata = { title: 'Windows and freezes' }

export default async function WindowsPage(): Promise<ReactNode> {
  const actor = await requirePermission('deployments.read')
  const initial = (await queryInProcess(calendar, actor, {})) as unknown as CalendarData
  return (
    <CalendarScreen
      initial={initial}
      me={{ id: actor.id, handle: actor.handle, roles: actor.roles }}
      isFramed
    />
  )
}
