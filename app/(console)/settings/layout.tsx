import type { ReactNode } from 'react'
import { SettingsFrame } from '@/components/shell/settings-frame'
import { SETTINGS_PAGES } from '@/components/shell/settings-pages'
import { can } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'

export default async function SettingsLayout({
  children,
}: {
  readonly children: ReactNode
}): Promise<ReactNode> {
  const actor = await requireActor()
  const pages = SETTINGS_PAGES.filter((page) => can(actor.roles, page.permission))
  return <SettingsFrame pages={pages}>{children}</SettingsFrame>
}
