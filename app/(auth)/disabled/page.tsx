import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { NoAccessPage } from '@/components/access/no-access-page'

export const metadata: Metadata = { title: 'Access switched off' }

export default function Page(): ReactNode {
  return (
    <NoAccessPage title="Your access is switched off">
      <p>An administrator has disabled this account. Nothing that you did is lost: it stays on record.</p>
      <p>If this is a mistake, ask an administrator to switch it on again under Settings, People.</p>
    </NoAccessPage>
  )
}
