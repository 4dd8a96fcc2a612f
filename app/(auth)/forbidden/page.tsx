import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ForbiddenPage } from '@/components/access/forbidden-page'
import { PERMISSIONS, type Permission } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Not for your role' }

type Search = Promise<{ readonly need?: string | string[] }>

function permissionOf(need: string | string[] | undefined): Permission | undefined {
  return typeof need === 'string' && Object.hasOwn(PERMISSIONS, need) ? (need as Permission) : undefined
}

export default async function Page({ searchParams }: { readonly searchParams: Search }): Promise<ReactNode> {
  const actor = await requireActor()
  const permission = permissionOf((await searchParams).need)
  return (
    <ForbiddenPage
      name={actor.name}
      roles={actor.roles}
      permission={permission}
      holders={permission ? PERMISSIONS[permission] : []}
    />
  )
}
