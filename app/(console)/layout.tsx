import type { ReactNode } from 'react'
import { Shell } from '@/components/shell/shell'
import { requireActor } from '@/lib/access/session'

export default async function ConsoleLayout({
  children,
}: {
  readonly children: ReactNode
}): Promise<ReactNode> {
  const actor = await requireActor()
  return <Shell actor={{ name: actor.name, handle: actor.handle, roles: actor.roles }}>{children}</Shell>
}
