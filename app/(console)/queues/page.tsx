import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { QueuesScreen } from '@/components/queues/queues-screen'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Queues' }

export default async function QueuesPage(): Promise<ReactNode> {
  await requireActor()
  return <QueuesScreen />
}
