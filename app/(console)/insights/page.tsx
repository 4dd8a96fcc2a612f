import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { askedOf } from '@/components/insights/insights-address'
import { InsightsScreen } from '@/components/insights/insights-screen'
import type { InsightsData } from '@/components/insights/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { summary } from '@/lib/insights/queries'

export const metadata: Metadata = { title: 'Insights' }

export default async function InsightsPage({
  searchParams,
}: {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}): Promise<ReactNode> {
  const actor = await requirePermission('insights.read')
  const given = Object.entries(await searchParams).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  const asked = askedOf(new URLSearchParams(given))
  const initial = (await queryInProcess(summary, actor, asked)) as InsightsData
  return <InsightsScreen initial={initial} initialAsked={asked} />
}
