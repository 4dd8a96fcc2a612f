'use client'

import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SLOT_ROLES, type Slot } from '@/lib/migrations/model'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

const TITLES = {
  assessment: 'Approval of the assessment',
  validation: 'Approval of the validation report',
  cutover: 'Approval of the point of no return',
} as const

/** GateApproval shows who approved what is open now, and takes the word of who may. */
export function GateApproval({
  gate,
  data,
  me,
}: {
  readonly gate: MigrationData['gates'][number]
  readonly data: MigrationData
  readonly me: Me
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [comment, setComment] = useState('')
  const { number } = data
  const isOwn = data.createdById === me.id
  const own = gate.slots.find((slot) => slot.counts && slot.person === me.handle)
  const fits = (slot: Slot): boolean =>
    !isOwn && own === undefined && me.roles.some((role) => SLOT_ROLES[slot].includes(role))
  const open = gate.slots.filter((slot) => !slot.counts && fits(slot.slot))
  async function give(slot: Slot): Promise<void> {
    const about = { number, slot, subject: gate.subject, comment }
    const isGiven =
      gate.gate === 'cutover'
        ? await send('migrations.approveCutover', about)
        : await send('migrations.approve', { ...about, gate: gate.gate })
    if (isGiven) setComment('')
  }
  return (
    <section aria-label={TITLES[gate.gate]} className="grid grid-cols-1 gap-2 border bg-sunk p-3">
      <h3 className="text-13 font-medium">{TITLES[gate.gate]}</h3>
      <ul className="grid grid-cols-1 gap-1">
        {gate.slots.map((slot) => (
          <li key={slot.slot} className="flex flex-wrap items-baseline gap-x-2">
            <span>{slot.slot === 'manager' ? 'Manager' : 'Engineer'}:</span>
            {slot.counts && slot.atMs !== null ? (
              <span>
                @{slot.person}, <Instant at={slot.atMs / 1000} /> {slot.comment}
              </span>
            ) : slot.person === null ? (
              <span className="text-ink-2">nobody yet</span>
            ) : (
              <span className="text-ink-2">@{slot.person} approved something that has changed since</span>
            )}
          </li>
        ))}
      </ul>
      <p className="font-mono text-12 break-all text-ink-3">{gate.subject.slice(0, 16)}</p>
      {open.length > 0 ? (
        <Field label="Comment" hint={gate.gate === 'cutover' ? 'Say why it is safe.' : undefined}>
          {(control) => (
            <Input {...control} value={comment} onChange={(event) => setComment(event.target.value)} />
          )}
        </Field>
      ) : null}
      {isOwn ? (
        <p className="text-12 text-ink-2">You opened this migration: somebody else approves it.</p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {open.map(({ slot }) => (
          <Button
            key={slot}
            busy={busy}
            waitsFor={gate.gate === 'cutover' && comment.trim().length < 3 ? 'say why it is safe' : undefined}
            onClick={() => void give(slot)}
          >
            Approve as {slot}
          </Button>
        ))}
        {own ? (
          <Button
            variant="quiet"
            busy={busy}
            onClick={() => void send('migrations.withdraw', { number, gate: gate.gate })}
          >
            Take my approval back
          </Button>
        ) : null}
      </div>
    </section>
  )
}
