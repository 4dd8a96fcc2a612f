'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { secondsOf } from '@/components/fleet/loose'
import { strikeWords } from '@/components/fleet/strike-words'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import type { Face } from '@/components/state/panel-face'
import { Instant } from '@/components/time/instant'
import { Table } from '@/components/ui/table'
import { queryOf } from '@/lib/client/api'
import { type LedgerLine, ledgerOf } from './ledger'

const SPANS = [7, 30, 90, 365] as const

/** HardwareLedger is the memory of the hardware: strikes by machine over all rentals, kept when a rental ends. */
export function HardwareLedger(): ReactNode {
  const [days, setDays] = useState<(typeof SPANS)[number]>(30)
  const strikes = useQuery(queryOf('health.strikes', { days }))
  const lines = useMemo(() => ledgerOf(strikes.data ?? []), [strikes.data])
  return (
    <Panel
      title="Hardware ledger"
      note="strikes by machine, over all rentals"
      aside={
        <label className="flex items-center gap-1.5">
          Last
          <select
            value={days}
            onChange={(event) => setDays(SPANS.find((span) => String(span) === event.target.value) ?? 30)}
            className="h-6 rounded-2 bg-bg text-ink pointer-coarse:h-11"
          >
            {SPANS.map((span) => (
              <option key={span} value={span}>
                {span} days
              </option>
            ))}
          </select>
        </label>
      }
      face={faceOf(strikes, days)}
    >
      <Table label="Strikes by machine">
        <thead>
          <tr>
            <th scope="col">Machine, host</th>
            <th scope="col" className="num">
              Strikes
            </th>
            <th scope="col" className="num">
              Cards
            </th>
            <th scope="col" className="num">
              Rentals
            </th>
            <th scope="col">Last</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <MachineRow key={line.machineId} line={line} />
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}

function MachineRow({ line }: { readonly line: LedgerLine }): ReactNode {
  return (
    <tr>
      <td className="font-mono">
        {line.machineId}
        {line.hostId === '' ? '' : `, ${line.hostId}`}
      </td>
      <td className="num font-mono">{line.strikes.length}</td>
      <td className="num font-mono">{line.cards}</td>
      <td className="num font-mono">{line.rentals}</td>
      <td>
        <Instant at={secondsOf(line.lastAt)} />
      </td>
      <td>
        <ul>
          {line.strikes.slice(0, 3).map((strike) => (
            <li key={strike.id} title={strike.detail}>
              {strikeWords(strike)} <span className="text-12 text-ink-3">instance {strike.instanceId}</span>
            </li>
          ))}
          {line.strikes.length > 3 ? (
            <li className="text-12 text-ink-3">and {line.strikes.length - 3} more</li>
          ) : null}
        </ul>
      </td>
    </tr>
  )
}

function faceOf(
  strikes: {
    readonly isPending: boolean
    readonly error: Error | null
    readonly data?: readonly unknown[]
    readonly refetch: () => unknown
  },
  days: number,
): Face {
  if (strikes.isPending) return { kind: 'loading' }
  if (strikes.error) {
    return failedFace(strikes, 'The ledger could not be read.')
  }
  if (strikes.data?.length === 0) return { kind: 'empty', sentence: `No strike in the last ${days} days.` }
  return { kind: 'ready' }
}
