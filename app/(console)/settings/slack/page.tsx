import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SlackScreen } from '@/components/slack/slack-screen'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Slack' }

export default async function SlackPage(): Promise<ReactNode> {
  const { roles } = await requirePermission('slack.read')
  return <SlackScreen mayManage={can(roles, 'slack.manage')} />
}
