import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BrowserSettings } from '@/components/shell/browser-settings'

export const metadata: Metadata = { title: 'Settings' }

export default function SettingsPage(): ReactNode {
  return <BrowserSettings />
}
