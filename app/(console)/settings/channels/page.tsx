import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ChannelsScreen } from '@/components/channels/channels-screen'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Channels' }

export default async function ChannelsPage(): Promise<ReactNode> {
  const { roles } = await requirePermission('channels.read')
  return (
    <ChannelsScreen
      may={{
        configure: can(roles, 'channels.configure'),
        test: can(roles, 'channels.test'),
        pause: can(roles, 'channels.pause'),
      }}
    />
  )
}
