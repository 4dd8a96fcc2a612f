'use client'

import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { Tabs } from '@/components/ui/tabs'
import type { SettingsPage } from './settings-pages'

/** SettingsFrame heads every settings page with the tabs of those that may be opened. */
export function SettingsFrame({
  pages,
  children,
}: {
  readonly pages: readonly SettingsPage[]
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="px-4 pb-12 md:px-6">
      <h1 className="pt-5 pb-2 text-20 font-normal text-ink-2">Settings</h1>
      <Tabs label="Settings" items={pages} current={usePathname()} />
      <div className="pt-6">{children}</div>
    </div>
  )
}
