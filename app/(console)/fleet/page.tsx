import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { FleetScreen } from '@/components/fleet/fleet-screen'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Fleet' }

export default async function FleetPage(): Promise<ReactNode> {
  await requireActor()
  return <FleetScreen />
}
