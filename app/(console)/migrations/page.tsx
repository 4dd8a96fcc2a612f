import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { MigrationsRoom } from '@/components/migrations/migrations-room'
import type { FlagsData, ListData } from '@/components/migrations/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { list as flagList } from '@/lib/flags/queries'
import { list } from '@/lib/migrations/queries'

export const metadata: Metadata = { title: 'Migrations' }

export default async function MigrationsPage(): Promise<ReactNode> {
  const actor = await requirePermission('migrations.read')
  const [initial, flags] = await Promise.all([
    queryInProcess(list, actor, {}),
    queryInProcess(flagList, actor, {}),
  ])
  const me = { id: actor.id, handle: actor.handle, roles: actor.roles }
  return <MigrationsRoom initial={initial as ListData} flags={flags as FlagsData} me={me} />
}
