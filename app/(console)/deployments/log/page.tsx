import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { LogScreen } from '@/components/rollouts/log-screen'
import type { ImagesData, LogData } from '@/components/rollouts/types'
import { queryInProcess } from '@/lib/access/in-process'
import { requirePermission } from '@/lib/access/session'
import { images, log } from '@/lib/rollouts/queries'

export const metadata: Metadata = { title: 'Reliability log' }

export default async function ReliabilityLogPage(): Promise<ReactNode> {
  const actor = await requirePermission('rollouts.read')
  const [entries, facts] = await Promise.all([
    queryInProcess(log, actor, {}),
    queryInProcess(images, actor, {}),
  ])
  return (
    <LogScreen
      log={entries as unknown as LogData}
      images={facts as unknown as ImagesData}
      roles={actor.roles}
    />
  )
}
