'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { INCIDENT_ROLES, type IncidentRole } from '@/lib/incidents/model'
import { ROLE_TITLES } from '@/lib/incidents/obligations'
import type { DialogKind } from './dialog-kinds'
import type { IncidentData, Me } from './types'
import { tellProblem, useIncidentCommand } from './use-incident-command'

const SINGLE: readonly IncidentRole[] = INCIDENT_ROLES.filter((role) => role !== 'responder')

/** RolesStrip says who does what; an empty role that the policy asks for says so and can be taken. */
export function RolesStrip({
  incident,
  me,
  open,
  isTall = false,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
  readonly isTall?: boolean
}): ReactNode {
  return (
    <dl className={isTall ? 'grid md:hidden' : 'ml-auto hidden shrink-0 gap-4 lg:flex xl:gap-5'}>
      {SINGLE.filter((role) => isShown(incident, role)).map((role) => (
        <RoleCell key={role} role={role} incident={incident} me={me} open={open} isTall={isTall} />
      ))}
    </dl>
  )
}

function isShown(incident: IncidentData, role: IncidentRole): boolean {
  return incident.requiredRoles.includes(role) || incident.roles.some((one) => one.role === role)
}

function RoleCell({
  role,
  incident,
  me,
  open,
  isTall,
}: {
  readonly role: IncidentRole
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
  readonly isTall: boolean
}): ReactNode {
  const command = useIncidentCommand()
  const holder = incident.roles.find((one) => one.role === role)
  const isOpen = incident.status !== 'resolved'
  const canTake =
    isOpen &&
    can(me.roles, role === 'commander' ? 'incidents.command' : 'incidents.work') &&
    holder === undefined
  const canHand =
    isOpen && holder !== undefined && (holder.personId === me.id || can(me.roles, 'incidents.command'))

  async function take(): Promise<void> {
    if (role === 'commander' && incident.acknowledgedAtMs === null)
      await command.send('incidents.acknowledge', { id: incident.id }, tellProblem)
    else await command.send('incidents.takeRole', { id: incident.id, role }, tellProblem)
  }
  return (
    <div className={clsx(isTall && 'flex min-h-11 items-center justify-between gap-3 border-t')}>
      <dt className={isTall ? '' : 'text-12 text-ink-3'}>{ROLE_TITLES[role]}</dt>
      <dd className="flex items-center gap-2 font-medium">
        {holder === undefined ? (
          <span className="inline-flex items-center gap-1.5 text-unknown">
            <StateMark mark="unknown" /> No one
          </span>
        ) : canHand ? (
          <button
            type="button"
            className="hover:underline"
            title="Hand over"
            onClick={() => open({ kind: 'handover', role })}
          >
            @{holder.handle}
          </button>
        ) : (
          <span>@{holder.handle}</span>
        )}
        {holder?.offer ? (
          <span className="text-12 font-normal text-accent">→ @{holder.offer.toHandle}</span>
        ) : null}
        {canTake ? (
          <Button size="small" busy={command.busy} onClick={() => void take()}>
            Take
          </Button>
        ) : null}
      </dd>
    </div>
  )
}
