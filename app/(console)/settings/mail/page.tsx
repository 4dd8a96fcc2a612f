import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { MailScreen } from '@/components/mail/mail-screen'
import { can } from '@/lib/access/permissions'
import { requirePermission } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Mail' }

export default async function MailPage(): Promise<ReactNode> {
  const { roles } = await requirePermission('subscribers.read')
  return (
    <MailScreen
      mayConfigure={can(roles, 'mail.configure')}
      mayTest={can(roles, 'mail.test')}
      mayForget={can(roles, 'subscribers.manage')}
    />
  )
}
