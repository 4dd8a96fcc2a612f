import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import type { UpkeepData } from '@/components/deployments/types'
import { UpkeepScreen } from '@/components/deployments/upkeep-screen'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { upkeep } from '@/lib/deployments/queries-upkeep'

export const metadata: Metadata = { title: 'Secrets and sizing' }

export default async function UpkeepPage(): Promise<ReactNode> {
  const actor = await requirePermission('deployments.read')
  const initial = (await queryInProcess(upkeep, actor, {})) as unknown as UpkeepData
  return <UpkeepScreen initial={initial} me={{ id: actor.id, handle: actor.handle, roles: actor.roles }} />
}
