import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { MigrationScreen } from '@/components/migrations/migration-screen'
import type { MigrationData } from '@/components/migrations/types'
import { findInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { one } from '@/lib/migrations/queries'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: `Migration ${(await params).number}` }
}

export default async function MigrationPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('migrations.read')
  const number = Number((await params).number)
  const initial = (await findInProcess(one, actor, { number })) as unknown as MigrationData | undefined
  if (initial === undefined) notFound()
  const me = { id: actor.id, handle: actor.handle, roles: actor.roles }
  return <MigrationScreen initial={initial} me={me} />
}
