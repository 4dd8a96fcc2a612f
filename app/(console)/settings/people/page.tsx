import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PeopleView } from '@/components/access/people-view'
import { queryInProcess } from '@/lib/access/in-process'
import { can } from '@/lib/access/permissions'
import { people } from '@/lib/access/queries'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'People' }

export default async function Page(): Promise<ReactNode> {
  const actor = await requirePermission('access.read-people')
  return (
    <PeopleView
      initial={await queryInProcess(people, actor, {})}
      ownId={actor.id}
      canManage={can(actor.roles, 'access.manage-people')}
    />
  )
}
