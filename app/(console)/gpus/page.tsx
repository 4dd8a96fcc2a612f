import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { GpusScreen } from '@/components/gpus/gpus-screen'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'GPUs' }

export default async function GpusPage(): Promise<ReactNode> {
  await requireActor()
  return <GpusScreen />
}
