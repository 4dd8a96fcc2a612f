'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { Table } from '@/components/ui/table'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { STATE_WORDS } from '@/lib/migrations/model'
import { FlagsPanel } from './flags-panel'
import { OpenForm } from './open-form'
import type { FlagsData, ListData, Me } from './types'

/** MigrationsRoom lists migrations with how far each is, and the flags that shift traffic. */
export function MigrationsRoom({
  initial,
  flags,
  me,
}: {
  readonly initial: ListData
  readonly flags: FlagsData
  readonly me: Me
}): ReactNode {
  const { data } = useQuery({ ...queryOf('migrations.list', {}), initialData: initial })
  const [isOpening, setOpening] = useState(false)
  const { migrations } = data
  const going = migrations.filter(({ state }) => state !== 'completed' && state !== 'rolled-back').length
  return (
    <div className="flex flex-1 flex-col gap-8 px-4 py-4 md:px-6">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid min-w-0 gap-1">
          <h1 className="text-20">Migrations</h1>
          <p className="text-ink-2">
            {going === 0 ? 'No migration is under way.' : `${going} under way.`} The old side answers until
            the figures say that the new one may.
          </p>
        </div>
        {can(me.roles, 'migrations.work') && !isOpening ? (
          <Button variant="primary" onClick={() => setOpening(true)}>
            Open a migration
          </Button>
        ) : null}
      </header>
      {isOpening ? <OpenForm onClose={() => setOpening(false)} /> : null}
      <Panel
        title="Migrations"
        note="newest first"
        face={
          migrations.length === 0
            ? {
                kind: 'empty',
                sentence:
                  'None was opened yet. Begin with the assessment: what uses the provider, and how much.',
              }
            : { kind: 'ready' }
        }
      >
        <Table label="Migrations, newest first">
          <thead>
            <tr>
              <th className="num">No.</th>
              <th>What moves</th>
              <th>State</th>
              <th className="num">New side</th>
              <th className="num max-md:hidden">Since</th>
            </tr>
          </thead>
          <tbody>
            {migrations.map((one) => (
              <tr key={one.id} className="hover:bg-raise">
                <td className="num font-mono">{one.number}</td>
                <td className="whitespace-normal md:min-w-64">
                  <Link href={`/migrations/${one.number}`} className="font-medium hover:underline">
                    {one.title}
                  </Link>
                  <span className="block text-12 text-ink-2">
                    {one.kind}: {one.fromProvider} to {one.toProvider}
                  </span>
                </td>
                <td className="whitespace-normal">
                  {STATE_WORDS[one.state]} {one.isRehearsal ? <Chip tone="drill">Rehearsal</Chip> : null}
                </td>
                <td className="num font-mono">{one.percent} %</td>
                <td className="num max-md:hidden">
                  <TimeAgo at={one.stateSinceMs / 1000} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Panel>
      <FlagsPanel initial={flags} me={me} />
    </div>
  )
}
