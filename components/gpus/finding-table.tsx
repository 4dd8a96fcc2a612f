'use client'

import type { ReactNode } from 'react'
import { adviceFor } from '@/components/fleet/advice'
import { nameOf } from '@/components/fleet/reading'
import { pathOf } from '@/components/fleet/rows'
import { Link } from '@/components/ui/link'
import { StateWord } from '@/components/ui/state-word'
import { Table } from '@/components/ui/table'
import type { FleetView } from '@/lib/client/health-store'
import { xidMeans } from '@/lib/health/rules/xid-catalogue'
import type { FindingGroup } from './groups'

const NAMED = 3

/** FindingTable is one line a finding: what, what to do, how many, and the way to them. */
export function FindingTable({
  fleet,
  groups,
}: {
  readonly fleet: FleetView
  readonly groups: readonly FindingGroup[]
}): ReactNode {
  if (groups.length === 0)
    return <p className="border-t py-3 text-ink-2">Every GPU in service is within its limits.</p>
  return (
    <Table label="Findings by kind">
      <thead className="max-md:sr-only">
        <tr>
          <th scope="col">Rating</th>
          <th scope="col">Finding</th>
          <th scope="col">Do this</th>
          <th scope="col" className="num">
            GPUs
          </th>
          <th scope="col">Where</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr
            key={group.key}
            className="max-md:grid max-md:border-t max-md:py-2 max-md:[&>td]:border-0 max-md:[&>td]:py-0.5"
          >
            <td>
              <StateWord rating={group.rating} />
            </td>
            <td className="md:min-w-64">
              <span className="block text-14 font-medium">{group.title}</span>
              <span className="block text-ink-2">{meaningOf(group)}</span>
            </td>
            <td className="text-ink-2 md:min-w-56">
              {adviceFor(group) ?? 'Nothing to do yet; keep an eye on it.'}
            </td>
            <td className="num max-md:text-left">
              <Link href={`/fleet?${group.query}`} className="link font-mono text-14">
                {group.rows.length.toLocaleString('en')}
              </Link>
              <span className="block text-12 text-ink-3">
                on {group.hosts.toLocaleString('en')} {group.hosts === 1 ? 'host' : 'hosts'}
              </span>
            </td>
            <td>
              <Where fleet={fleet} group={group} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function meaningOf(group: FindingGroup): string {
  const xid = /^XID (\d+)/.exec(group.reason)?.[1]
  return xid === undefined || group.code === 'xid.latched' ? group.reason : xidMeans(Number(xid))
}

function Where({ fleet, group }: { readonly fleet: FleetView; readonly group: FindingGroup }): ReactNode {
  const rest = group.rows.length - NAMED
  return (
    <ul>
      {group.rows.slice(0, NAMED).map((row) => (
        <li key={row}>
          <Link
            href={`/fleet?gpu=${encodeURIComponent(pathOf(fleet, row)).replace('%2F', '/')}`}
            className="link inline-block leading-6 text-ink-2"
          >
            {nameOf(fleet, row)}
          </Link>
        </li>
      ))}
      {rest > 0 ? <li className="text-12 text-ink-3">and {rest.toLocaleString('en')} more</li> : null}
    </ul>
  )
}
