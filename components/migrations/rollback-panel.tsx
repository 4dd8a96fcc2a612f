'use client'

import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { ROLLBACK_STEPS, type RollbackStep } from '@/lib/migrations/model'
import { ReasonForm } from './reason-form'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

const WORDS: Readonly<Record<RollbackStep, string>> = {
  flag: 'Flag at 0 %',
  restart: 'Service restarted',
  restore: 'Dated backup restored, or not needed',
  health: 'Health verified',
}

/** RollbackPanel is the way back, step by step with its evidence. */
export function RollbackPanel({ data, me }: { readonly data: MigrationData; readonly me: Me }): ReactNode {
  const [open, setOpen] = useState<Exclude<RollbackStep, 'flag'>>()
  const { rollback } = data
  if (rollback === null) return null
  const mayWork = can(me.roles, 'migrations.work')
  return (
    <Panel title="The way back" note={`by @${rollback.by}: ${rollback.reason}`}>
      <ol className="grid grid-cols-1 border-t">
        {ROLLBACK_STEPS.map((step) => {
          const done = rollback.steps.find((one) => one.step === step)
          return (
            <li key={step} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-1.5">
              <StateMark mark={done ? 'clear' : 'warning'} className="size-3" />
              <span className="font-medium">{WORDS[step]}</span>
              <span className="min-w-0 flex-1 break-words text-ink-2">
                {done ? (
                  <>
                    <Instant at={Date.parse(done.at) / 1000} /> by @{done.by}: {done.evidence}
                  </>
                ) : (
                  'not yet'
                )}
              </span>
              {step !== 'flag' && mayWork ? (
                <Button size="small" aria-label={`Record: ${WORDS[step]}`} onClick={() => setOpen(step)}>
                  Record
                </Button>
              ) : null}
            </li>
          )
        })}
      </ol>
      {open ? (
        <StepForm key={open} step={open} number={data.number} onClose={() => setOpen(undefined)} />
      ) : null}
    </Panel>
  )
}

function StepForm({
  step,
  number,
  onClose,
}: {
  readonly step: Exclude<RollbackStep, 'flag'>
  readonly number: number
  readonly onClose: () => void
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [isNeeded, setNeeded] = useState(true)
  const [backupOn, setBackup] = useState('')
  return (
    <ReasonForm
      title={WORDS[step]}
      label="What shows it"
      action="Record"
      busy={busy}
      onClose={onClose}
      onSend={async (evidence) =>
        (await send('migrations.recordRollback', {
          number,
          step,
          evidence,
          outcome: isNeeded ? 'done' : 'not-needed',
          ...(step === 'restore' && isNeeded ? { backupOn } : {}),
        })) !== undefined
      }
    >
      {step === 'restore' ? (
        <div className="flex flex-wrap items-end gap-3">
          <Checkbox
            label="No data was harmed: a restore is not needed"
            checked={!isNeeded}
            onChange={(event) => setNeeded(!event.target.checked)}
          />
          {isNeeded ? (
            <Field label="Day of the backup">
              {(control) => (
                <Input
                  {...control}
                  type="date"
                  value={backupOn}
                  onChange={(event) => setBackup(event.target.value)}
                />
              )}
            </Field>
          ) : null}
        </div>
      ) : null}
    </ReasonForm>
  )
}
