import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BrowserSettings } from '@/components/shell/browser-settings'
import { requireActor } from '@/lib/access/session'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage(): Promise<ReactNode> {
  await requireActor()
  return <BrowserSettings />
}
