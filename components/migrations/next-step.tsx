'use client'

import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import { BEFORE_CUTOVER } from '@/lib/migrations/model'
import { GateApproval } from './gate-approval'
import { ReasonForm } from './reason-form'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

const GATE_IN = { assessing: 'assessment', validating: 'validation', 'awaiting-cutover': 'cutover' } as const

type Open = 'accept' | 'back' | 'abort' | 'send-back' | undefined

/** NextStep is the one next step with every condition, and the ways back that are open. */
export function NextStep({ data, me }: { readonly data: MigrationData; readonly me: Me }): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [open, setOpen] = useState<Open>()
  const [note, setNote] = useState('')
  const { next, number, version, state } = data
  const mayShift = can(me.roles, 'migrations.shift')
  const unmet = next?.guards.filter(({ isMet }) => !isMet) ?? []
  const isBetween = data.traffic.gate?.kind === 'inconclusive' && unmet.every(({ id }) => id === 'gate')
  const gate = data.gates.find((one) => one.gate === GATE_IN[state as keyof typeof GATE_IN])
  const isShifted = state === 'shifting' || state === 'awaiting-cutover'
  const canSendBack = state === 'validating' || state === 'cut-over'
  const wantsNote = state === 'forward-fix'
  const go = (accept?: string) =>
    send('migrations.advance', { number, version, note, ...(accept === undefined ? {} : { accept }) })
  return (
    <Panel title="The next step" note={next === null ? 'there is none' : next.label}>
      <div className="grid grid-cols-1 gap-3 border-t pt-3">
        {next === null ? (
          <p className="text-ink-2">
            {state === 'completed'
              ? 'It is done. The old side is gone.'
              : 'It was given up. New data is kept for study.'}
          </p>
        ) : (
          <ul aria-label="Conditions" className="grid grid-cols-1 gap-1">
            {next.guards.map((guard) => (
              <li key={guard.id} className="flex items-start gap-2">
                <StateMark mark={guard.isMet ? 'clear' : 'warning'} className="mt-1 size-3 shrink-0" />
                <span className="min-w-0 break-words">
                  <span className="sr-only">{guard.isMet ? 'Met: ' : 'Not yet: '}</span>
                  {guard.words}
                </span>
              </li>
            ))}
            {next.guards.length === 0 ? <li className="text-ink-2">Nothing is asked for.</li> : null}
          </ul>
        )}
        {gate ? <GateApproval gate={gate} data={data} me={me} /> : null}
        {wantsNote && mayShift ? (
          <Field label="What was fixed">
            {(control) => (
              <Input {...control} value={note} onChange={(event) => setNote(event.target.value)} />
            )}
          </Field>
        ) : null}
        {mayShift ? (
          <div className="flex flex-wrap gap-2">
            {next === null ? null : (
              <Button
                variant="primary"
                busy={busy}
                waitsFor={
                  unmet.length > 0
                    ? `${unmet.length} not met`
                    : wantsNote && note.trim().length < 3
                      ? 'say what was fixed'
                      : undefined
                }
                onClick={() => void go()}
              >
                {next.label}
              </Button>
            )}
            {isBetween && unmet.length > 0 ? (
              <Button onClick={() => setOpen('accept')}>Accept the figures</Button>
            ) : null}
            {isShifted ? <Button onClick={() => setOpen('back')}>Roll traffic back</Button> : null}
            {canSendBack ? (
              <Button onClick={() => setOpen('send-back')}>
                {state === 'validating' ? 'Back to the data' : 'Fix forward'}
              </Button>
            ) : null}
            {BEFORE_CUTOVER.includes(state) ? (
              <Button variant="quiet" onClick={() => setOpen('abort')}>
                Give it up
              </Button>
            ) : null}
          </div>
        ) : null}
        {open === 'accept' ? (
          <ReasonForm
            title="Accept the figures"
            label="Why they are good enough"
            action="Accept and shift"
            minLength={20}
            busy={busy}
            onClose={() => setOpen(undefined)}
            onSend={async (reason) => (await go(reason)) !== undefined}
          />
        ) : null}
        {open === 'back' ? (
          <ReasonForm
            title="Roll traffic back"
            label="Why"
            action="To 0 % now"
            busy={busy}
            onClose={() => setOpen(undefined)}
            onSend={async (reason) =>
              (await send('migrations.rollBackTraffic', { number, reason })) !== undefined
            }
          />
        ) : null}
        {open === 'send-back' ? (
          <ReasonForm
            title="Send back"
            label="Why"
            action="Send back"
            busy={busy}
            onClose={() => setOpen(undefined)}
            onSend={async (reason) =>
              (await send('migrations.sendBack', { number, version, reason })) !== undefined
            }
          />
        ) : null}
        {open === 'abort' ? (
          <ReasonForm
            title="Give the migration up"
            label="Why"
            action="Give it up"
            busy={busy}
            onClose={() => setOpen(undefined)}
            onSend={async (reason) => (await send('migrations.abort', { number, reason })) !== undefined}
          />
        ) : null}
        {BEFORE_CUTOVER.includes(state) || next === null ? null : (
          <p className="text-12 text-ink-2">
            The point of no return is passed: there is no automatic way back, only fixing forward.
          </p>
        )}
      </div>
    </Panel>
  )
}
