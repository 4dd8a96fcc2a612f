import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BoardScreen } from '@/components/deployments/board-screen'
import type { BoardData } from '@/components/deployments/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { board } from '@/lib/deployments/queries'

export const metadata: Metadata = { title: 'Deployments' }

export default async function DeploymentsPage(): Promise<ReactNode> {
  const actor = await requirePermission('deployments.read')
  const initial = (await queryInProcess(board, actor, {})) as unknown as BoardData
  return <BoardScreen initial={initial} me={{ id: actor.id, handle: actor.handle, roles: actor.roles }} />
}
