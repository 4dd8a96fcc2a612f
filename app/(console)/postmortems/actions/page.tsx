import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { askedOf } from '@/components/action-items/items-address'
import { ItemsScreen } from '@/components/action-items/items-screen'
import type { ItemsData } from '@/components/action-items/types'
import { queryInProcess } from '@/lib/access/in-process'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'
import { list } from '@/lib/action-items/queries'

export const metadata: Metadata = { title: 'Action items' }

export default async function ActionItemsPage({
  searchParams,
}: {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}): Promise<ReactNode> {
  const actor = await requirePermission('action-items.read')
  const given = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  const asked = askedOf(new URLSearchParams(given))
  const initial = (await queryInProcess(list, actor, asked)) as ItemsData
  return (
    <ItemsScreen initial={initial} initialAsked={asked} mayWork={can(actor.roles, 'action-items.work')} />
  )
}
