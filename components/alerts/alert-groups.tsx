'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { declareOfGroup, openDeclareFrom } from '@/components/incidents/declare-from'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { SeverityMark } from '@/components/ui/severity-mark'
import { Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toast-store'
import { ProblemError } from '@/lib/client/api'
import { groupKey, isNarrowed } from './alert-filter'
import { AlertRows } from './alert-rows'
import { sourceWord } from './alert-words'
import type { AlertsBoard } from './alerts-head'
import type { AlertsAddress } from './use-alerts-address'

type Group = AlertsBoard['groups'][number]

/** AlertGroups lists alerts by rule: one line a rule however many fire, the open one with its alerts. */
export function AlertGroups({
  board,
  address,
  mayAcknowledge,
  mayDeclare,
}: {
  readonly board: AlertsBoard
  readonly address: AlertsAddress
  readonly mayAcknowledge: boolean
  readonly mayDeclare: boolean
}): ReactNode {
  const opened = address.params.get('group')
  const isFiring = address.filter.status === 'firing'
  const title = isFiring ? 'Firing, by rule' : 'Over in the last 24 hours, by rule'
  if (board.groups.length === 0) {
    const nothing = isFiring ? 'Nothing fires.' : 'Nothing ended in the last 24 hours.'
    return (
      <Panel
        title={title}
        face={{
          kind: 'empty',
          sentence: isNarrowed(address.filter) ? 'No alert fits this filter.' : nothing,
          action: isNarrowed(address.filter) ? <Button onClick={address.clear}>Show all</Button> : undefined,
        }}
      />
    )
  }
  return (
    <Panel title={title}>
      <Table label={title}>
        <thead>
          <tr>
            <th>Severity</th>
            <th>Rule</th>
            <th className="num">Alerts</th>
            <th className="num">Deliveries</th>
            <th className="num">Longest since</th>
            <th className="num">Last heard</th>
            <th>Source</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {board.groups.map((group) => (
            <GroupRow
              key={groupKey(group)}
              group={group}
              address={address}
              isOpen={opened === groupKey(group)}
              mayAcknowledge={mayAcknowledge && isFiring}
              mayDeclare={mayDeclare && isFiring}
            />
          ))}
        </tbody>
      </Table>
      {board.more.groups > 0 ? (
        <p className="border-t py-2 text-ink-2">
          {board.more.groups} more {board.more.groups === 1 ? 'rule' : 'rules'} with {board.more.alerts}{' '}
          alerts. Narrow the list to see them.
        </p>
      ) : null}
    </Panel>
  )
}

function GroupRow({
  group,
  address,
  isOpen,
  mayAcknowledge,
  mayDeclare,
}: {
  readonly group: Group
  readonly address: AlertsAddress
  readonly isOpen: boolean
  readonly mayAcknowledge: boolean
  readonly mayDeclare: boolean
}): ReactNode {
  return (
    <>
      <tr className="hover:bg-raise">
        <td>
          <SeverityMark severity={group.level} />
        </td>
        <td className="min-w-64">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => address.set('group', isOpen ? '' : groupKey(group))}
            className="block w-full text-left pointer-coarse:min-h-11"
          >
            <span className="font-medium">{group.name}</span>
            {group.quiet > 0 ? <span className="text-12 text-ink-3"> · {group.quiet} silenced</span> : null}
            <span className="block text-12 text-ink-2">{group.summary}</span>
          </button>
        </td>
        <td className="num font-mono">{group.count}</td>
        <td className="num font-mono">{group.seen}</td>
        <td className="num">
          <TimeAgo at={group.since} suffix="" />
        </td>
        <td className="num">
          <TimeAgo at={group.lastSeenAt} />
        </td>
        <td>{group.sources.map(sourceWord).join(', ')}</td>
        <td className="num">
          <span className="inline-flex items-center gap-1">
            {mayDeclare ? (
              <Button size="small" variant="quiet" onClick={() => openDeclareFrom(declareOfGroup(group))}>
                Declare<span className="sr-only"> an incident from {group.name}</span>
              </Button>
            ) : null}
            <GroupAcknowledge group={group} mayAcknowledge={mayAcknowledge} />
          </span>
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={8}>
            <AlertRows group={group} address={address} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

function GroupAcknowledge({
  group,
  mayAcknowledge,
}: {
  readonly group: Group
  readonly mayAcknowledge: boolean
}): ReactNode {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const isDone = group.acked === group.count
  async function press(): Promise<void> {
    setBusy(true)
    const target = { group: { name: group.name, level: group.level } }
    try {
      if (isDone) await runCommand('alerts.withdrawAcknowledgement', { target })
      else await runCommand('alerts.acknowledge', { target })
      await client.invalidateQueries({
        predicate: (query) => String(query.queryKey[0]).startsWith('alerts.'),
      })
    } catch (error) {
      const detail = error instanceof ProblemError ? error.problem.detail : undefined
      toast({ tone: 'failed', text: 'The acknowledgement was not stored', detail })
    } finally {
      setBusy(false)
    }
  }
  const state =
    group.acked === 0 ? null : isDone ? 'acknowledged' : `${group.acked} of ${group.count} acknowledged`
  return (
    <span className="inline-flex items-center gap-2">
      {state === null ? null : <span className="text-12 text-ink-3">{state}</span>}
      {mayAcknowledge ? (
        <Button size="small" variant={isDone ? 'quiet' : 'plain'} busy={isBusy} onClick={() => void press()}>
          {isDone ? 'Take back' : 'Acknowledge'}
          <span className="sr-only"> {group.name}</span>
        </Button>
      ) : null}
    </span>
  )
}
