import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { EditorScreen } from '@/components/postmortems/editor-screen'
import type { DocumentData } from '@/components/postmortems/editor-types'
import { findInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { parsePostmortemName } from '@/lib/postmortems/model'
import { one } from '@/lib/postmortems/queries'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: `Write ${decodeURIComponent((await params).number).toUpperCase()}` }
}

export default async function EditPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('postmortems.read')
  const number = parsePostmortemName(decodeURIComponent((await params).number).slice(0, 64))
  if (number === undefined || number < 1) notFound()
  const initial = await findInProcess(one, actor, { number, rows: 'key' })
  if (initial === undefined) notFound()
  return (
    <EditorScreen
      initial={initial as unknown as DocumentData}
      me={{ id: actor.id, handle: actor.handle, roles: actor.roles }}
    />
  )
}
