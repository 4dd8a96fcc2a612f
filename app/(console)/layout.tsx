import type { ReactNode } from 'react'
import { DueNudge } from '@/components/action-items/due-nudge'
import { DrillBanner } from '@/components/drills/drill-banner'
import type { GoingDrill } from '@/components/drills/types'
import { PromiseNudge } from '@/components/reminders/promise-nudge'
import { roomsFor } from '@/components/shell/rooms'
import { RunbookFaults } from '@/components/shell/runbook-faults'
import { Shell } from '@/components/shell/shell'
import { SimulatedBanner } from '@/components/shell/simulated-banner'
import { queryInProcess } from '@/lib/access/in-process'
import { can } from '@/lib/access/permissions'
import { requireActor } from '@/lib/access/session'
import { current } from '@/lib/drills/queries'
import { env } from '@/lib/platform/env'
import { runbooksFaults } from '@/lib/runbooks/operations'

export default async function ConsoleLayout({
  children,
}: {
  readonly children: ReactNode
}): Promise<ReactNode> {
  const actor = await requireActor()
  const faults = can(actor.roles, 'runbooks.read-faults')
    ? await queryInProcess(runbooksFaults, actor, {}).catch(() => undefined)
    : undefined
  const isSimulated = env().WATCHFLOOR_SIMULATED
  const drill = isSimulated ? await queryInProcess(current, actor, {}).catch(() => undefined) : undefined
  const banner = (
    <>
      {isSimulated ? <SimulatedBanner /> : null}
      {isSimulated ? <DrillBanner initial={(drill?.drill ?? null) as GoingDrill | null} /> : null}
      {can(actor.roles, 'incidents.command') ? <PromiseNudge /> : null}
      {can(actor.roles, 'action-items.work') ? <DueNudge /> : null}
      {faults === undefined ? null : <RunbookFaults initial={faults} />}
    </>
  )
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
