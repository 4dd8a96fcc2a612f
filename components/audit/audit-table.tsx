'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Table } from '@/components/ui/table'
import type { QueryResult } from '@/lib/registry'

type AuditRow = QueryResult<'audit.list'>['rows'][number]

function isEmpty(detail: unknown): boolean {
  return detail === null || (typeof detail === 'object' && Object.keys(detail).length === 0)
}

/** On a phone a row is three lines: when, who and its number; what; on what. */
const ROW =
  'max-md:grid max-md:grid-cols-[auto_minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:border-t max-md:border-line max-md:py-2 max-md:[&>td]:border-0 max-md:[&>td]:p-0'

/** AuditTable shows who did what to which thing; the detail opens in place. */
export function AuditTable({ rows }: { readonly rows: readonly AuditRow[] }): ReactNode {
  return (
    <Table label="Audit trail">
      <thead className="max-md:sr-only">
        <tr>
          <th scope="col" className="num">
            Row
          </th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Action</th>
          <th scope="col">Subject</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.seq} className={ROW}>
            <td className="num font-mono text-ink-3 max-md:order-3">{row.seq}</td>
            <td className="max-md:order-1">
              <Instant at={row.at} seconds />
            </td>
            <td className="max-md:order-2">
              {row.actorName}
              {row.key === null ? null : (
                <span className="block text-12 text-ink-3">through key {row.key}</span>
              )}
            </td>
            <td className="font-mono max-md:order-4 max-md:col-span-3">{row.action}</td>
            <td
              className="max-w-64 truncate max-md:order-5 max-md:col-span-3 max-md:max-w-none"
              title={row.subject}
            >
              {row.subjectName}
            </td>
            <td className="max-md:order-6 max-md:col-span-3">
              <Detail row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function Detail({ row }: { readonly row: AuditRow }): ReactNode {
  return (
    <details>
      <summary className="text-ink-2">
        {isEmpty(row.detail) ? 'hash and request' : 'detail, hash and request'}
      </summary>
      {isEmpty(row.detail) ? null : (
        <pre className="max-w-xl py-1 font-mono text-12 whitespace-pre-wrap">
          {JSON.stringify(row.detail, null, 2)}
        </pre>
      )}
      <p className="font-mono text-12 break-all text-ink-3">
        {row.hash}
        <br />
        request {row.requestId}
      </p>
    </details>
  )
}
