'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Link } from '@/components/ui/link'
import { Table } from '@/components/ui/table'
import type { ShelfData } from './types'

/** PastDrills lists drills that are over, with their scores. */
export function PastDrills({ past }: { readonly past: ShelfData['past'] }): ReactNode {
  if (past.length === 0)
    return <Panel title="Before" face={{ kind: 'empty', sentence: 'No drill has been held yet.' }} />
  return (
    <Panel title="Before" note="newest first">
      <Table label="Drills, newest first">
        <thead>
          <tr>
            <th>Drill</th>
            <th className="num">Speed</th>
            <th className="num max-md:hidden">Begun</th>
            <th className="num">Score</th>
          </tr>
        </thead>
        <tbody>
          {past.map((drill) => (
            <tr key={drill.id} className="hover:bg-raise">
              <td className="min-w-48 whitespace-normal">
                <Link href={`/drills?drill=${drill.id}`} className="font-medium hover:underline">
                  {drill.title}
                </Link>
                {drill.problem === '' ? null : (
                  <span className="block text-12 text-breach">{drill.problem}</span>
                )}
              </td>
              <td className="num font-mono">{drill.speed}×</td>
              <td className="num max-md:hidden">
                <Instant at={drill.startedAtMs / 1000} />
              </td>
              <td className="num font-mono">{drill.percent === null ? 'none' : `${drill.percent} %`}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
