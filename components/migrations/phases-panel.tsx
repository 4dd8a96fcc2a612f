'use client'

import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { daysOfWeeks } from './plan-days'
import { PlanForm } from './plan-form'
import { ReasonForm } from './reason-form'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

type Phase = MigrationData['phases'][number]
type Item = Phase['items'][number]

/** PhasesPanel is the plan: phases with their weeks and owners, each one's checklist with evidence, and what gates also read. */
export function PhasesPanel({ data, me }: { readonly data: MigrationData; readonly me: Me }): ReactNode {
  const [isPlanning, setPlanning] = useState(false)
  const mayWork = can(me.roles, 'migrations.work')
  return (
    <Panel
      title="Plan"
      note={data.plan.startsOn === null ? 'no day set' : `from ${data.plan.startsOn}`}
      aside={
        mayWork && !isPlanning ? (
          <Button size="small" onClick={() => setPlanning(true)}>
            Plan
          </Button>
        ) : undefined
      }
    >
      {isPlanning ? <PlanForm data={data} onClose={() => setPlanning(false)} /> : null}
      <div className="grid grid-cols-1 gap-4 border-t pt-2">
        {data.phases.map((phase) => (
          <section key={phase.phase} aria-label={phase.title} className="grid grid-cols-1 gap-1">
            <h3 className="text-13 font-medium">
              {phase.title}
              <span className="font-normal text-ink-2">
                {' '}
                · weeks {phase.weeks[0]}–{phase.weeks[1]}
                {data.plan.startsOn === null ? '' : `, ${daysOfWeeks(data.plan.startsOn, phase.weeks)}`}
                {phase.owner === null ? ' · no owner' : ` · @${phase.owner.name}`}
                {data.phase === phase.phase ? ' · now' : ''}
              </span>
            </h3>
            <ul className="grid grid-cols-1">
              {phase.items.map((item) => (
                <ItemRow key={item.id} item={item} number={data.number} mayWork={mayWork} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {data.plan.queries.length === 0 ? null : (
        <div className="grid grid-cols-1 gap-1 pt-3">
          <h3 className="text-13 font-medium">Gates also read from Prometheus</h3>
          <ul className="grid grid-cols-1 gap-1">
            {data.plan.queries.map(({ name, expr, ok, breach, unit, holdSeconds }) => (
              <li key={name} className="min-w-0 break-words">
                {name}: good below {ok} {unit}, back above {breach} {unit} for {holdSeconds} s
                <span className="block font-mono text-12 break-all text-ink-2">{expr}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  )
}

function ItemRow({
  item,
  number,
  mayWork,
}: {
  readonly item: Item
  readonly number: number
  readonly mayWork: boolean
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [isOpen, setOpen] = useState(false)
  const isDone = item.atMs !== null
  return (
    <li className="grid grid-cols-1 gap-2 border-b py-1.5">
      <div className="flex items-start gap-2">
        <StateMark mark={isDone ? 'clear' : 'warning'} className="mt-1 size-3 shrink-0" />
        <span className="min-w-0 flex-1 break-words">
          <span className="sr-only">{isDone ? 'Done: ' : 'Open: '}</span>
          {item.text}
          {item.atMs === null ? null : (
            <span className="block text-12 text-ink-2">
              <Instant at={item.atMs / 1000} /> by @{item.by}: {item.evidence}
            </span>
          )}
        </span>
        {mayWork ? (
          <Button
            size="small"
            busy={busy}
            aria-label={`${isDone ? 'Open again' : 'Done'}: ${item.text}`}
            onClick={() =>
              isDone
                ? void send('migrations.tick', { number, item: item.id, isDone: false })
                : setOpen(!isOpen)
            }
          >
            {isDone ? 'Open again' : 'Done'}
          </Button>
        ) : null}
      </div>
      {isOpen ? (
        <ReasonForm
          title={item.text}
          label="What shows it"
          action="Tick"
          busy={busy}
          onClose={() => setOpen(false)}
          onSend={async (evidence) =>
            (await send('migrations.tick', { number, item: item.id, evidence })) !== undefined
          }
        />
      ) : null}
    </li>
  )
}
