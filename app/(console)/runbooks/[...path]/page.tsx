import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { RunbookScreen } from '@/components/runbooks/runbook-screen'
import type { FileData } from '@/components/runbooks/types'
import { findInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { file } from '@/lib/runbooks/queries'

type Params = Promise<{ readonly path: readonly string[] }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: slugIn((await params).path) }
}

export default async function RunbookPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('runbooks.read')
  const slug = slugIn((await params).path)
  const initial = await findInProcess(file, actor, { slug })
  if (initial === undefined) notFound()
  return (
    <RunbookScreen
      initial={initial as FileData}
      me={{ id: actor.id, handle: actor.handle, roles: actor.roles }}
    />
  )
}

function slugIn(path: readonly string[]): string {
  return path.map((part) => decodeURIComponent(part)).join('/')
}
