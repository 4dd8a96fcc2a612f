import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { RolloutScreen } from '@/components/rollouts/rollout-screen'
import type { RolloutData } from '@/components/rollouts/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { one } from '@/lib/rollouts/queries'

type Params = Promise<{ readonly number: string }>

export async function generateMetadata({ params }: { readonly params: Params }): Promise<Metadata> {
  return { title: `Rollout ${numberOf((await params).number) ?? ''}`.trim() }
}

export default async function RolloutPage({ params }: { readonly params: Params }): Promise<ReactNode> {
  const actor = await requirePermission('rollouts.read')
  const number = numberOf((await params).number)
  if (number === undefined) notFound()
  const initial = (await queryInProcess(one, actor, { number })) as unknown as RolloutData | null
  return <RolloutScreen number={number} initial={initial} roles={actor.roles} />
}

function numberOf(text: string): number | undefined {
  const match = /^(?:dep-)?0*([1-9]\d{0,8})$/i.exec(decodeURIComponent(text))
  return match ? Number(match[1]) : undefined
}
