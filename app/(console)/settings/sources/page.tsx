import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SourcesScreen } from '@/components/sources/sources-screen'
import { can } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Sources' }

export default async function SourcesPage(): Promise<ReactNode> {
  const { roles } = await requireActor()
  return <SourcesScreen mayConfigure={can(roles, 'sources.configure')} mayTest={can(roles, 'sources.test')} />
}
