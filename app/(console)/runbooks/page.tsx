import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RunbooksScreen } from '@/components/runbooks/runbooks-screen'
import type { ListData } from '@/components/runbooks/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { list } from '@/lib/runbooks/queries'

export const metadata: Metadata = { title: 'Runbooks' }

export default async function RunbooksPage(): Promise<ReactNode> {
  const actor = await requirePermission('runbooks.read')
  const initial = (await queryInProcess(list, actor, {})) as ListData
  return <RunbooksScreen initial={initial} />
}
