import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BoardScreen } from '@/components/board/board-screen'
import { can } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Board' }

export default async function BoardPage(): Promise<ReactNode> {
  const actor = await requireActor()
  return <BoardScreen mayDeclare={can(actor.roles, 'incidents.declare')} />
}
