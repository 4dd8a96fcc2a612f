import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ReviewScreen } from '@/components/actions/review-screen'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Broken glass' }

export default async function Page(): Promise<ReactNode> {
  await requirePermission('actions.read')
  return <ReviewScreen />
}
