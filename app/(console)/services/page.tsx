import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ServicesScreen } from '@/components/services/services-screen'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Services' }

export default async function ServicesPage(): Promise<ReactNode> {
  await requireActor()
  return <ServicesScreen />
}
