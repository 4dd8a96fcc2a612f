'use client'

import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { SeverityMark } from '@/components/ui/severity-mark'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import type { Level } from '@/lib/alerts/model'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import type { DialogKind } from './dialog-kinds'
import type { IncidentData, Me } from './types'
import { tellProblem, useIncidentCommand } from './use-incident-command'

type Advice = Wire<QueryResult<'incidents.alertAdvice'>>

/** AlertWords says what the alerts suggest: that all of them are over, and which others may belong to this incident. */
export function AlertWords({
  advice: data,
  incident,
  me,
  open,
}: {
  readonly advice: Advice
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  return (
    <div className="grid gap-4">
      {data.allOverAtMs === null ? null : (
        <div role="status" className="grid gap-2 rounded-2 border border-line-2 p-3">
          <p className="flex items-start gap-1.5">
            <StateMark mark="clear" />
            <span>
              {data.linked === 1 ? 'The linked alert is over' : `All ${data.linked} linked alerts are over`},
              the last <TimeAgo at={data.allOverAtMs / 1_000} />. Look before you resolve.
            </span>
          </p>
          {can(me.roles, 'incidents.command') ? (
            <Button size="small" className="justify-self-start" onClick={() => open({ kind: 'status' })}>
              Set the status
            </Button>
          ) : null}
        </div>
      )}
      {data.proposals.length === 0 ? null : (
        <Panel title="May belong here" aside={`${data.proposals.length}`}>
          <ul>
            {data.proposals.map((proposal) => (
              <ProposalRow
                key={proposal.id}
                incidentId={incident.id}
                proposal={proposal}
                mayWork={can(me.roles, 'incidents.work')}
              />
            ))}
          </ul>
        </Panel>
      )}
    </div>
  )
}

function ProposalRow({
  incidentId,
  proposal,
  mayWork,
}: {
  readonly incidentId: string
  readonly proposal: Advice['proposals'][number]
  readonly mayWork: boolean
}): ReactNode {
  const command = useIncidentCommand()
  const [chosen, setChosen] = useState<'link' | 'refuse'>()

  async function choose(choice: 'link' | 'refuse'): Promise<void> {
    setChosen(choice)
    const ids = [proposal.id]
    if (choice === 'link')
      await command.send('incidents.linkAlerts', { id: incidentId, alerts: { ids } }, tellProblem)
    else await command.send('incidents.unlinkAlerts', { id: incidentId, ids }, tellProblem)
    setChosen(undefined)
  }

  return (
    <li className="grid gap-1 border-t py-2">
      <p className="flex min-w-0 items-baseline gap-1.5">
        <SeverityMark severity={proposal.level as Level} />
        <a className="min-w-0 truncate font-medium hover:underline" href={`/alerts?alert=${proposal.id}`}>
          {proposal.name}
        </a>
        <span className="ml-auto text-12 whitespace-nowrap text-ink-3">
          for <TimeAgo at={proposal.sinceMs / 1_000} suffix="" />
        </span>
      </p>
      {proposal.summary === '' ? null : <p className="text-12 text-ink-2">{proposal.summary}</p>}
      <p className="text-12 text-ink-3">{proposal.reason}</p>
      {mayWork ? (
        <p className="flex gap-2">
          <Button size="small" busy={chosen === 'link'} onClick={() => void choose('link')}>
            Link<span className="sr-only"> {proposal.name}</span>
          </Button>
          <Button
            size="small"
            variant="quiet"
            busy={chosen === 'refuse'}
            onClick={() => void choose('refuse')}
          >
            Not ours<span className="sr-only">: {proposal.name}</span>
          </Button>
        </p>
      ) : null}
    </li>
  )
}
