import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BoardScreen } from '@/components/board/board-screen'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Board' }

export default async function BoardPage(): Promise<ReactNode> {
  await requireActor()
  return <BoardScreen />
}
