import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { PostmortemScreen } from '@/components/postmortems/postmortem-screen'
import type { PostmortemData } from '@/components/postmortems/types'
import { findInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { parsePostmortemName, postmortemName } from '@/lib/postmortems/model'
import { one } from '@/lib/postmortems/queries'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  const number = parsePostmortemName(decodeURIComponent((await params).number))
  return { title: number === undefined ? 'Postmortem' : postmortemName(number) }
}

export default async function PostmortemPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('postmortems.read')
  const number = parsePostmortemName(decodeURIComponent((await params).number))
  if (number === undefined) notFound()
  const initial = await findInProcess(one, actor, { number, rows: 'key' })
  if (initial === undefined) notFound()
  return (
    <PostmortemScreen
      initial={initial as unknown as PostmortemData}
      me={{ id: actor.id, handle: actor.handle, roles: actor.roles }}
    />
  )
}
