import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { PostmortemScreen } from '@/components/postmortems/postmortem-screen'
import type { PostmortemData } from '@/components/postmortems/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { AppError } from '@/lib/platform/errors'
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
  const initial = await find(actor, number)
  if (initial === undefined) notFound()
  return (
    <PostmortemScreen initial={initial} me={{ id: actor.id, handle: actor.handle, roles: actor.roles }} />
  )
}

async function find(
  actor: Awaited<ReturnType<typeof requirePermission>>,
  number: number,
): Promise<PostmortemData | undefined> {
  try {
    return (await queryInProcess(one, actor, { number, rows: 'key' })) as unknown as PostmortemData
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid'))
      return undefined
    throw error
  }
}
