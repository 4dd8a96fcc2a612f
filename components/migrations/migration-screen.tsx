'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { Chip } from '@/components/ui/chip'
import { Link } from '@/components/ui/link'
import { queryOf } from '@/lib/client/api'
import { STATE_WORDS } from '@/lib/migrations/model'
import { AssessmentPanel } from './assessment-panel'
import { DataPanel } from './data-panel'
import { NextStep } from './next-step'
import { PhasesPanel } from './phases-panel'
import { RecordPanel } from './record-panel'
import { RollbackPanel } from './rollback-panel'
import { ShareBar } from './share-bar'
import { TrafficPanel } from './traffic-panel'
import type { Me, MigrationData } from './types'
import { ValidationPanel } from './validation-panel'

/** MigrationScreen is one migration: where it stands, the next step with its conditions, and what each phase knows. */
export function MigrationScreen({
  initial,
  me,
}: {
  readonly initial: MigrationData
  readonly me: Me
}): ReactNode {
  const { data } = useQuery({
    ...queryOf('migrations.one', { number: initial.number }),
    initialData: initial,
    // Gates and waits go on by the clock, not only when somebody does something.
    refetchInterval: 10_000,
  })
  const isBack = data.state === 'traffic-rolled-back' || data.state === 'rolled-back'
  return (
    <div className="flex flex-1 flex-col gap-8 px-4 py-4 md:px-6">
      <header className="grid grid-cols-1 gap-2">
        <p className="text-12 text-ink-2">
          <Link href="/migrations" className="link">
            Migrations
          </Link>
        </p>
        <h1 className="text-20 break-words">
          {data.number} · {data.title}
        </h1>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
          <b className="font-semibold text-ink">{STATE_WORDS[data.state]}</b>
          <span>
            since <TimeAgo at={data.stateSinceMs / 1000} suffix="" />
          </span>
          {data.isRehearsal ? <Chip tone="drill">Rehearsal</Chip> : null}
          <span>
            {data.kind.title}: {data.fromProvider} to {data.toProvider}
          </span>
          <span>
            {data.kind.complexity} complexity · takes {data.kind.takes} · {data.kind.risk} risk
          </span>
        </p>
        <p className="text-12 text-ink-3">
          Opened <Instant at={data.createdAtMs / 1000} /> by @{data.createdBy} · flag{' '}
          <span className="font-mono break-all">{data.flag.key}</span>
        </p>
        <ShareBar data={data} />
      </header>
      <NextStep key={`${data.state} ${data.flag.percent}`} data={data} me={me} />
      {isBack ? <RollbackPanel data={data} me={me} /> : null}
      <div className="grid grid-cols-1 items-start gap-8 xl:grid-cols-2">
        <TrafficPanel data={data} />
        <DataPanel data={data} me={me} />
        <ValidationPanel data={data} me={me} />
        <AssessmentPanel data={data} me={me} />
        <PhasesPanel data={data} me={me} />
        <RecordPanel data={data} />
      </div>
    </div>
  )
}
