'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { ActionHost } from '@/components/actions/action-host'
import { useRuns } from '@/components/actions/use-runs'
import { Conclusions } from '@/components/board/conclusions'
import { Panel } from '@/components/state/panel'
import { TriageWaiting } from '@/components/triage/triage-waiting'
import { Button } from '@/components/ui/button'
import { InSight } from '@/components/ui/in-sight'
import { laterInBrowser } from '@/components/ui/later'
import { LinkButton } from '@/components/ui/link-button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { ROLE_TITLES } from '@/lib/incidents/obligations'
import type { DialogKind } from './dialog-kinds'
import { IncidentClock } from './incident-clock'
import { TaskList } from './task-list'
import type { IncidentData, Me } from './types'
import { tellProblem, useIncidentCommand } from './use-incident-command'

const TriagePanel = laterInBrowser(
  () => import('@/components/triage/triage-panel').then((it) => it.TriagePanel),
  <TriageWaiting />,
)
const ChecklistsPanel = laterInBrowser(() =>
  import('@/components/checklists/checklists-panel').then((it) => it.ChecklistsPanel),
)
const EvidencePanel = laterInBrowser(() =>
  import('@/components/evidence/evidence-panel').then((it) => it.EvidencePanel),
)
const RunAsks = laterInBrowser(() => import('@/components/actions/run-asks').then((it) => it.RunAsks))
const RunsPanel = laterInBrowser(() => import('@/components/actions/runs-panel').then((it) => it.RunsPanel))

const EVIDENCE_PLACE = 'min-h-24'

const LOOP = ['Size-up', 'Stabilise', 'Update', 'Verify'] as const

/** loopStep says which step of the loop is due: an update that is late or nearly so goes before the rest. */
export function loopStep(incident: IncidentData): (typeof LOOP)[number] | undefined {
  if (incident.status === 'resolved') return undefined
  if (incident.acknowledgedAtMs === null) return 'Size-up'
  const isUpdateDue = incident.clocks.some(
    (clock) =>
      ['first-public', 'update', 'executive'].includes(clock.kind) &&
      (clock.state === 'amber' || clock.state === 'breached'),
  )
  if (isUpdateDue) return 'Update'
  return incident.status === 'monitoring' ? 'Verify' : 'Stabilise'
}

/** StepColumn is the step now: what waits for me, what the sources allow to conclude, and the tasks. */
export function StepColumn({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  const step = loopStep(incident)
  const isClosed = incident.mergedInto !== null || incident.status === 'resolved'
  const runs = useRuns(incident.id)
  const hasRuns = runs.isError || (runs.data?.runs.length ?? 0) > 0
  return (
    <div className="grid content-start gap-6">
      {incident.impact === '' ? null : <p className="text-16 text-pretty md:hidden">{incident.impact}</p>}
      <ol aria-label="Loop" className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {LOOP.map((name, index) => (
          <li
            key={name}
            aria-current={name === step ? 'step' : undefined}
            className={clsx(
              'flex items-center gap-3',
              name === step ? 'font-semibold text-accent' : 'text-ink-2',
            )}
          >
            {index === 0 ? null : <span className="h-px w-5 bg-line-2" aria-hidden="true" />}
            {name}
          </li>
        ))}
      </ol>
      <Waiting incident={incident} me={me} />
      <ActionHost incidentId={incident.id} />
      {hasRuns ? <RunAsks incidentId={incident.id} me={me} /> : null}
      <ChecklistsPanel
        incident={{ id: incident.id, name: incident.name, isMerged: incident.mergedInto !== null }}
        me={me}
      />
      <TriagePanel incident={{ id: incident.id, name: incident.name, isOver: isClosed }} me={me} />
      {hasRuns ? <RunsPanel incidentId={incident.id} /> : null}
      <TaskList incident={incident} me={me} open={open} />
      <Conclusions />
      {can(me.roles, 'evidence.read') ? (
        <InSight className={EVIDENCE_PLACE}>
          <EvidencePanel incidentId={incident.id} me={me} />
        </InSight>
      ) : null}
      {isClosed || !can(me.roles, 'incidents.work') ? null : (
        <div className="flex flex-wrap gap-2 border-t pt-3">
          <Button size="small" onClick={() => open({ kind: 'decision' })}>
            Log a decision
          </Button>
          <Button size="small" keys="E" onClick={() => open({ kind: 'pin' })}>
            Pin evidence
          </Button>
          <Button size="small" onClick={() => open({ kind: 'link' })}>
            Link something
          </Button>
          <LeadButtons incident={incident} me={me} open={open} />
        </div>
      )}
    </div>
  )
}

function LeadButtons({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  const command = useIncidentCommand()
  if (!can(me.roles, 'incidents.command')) return null
  const isPaused = incident.clocks.some((clock) => clock.paused !== undefined)
  return (
    <>
      {isPaused ? (
        <Button
          size="small"
          busy={command.busy}
          onClick={() => void command.send('incidents.resumeClocks', { id: incident.id }, tellProblem)}
        >
          Let clocks go on
        </Button>
      ) : (
        <Button size="small" onClick={() => open({ kind: 'pause' })}>
          Pause clocks
        </Button>
      )}
      <Button size="small" onClick={() => open({ kind: 'merge' })}>
        Merge
      </Button>
      <Button size="small" className="md:hidden" onClick={() => open({ kind: 'status' })}>
        Status
      </Button>
      <Button size="small" className="md:hidden" onClick={() => open({ kind: 'visibility' })}>
        Visibility
      </Button>
    </>
  )
}

/** What waits for an answer: the incident itself, a hand-over to me, or the way on after a merge. */
function Waiting({ incident, me }: { readonly incident: IncidentData; readonly me: Me }): ReactNode {
  const command = useIncidentCommand()
  const offer = incident.roles.find((one) => one.offer?.toId === me.id)
  if (incident.mergedInto !== null)
    return (
      <Card title={`Merged into ${incident.mergedInto.name}`}>
        <p className="text-ink-2">{incident.mergedInto.title}. Work goes on there; this record is closed.</p>
        <LinkButton
          variant="primary"
          href={`/incidents/${incident.mergedInto.name}`}
          className="justify-self-start"
        >
          Open {incident.mergedInto.name}
        </LinkButton>
      </Card>
    )
  if (offer?.offer)
    return (
      <Card title={`@${offer.offer.by} offers you: ${ROLE_TITLES[offer.role].toLowerCase()}`}>
        <p className="whitespace-pre-wrap text-ink-2">
          {offer.offer.pack === '' ? 'Nothing was written for you. Read the record first.' : offer.offer.pack}
        </p>
        <div className="flex gap-2">
          <Button
            variant="primary"
            busy={command.busy}
            onClick={() =>
              void command.send(
                'incidents.acceptHandover',
                { id: incident.id, role: offer.role },
                tellProblem,
              )
            }
          >
            Accept
          </Button>
          <Button
            busy={command.busy}
            onClick={() =>
              void command.send(
                'incidents.declineHandover',
                { id: incident.id, role: offer.role },
                tellProblem,
              )
            }
          >
            Decline
          </Button>
        </div>
      </Card>
    )
  if (incident.acknowledgedAtMs !== null || incident.status === 'resolved') return null
  const clock = incident.clocks.find((one) => one.kind === 'response')
  const mayAnswer = can(me.roles, 'incidents.acknowledge')
  return (
    <Card title="Nobody has answered yet">
      <p className="text-ink-2">
        Whoever answers first is in command until they hand over.
        {incident.severityReason === ''
          ? ''
          : ` Declared as ${incident.severity}: ${incident.severityReason}.`}
      </p>
      {clock === undefined ? null : <IncidentClock clock={clock} isBig />}
      {mayAnswer ? (
        <Button
          variant="primary"
          keys="A"
          busy={command.busy}
          className="justify-self-start"
          onClick={() => void command.send('incidents.acknowledge', { id: incident.id }, tellProblem)}
        >
          Answer as @{me.handle}
        </Button>
      ) : (
        <p className="flex items-center gap-2 text-ink-2">
          <StateMark mark="blocks" /> Answering is for responders, commanders and managers.
        </p>
      )}
    </Card>
  )
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <Panel title={title} className="rounded-3 border border-line-2 bg-raise p-4 [&>div]:grid [&>div]:gap-3">
      {children}
    </Panel>
  )
}
