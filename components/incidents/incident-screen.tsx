'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import { PromiseLine } from '@/components/reminders/promise-line'
import { Chip } from '@/components/ui/chip'
import { later } from '@/components/ui/later'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { STATUS_TITLES } from '@/lib/incidents/words'
import { ClockStrip } from './clock-strip'
import type { DialogKind } from './dialog-kinds'
import { IncidentBar } from './incident-bar'
import { KnowColumn } from './know-column'
import { OfflineNote } from './offline-note'
import { PresenceStrip } from './presence-strip'
import { RecordColumn } from './record-column'
import { RolesStrip } from './roles-strip'
import { StepColumn } from './step-column'
import { ThumbBar } from './thumb-bar'
import type { IncidentData, Me, RecordData } from './types'
import { useIncidentKeys } from './use-incident-keys'

const IncidentDialog = later(() => import('./incident-dialog').then((module) => module.IncidentDialog))

const UpdateComposer = later(() =>
  import('@/components/comms/update-composer').then((module) => module.UpdateComposer),
)

const REFRESH_MS = 30_000
const COLUMN = 'min-w-0 px-4 py-4 md:px-6'

/** IncidentScreen runs one incident on one page: bar and clocks above, what we know, the step now, the record. */
export function IncidentScreen({
  initial,
  record,
  me,
}: {
  readonly initial: IncidentData
  /** record is its newest page, read with the incident. */
  readonly record: RecordData
  readonly me: Me
}): ReactNode {
  const query = useQuery({
    ...queryOf('incidents.byId', { ref: initial.id }),
    initialData: initial,
    initialDataUpdatedAt: initial.nowMs,
    refetchInterval: REFRESH_MS,
  })
  const incident = query.data
  const [dialog, setDialog] = useState<DialogKind | undefined>(undefined)
  const open = useCallback((next: DialogKind) => setDialog(next), [])
  useIncidentKeys({ incident, me, open })
  return (
    <div className="incident flex flex-1 flex-col">
      <p role="status" className="sr-only">
        {incident.name}: {incident.severity}, {STATUS_TITLES[incident.status]}
      </p>
      <section aria-label={incident.name} className="sticky top-0 z-10 bg-bg">
        {incident.isDrill ? <DrillBanner speed={incident.drillSpeed} /> : null}
        <IncidentBar incident={incident} me={me} open={open} />
        <OfflineNote asOfMs={incident.nowMs} />
        <PresenceStrip incidentId={incident.id} />
        <ClockStrip incident={incident} me={me} open={open} />
        {incident.status === 'resolved' ? null : (
          <PromiseLine
            incidentId={incident.id}
            onWrite={
              can(me.roles, 'incidents.inform') && incident.mergedInto === null
                ? () => open({ kind: 'composer' })
                : undefined
            }
          />
        )}
      </section>
      <div className="incident-columns flex flex-col md:grid md:grid-cols-2 xl:grid-cols-[26fr_44fr_30fr]">
        <div className={`${COLUMN} order-2 flex flex-col gap-6 md:order-none xl:border-r`}>
          <KnowColumn incident={incident} me={me} open={open} />
        </div>
        <div className={`${COLUMN} order-1 md:order-none`}>
          <StepColumn incident={incident} me={me} open={open} />
          <RolesStrip incident={incident} me={me} open={open} isTall />
        </div>
        <div
          className={`${COLUMN} order-3 flex flex-col gap-2 pb-0 md:order-none md:max-xl:col-span-2 xl:border-l`}
        >
          <RecordColumn incident={incident} initial={record} me={me} />
        </div>
      </div>
      <ThumbBar incident={incident} me={me} open={open} />
      {dialog?.kind === 'composer' ? (
        <UpdateComposer incident={incident} me={me} sent={dialog.sent} onClose={() => setDialog(undefined)} />
      ) : dialog === undefined ? null : (
        <IncidentDialog dialog={dialog} incident={incident} me={me} onClose={() => setDialog(undefined)} />
      )}
    </div>
  )
}

function DrillBanner({ speed }: { readonly speed: number }): ReactNode {
  return (
    <p className="flex items-center gap-3 border-b bg-drill-tint px-4 py-1.5 md:px-6">
      <Chip tone="drill">Drill</Chip>
      This is practice{speed === 1 ? '' : `, clocks run ${speed} times as fast`}. It is kept out of all
      figures.
    </p>
  )
}
