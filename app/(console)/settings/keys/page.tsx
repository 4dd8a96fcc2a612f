import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { KeysView } from '@/components/access/keys-view'
import { queryInProcess } from '@/lib/access/in-process'
import { can, GRANTABLE } from '@/lib/access/permissions'
import { keys } from '@/lib/access/queries-keys'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'API keys' }

export default async function Page(): Promise<ReactNode> {
  const actor = await requirePermission('access.self')
  const whose = can(actor.roles, 'access.manage-people') ? 'all' : 'mine'
  return (
    <KeysView
      initial={await queryInProcess(keys, actor, { whose })}
      whose={whose}
      grantable={GRANTABLE.filter((scope) => can(actor.roles, scope))}
    />
  )
}
