import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { AgentsScreen } from '@/components/agents/agents-screen'
import { can } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Agents' }

export default async function AgentsPage(): Promise<ReactNode> {
  const { roles } = await requireActor()
  return <AgentsScreen mayManage={can(roles, 'agents.manage')} />
}
