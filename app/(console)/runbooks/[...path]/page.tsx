import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { RunbookScreen } from '@/components/runbooks/runbook-screen'
import type { FileData } from '@/components/runbooks/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { AppError } from '@/lib/platform/errors'
import { file } from '@/lib/runbooks/queries'

type Params = Promise<{ readonly path: readonly string[] }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: slugIn((await params).path) }
}

export default async function RunbookPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('runbooks.read')
  const slug = slugIn((await params).path)
  const initial = await queryInProcess(file, actor, { slug }).catch((error: unknown) => {
    if (error instanceof AppError && (error.code === 'not_found' || error.code === 'invalid'))
      return undefined
    throw error
  })
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
