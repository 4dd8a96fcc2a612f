import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SessionsView } from '@/components/access/sessions-view'
import { queryInProcess } from '@/lib/access/in-process'
import { mySessions } from '@/lib/access/queries'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Your sessions' }

export default async function Page(): Promise<ReactNode> {
  const actor = await requirePermission('access.self')
  return <SessionsView initial={await queryInProcess(mySessions, actor, {})} />
}
