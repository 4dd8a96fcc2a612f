'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useAddress } from '@/components/shell/use-address'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { later } from '@/components/ui/later'
import { Tabs } from '@/components/ui/tabs'
import { queryOf } from '@/lib/client/api'
import { AlertFilters } from './alert-filters'
import { AlertGroups } from './alert-groups'
import { AlertsHead } from './alerts-head'
import { useAlertsAddress } from './use-alerts-address'

const AlertDrawer = later(() => import('./alert-drawer').then((module) => module.AlertDrawer))
const Quarantine = later(() => import('./quarantine').then((module) => module.Quarantine))
const Senders = later(() => import('./senders').then((module) => module.Senders))

const REFRESH_MS = 30_000

/** AlertsScreen is the room of alerts: groups by rule, what could not be understood, and who may deliver. */
export function AlertsScreen({
  mayAcknowledge,
  mayDeclare,
  mayRedrive,
  mayManageHooks,
}: {
  readonly mayAcknowledge: boolean
  readonly mayDeclare: boolean
  readonly mayRedrive: boolean
  readonly mayManageHooks: boolean
}): ReactNode {
  const address = useAlertsAddress()
  const { tab, filter } = address
  const open = useAddress('alert')
  const board = useQuery({
    ...queryOf('alerts.groups', filter),
    refetchInterval: REFRESH_MS,
    placeholderData: (before) => before,
  })
  const items = [
    { href: '/alerts', label: 'Alerts' },
    { href: '/alerts?tab=quarantine', label: 'Quarantine', count: board.data?.held ?? 0 },
    { href: '/alerts?tab=senders', label: 'Senders' },
  ]
  return (
    <div className="grid gap-5 px-4 pb-8 md:px-6">
      <AlertsHead board={board.data} />
      <Tabs label="Alerts" items={items} current={tab === 'alerts' ? '/alerts' : `/alerts?tab=${tab}`} />
      {tab === 'quarantine' ? <Quarantine mayRedrive={mayRedrive} /> : null}
      {tab === 'senders' ? <Senders mayManage={mayManageHooks} /> : null}
      {tab === 'alerts' ? (
        <>
          <AlertFilters address={address} />
          {board.data ? (
            <AlertGroups
              board={board.data}
              address={address}
              mayAcknowledge={mayAcknowledge}
              mayDeclare={mayDeclare}
            />
          ) : (
            <Panel
              title="Groups"
              face={
                board.isError
                  ? failedFace(board, 'The alerts could not be read.')
                  : { kind: 'loading', rows: 6 }
              }
            />
          )}
        </>
      ) : null}
      {open.value === undefined ? null : (
        <AlertDrawer
          id={open.value}
          onClose={open.clear}
          mayAcknowledge={mayAcknowledge}
          mayDeclare={mayDeclare}
        />
      )}
    </div>
  )
}
