import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { ApprovalScreen } from '@/components/deployments/approval-screen'
import type { PageData } from '@/components/deployments/types'
import { findInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { one } from '@/lib/deployments/queries'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: `Deployment ${numberOf((await params).number) ?? ''}`.trim() }
}

export default async function DeploymentPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('deployments.read')
  const number = numberOf((await params).number)
  if (number === undefined) notFound()
  const initial = (await findInProcess(one, actor, { number })) as unknown as PageData | undefined
  if (initial === undefined) notFound()
  return <ApprovalScreen initial={initial} me={{ id: actor.id, handle: actor.handle, roles: actor.roles }} />
}

/** A number as it is said, `DEP-0311`, or as it is. */
function numberOf(text: string): number | undefined {
  const match = /^(?:dep-)?0*(\d{1,9})$/i.exec(decodeURIComponent(text))
  return match ? Number(match[1]) : undefined
}
