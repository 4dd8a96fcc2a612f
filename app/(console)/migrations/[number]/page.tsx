import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { MigrationScreen } from '@/components/migrations/migration-screen'
import type { MigrationData } from '@/components/migrations/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { one } from '@/lib/migrations/queries'
import { AppError } from '@/lib/platform/errors'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: `Migration ${(await params).number}` }
}

export default async function MigrationPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('migrations.read')
  const initial = await find(actor, (await params).number)
  if (initial === undefined) notFound()
  const me = { id: actor.id, handle: actor.handle, roles: actor.roles }
  return <MigrationScreen initial={initial} me={me} />
}

async function find(
  actor: Awaited<ReturnType<typeof requirePermission>>,
  number: string,
): Promise<MigrationData | undefined> {
  if (!/^[1-9]\d{0,8}$/.test(number)) return undefined
  try {
    return (await queryInProcess(one, actor, { number: Number(number) })) as unknown as MigrationData
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
