import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PostmortemsScreen } from '@/components/postmortems/postmortems-screen'
import type { PostmortemListData, ProposedData } from '@/components/postmortems/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { proposed } from '@/lib/postmortems/proposal-queries'
import { list } from '@/lib/postmortems/queries'

export const metadata: Metadata = { title: 'Postmortems' }

export default async function PostmortemsPage(): Promise<ReactNode> {
  const actor = await requirePermission('postmortems.read')
  const [postmortems, waiting] = await Promise.all([
    queryInProcess(list, actor, {}),
    queryInProcess(proposed, actor, {}),
  ])
  return (
    <PostmortemsScreen
      initial={postmortems as PostmortemListData}
      proposed={waiting as ProposedData}
      me={{ id: actor.id, handle: actor.handle, roles: actor.roles }}
    />
  )
}
