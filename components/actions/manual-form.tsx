'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { CopyLine } from './copy-line'
import { ProblemNote } from './problem-note'
import type { OfferedAction } from './types'
import { useRunCommand } from './use-actions'

type Outcome = 'worked' | 'did-not-work' | 'unknown'

const OUTCOMES: readonly { readonly value: Outcome; readonly label: string }[] = [
  { value: 'worked', label: 'It worked' },
  { value: 'did-not-work', label: 'It did not work' },
  { value: 'unknown', label: 'Not known yet' },
]

/** ManualForm writes down what somebody did by hand. What is pasted is no draft: it could hold a secret. */
export function ManualForm({
  action,
  incidentId,
  onDone,
}: {
  readonly action: OfferedAction
  readonly incidentId: string
  readonly onDone: (runId: string) => void
}): ReactNode {
  const command = useRunCommand()
  const [outcome, setOutcome] = useState<Outcome>('worked')
  const [output, setOutput] = useState('')
  const [note, setNote] = useState('')

  async function record(event: FormEvent): Promise<void> {
    event.preventDefault()
    const run = await command.send(() =>
      runCommand('actions.recordManual', {
        incidentId,
        action: action.id,
        ...(action.leaf === null ? {} : { leaf: action.leaf }),
        outcome,
        output,
        note,
      }),
    )
    if (run !== undefined) onDone(run.id)
  }

  return (
    <form onSubmit={(event) => void record(event)} className="grid gap-4">
      {action.command === '' ? null : <CopyLine text={action.command} what={action.title} />}
      <Field label="How it went">
        {(control) => (
          <Select
            {...control}
            value={outcome}
            onChange={(event) =>
              setOutcome(OUTCOMES.find(({ value }) => value === event.target.value)?.value ?? 'unknown')
            }
          >
            {OUTCOMES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="What you did" hint="One line; it stands in the record.">
        {(control) => (
          <Input
            {...control}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <Field label="What it printed" hint="Paste it. What looks like a secret is masked before it is kept.">
        {(control) => (
          <TextArea
            {...control}
            rows={8}
            maxLength={64_000}
            spellCheck={false}
            className="font-mono text-12"
            value={output}
            onChange={(event) => setOutput(event.target.value)}
          />
        )}
      </Field>
      <ProblemNote problem={command.problem} />
      <Button type="submit" variant="primary" busy={command.busy} className="justify-self-start">
        Write it down
      </Button>
    </form>
  )
}
