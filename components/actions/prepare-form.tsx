'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { CopyLine } from './copy-line'
import { ProblemNote } from './problem-note'
import type { OfferedAction } from './types'
import { useRunCommand } from './use-actions'

type Param = OfferedAction['params'][number]

/** PrepareForm asks for an action's parameters and lets its target try it; nothing is changed by it. */
export function PrepareForm({
  action,
  incidentId,
  onDone,
}: {
  readonly action: OfferedAction
  readonly incidentId: string
  /** onDone gets the run that was prepared. */
  readonly onDone: (runId: string) => void
}): ReactNode {
  const command = useRunCommand()
  const params = action.params.filter((param) => param.kind !== 'secret')
  const [values, setValues] = useState(() =>
    Object.fromEntries(params.map((param): [string, string] => [param.name, param.prefilled])),
  )

  async function prepare(event: FormEvent): Promise<void> {
    event.preventDefault()
    const run = await command.send(() =>
      runCommand('actions.prepare', {
        incidentId,
        action: action.id,
        ...(action.leaf === null ? {} : { leaf: action.leaf }),
        params: Object.fromEntries(
          params.map((param) => [param.name, sent(param, values[param.name] ?? '')]),
        ),
      }),
    )
    if (run !== undefined) onDone(run.id)
  }

  return (
    <form onSubmit={(event) => void prepare(event)} className="grid gap-4">
      <p className="text-pretty text-ink-2">{action.effect}</p>
      {params.map((param) => (
        <ParamField
          key={param.name}
          param={param}
          value={values[param.name] ?? ''}
          error={command.problem?.issues?.find((issue) => issue.path === `params.${param.name}`)?.message}
          onChange={(value) => setValues((before) => ({ ...before, [param.name]: value }))}
        />
      ))}
      {action.command === '' ? null : <CopyLine text={action.command} what={action.title} />}
      <p className="text-12 text-ink-3">
        The target is read and asked whether it would do this. You then see exactly what will be sent.
      </p>
      <ProblemNote problem={command.problem} />
      <Button type="submit" variant="primary" busy={command.busy} className="justify-self-start">
        Prepare
      </Button>
    </form>
  )
}

function sent(param: Param, value: string): string | number {
  return param.kind === 'number' && value !== '' ? Number(value) : value
}

function ParamField({
  param,
  value,
  error,
  onChange,
}: {
  readonly param: Param
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}): ReactNode {
  const hint = [
    param.hint,
    param.source === '' || param.prefilled === '' ? '' : `Suggested: ${param.source}.`,
  ]
    .filter((part) => part !== '')
    .join(' ')
  return (
    <Field label={param.label} {...(hint === '' ? {} : { hint })} {...(error === undefined ? {} : { error })}>
      {(control) =>
        param.kind === 'choice' ? (
          <Select {...control} value={value} required onChange={(event) => onChange(event.target.value)}>
            <option value="" disabled>
              Choose
            </option>
            {param.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            {...control}
            type={param.kind === 'number' ? 'number' : 'text'}
            {...(param.min === null ? {} : { min: param.min })}
            {...(param.max === null ? {} : { max: param.max })}
            autoComplete="off"
            required
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  )
}
