'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { REASON_MIN } from '@/lib/actions/model'
import { ProblemNote } from './problem-note'
import { ReasonForm } from './reason-form'
import type { RunData } from './types'
import { useRunCommand } from './use-actions'

/** RunDecide is what this person may say about a run now, and why not the rest. */
export function RunDecide({
  run,
  onOpenRun,
}: {
  readonly run: RunData
  readonly onOpenRun: (id: string) => void
}): ReactNode {
  const command = useRunCommand()
  const { may, version } = run
  const about = { run: run.id, version }

  async function takeBack(): Promise<void> {
    const next = await command.send(() => runCommand('actions.undo', { run: run.id }))
    if (next !== undefined) onOpenRun(next.id)
  }

  return (
    <div className="grid gap-3 empty:hidden">
      {may.carryOut ? <CarryOut run={run} command={command} /> : null}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {may.askSecond ? (
          <Button
            variant="primary"
            busy={command.busy}
            onClick={() => void command.send(() => runCommand('actions.askSecond', about))}
          >
            Ask a second person
          </Button>
        ) : null}
        {may.approve ? (
          <Button
            variant="primary"
            busy={command.busy}
            onClick={() =>
              void command.send(() => runCommand('actions.approve', { ...about, planHash: run.planHash }))
            }
          >
            Agree to exactly this
          </Button>
        ) : null}
        {may.undo ? (
          <Button busy={command.busy} onClick={() => void takeBack()}>
            Prepare the way back
          </Button>
        ) : null}
        {may.cancel ? (
          <Button
            variant="quiet"
            busy={command.busy}
            onClick={() => void command.send(() => runCommand('actions.cancel', about))}
          >
            Drop this plan
          </Button>
        ) : null}
        {may.decline ? (
          <ReasonForm
            opener="Decline"
            label="Why not"
            hint="Whoever prepared it reads this."
            submit="Decline"
            min={3}
            busy={command.busy}
            onSend={(reason) => command.send(() => runCommand('actions.decline', { ...about, reason }))}
          />
        ) : null}
        {may.breakGlass ? (
          <ReasonForm
            opener="Break glass"
            label="Why nobody else can agree first"
            hint="It frees this plan without a second person. Somebody else reviews it afterwards, with this reason."
            submit="Break glass"
            min={REASON_MIN}
            busy={command.busy}
            onSend={(reason) => command.send(() => runCommand('actions.breakGlass', { ...about, reason }))}
          />
        ) : null}
        {may.review ? (
          <ReasonForm
            opener="Review it"
            label="What you make of it"
            hint="Was it right to go without a second person, and what would have made it needless?"
            submit="Write the review"
            min={3}
            busy={command.busy}
            onSend={(note) => command.send(() => runCommand('actions.review', { run: run.id, note }))}
          />
        ) : null}
      </div>
      {may.why === '' ? null : (
        <p className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-2 text-pretty text-ink-2">
          <StateMark mark={run.state === 'unknown' ? 'unknown' : 'blocks'} />
          {may.why}
        </p>
      )}
      <ProblemNote problem={command.problem} />
    </div>
  )
}

/** A secret is given here and nowhere else; it leaves this form with the press and is not kept by it. */
function CarryOut({
  run,
  command,
}: {
  readonly run: RunData
  readonly command: ReturnType<typeof useRunCommand>
}): ReactNode {
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({})

  async function carryOut(event: FormEvent): Promise<void> {
    event.preventDefault()
    await command.send(() => runCommand('actions.carryOut', { run: run.id, version: run.version, secrets }))
    setSecrets({})
  }

  return (
    <form onSubmit={(event) => void carryOut(event)} className="grid gap-3">
      {run.secretParams.map(({ name, label }) => (
        <Field key={name} label={label} hint="Sealed until it is sent, then forgotten. It is shown nowhere.">
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              required
              value={secrets[name] ?? ''}
              onChange={(event) => setSecrets((before) => ({ ...before, [name]: event.target.value }))}
            />
          )}
        </Field>
      ))}
      <Button type="submit" variant="primary" busy={command.busy} className="justify-self-start">
        Carry out
      </Button>
    </form>
  )
}
