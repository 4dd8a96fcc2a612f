import type { ReactNode } from 'react'
import { roomsFor } from '@/components/shell/rooms'
import { Shell } from '@/components/shell/shell'
import { SimulatedBanner } from '@/components/shell/simulated-banner'
import { can } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'
import { env } from '@/lib/platform/env'

export default async function ConsoleLayout({
  children,
}: {
  readonly children: ReactNode
}): Promise<ReactNode> {
  const actor = await requireActor()
  const banner = env().WATCHFLOOR_SIMULATED ? <SimulatedBanner /> : null
  return (
    <Shell
      actor={{ id: actor.id, name: actor.name, handle: actor.handle, roles: actor.roles }}
      rooms={roomsFor(actor.roles)}
      mayDeclare={can(actor.roles, 'incidents.declare')}
      banner={banner}
    >
      {children}
    </Shell>
  )
}
