'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { DraftVersions } from '@/components/state/draft-versions'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { type ControlProps, Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { queryOf } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import { AlsoEditing } from './also-editing'
import { markEditing } from './editing'

export type FormField = {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly kind: 'line' | 'prose' | 'number' | 'day' | 'choice' | 'person' | 'tick'
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  /** start is what stands there before anything is typed. */
  readonly start?: string
  /** shown leaves the field out while it has no meaning. */
  readonly shown?: (values: Values) => boolean
}

export type Values = Readonly<Record<string, string>>

const SEEN = '$seen'

/** seenVersion is the version that was on screen when the values were first typed, or now when nothing was. */
export function seenVersion(values: Values, now: number): number {
  const seen = Number(values[SEEN])
  return Number.isInteger(seen) && seen > 0 ? seen : now
}

/**
 * CommandForm asks for one command in a dialog. What is typed is kept under `draftKey` until it is sent: Esc, a reload, a
 * crash or another browser gives it back. A refusal stands at its field; a conflict shows both versions.
 */
export function CommandForm({
  title,
  submit,
  draftKey,
  fields,
  busy,
  problem,
  version,
  children,
  onSend,
  onClose,
}: {
  readonly title: string
  readonly submit: string
  readonly draftKey: string
  readonly fields: readonly FormField[]
  readonly busy: boolean
  readonly problem: Problem | undefined
  /** version is what the person sees of the thing that the form changes; it is kept with what they type. */
  readonly version?: number
  readonly children?: ReactNode
  /** onSend gives true once the command is through. */
  readonly onSend: (values: Values) => Promise<boolean>
  readonly onClose: () => void
}): ReactNode {
  const draft = useDraft(draftKey)
  const formId = useId()
  const [wasKept] = useState(draft.text !== undefined)
  const values = valuesOf(fields, draft.text)
  const seen = version === undefined ? {} : { [SEEN]: String(version) }
  const [room, incidentId = '', editing = incidentId] = draftKey.split(':')
  const shown = fields.filter((field) => field.shown?.(values) ?? true)
  const known = new Set(shown.map((field) => field.name))
  const loose = problem?.issues?.filter((issue) => !known.has(issue.path)) ?? []

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    if (await onSend(values)) {
      if (draft.text !== undefined) draft.settle(draft.text)
      onClose()
    }
  }

  useEffect(() => {
    markEditing(editing)
    return () => markEditing('')
  }, [editing])

  return (
    <Dialog open onClose={onClose} title={title}>
      <form
        id={formId}
        className="grid gap-4"
        onSubmit={(event) => void send(event)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit()
        }}
      >
        {wasKept ? (
          <p className="text-12 text-ink-2">
            Recovered from before.{' '}
            <button type="button" className="link" onClick={draft.drop}>
              Start empty
            </button>
          </p>
        ) : null}
        <DraftVersions draft={draft} wordsOf={(text) => wordsOf(fields, text)} />
        {room === 'incident' ? <AlsoEditing incidentId={incidentId} editing={editing} /> : null}
        {shown.map((field) => (
          <FieldOf
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            error={problem?.issues?.find((issue) => issue.path === field.name)?.message}
            onChange={(value) => draft.keep(JSON.stringify({ ...seen, ...values, [field.name]: value }))}
          />
        ))}
        {children}
        {problem === undefined ? null : (
          <div role="alert" className="grid gap-1 border-l-2 border-breach pl-3">
            <p className="font-medium">{problem.detail}</p>
            {loose.map((issue) => (
              <p key={issue.message} className="text-ink-2">
                {issue.message}
              </p>
            ))}
          </div>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="quiet" onClick={onClose}>
            Close, keep what I typed
          </Button>
          <Button type="submit" variant="primary" busy={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function valuesOf(fields: readonly FormField[], draft: string | undefined): Values {
  const start = Object.fromEntries(fields.map((field) => [field.name, field.start ?? '']))
  if (draft === undefined) return start
  try {
    return { ...start, ...(JSON.parse(draft) as Values) }
  } catch {
    return start
  }
}

function wordsOf(fields: readonly FormField[], draft: string): string {
  const values = valuesOf(fields, draft)
  return fields
    .filter((field) => field.kind === 'line' || field.kind === 'prose' || field.kind === 'number')
    .map((field) => values[field.name] ?? '')
    .filter((value) => value !== '')
    .join(' · ')
}

function FieldOf({
  field,
  value,
  error,
  onChange,
}: {
  readonly field: FormField
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}): ReactNode {
  if (field.kind === 'tick')
    return (
      <Checkbox
        label={field.label}
        checked={value === 'yes'}
        onChange={(event) => onChange(event.target.checked ? 'yes' : '')}
      />
    )
  return (
    <Field label={field.label} {...(field.hint ? { hint: field.hint } : {})} {...(error ? { error } : {})}>
      {(control) => <ControlOf field={field} value={value} control={control} onChange={onChange} />}
    </Field>
  )
}

function ControlOf({
  field,
  value,
  control,
  onChange,
}: {
  readonly field: FormField
  readonly value: string
  readonly control: ControlProps
  readonly onChange: (value: string) => void
}): ReactNode {
  switch (field.kind) {
    case 'prose':
      return (
        <TextArea rows={3} {...control} value={value} onChange={(event) => onChange(event.target.value)} />
      )
    case 'choice':
      return (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {(field.options ?? []).map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      )
    case 'person':
      return <PersonSelect value={value} control={control} onChange={onChange} />
    default:
      return (
        <Input
          {...control}
          autoComplete="off"
          type={field.kind === 'day' ? 'date' : 'text'}
          inputMode={field.kind === 'number' ? 'numeric' : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )
  }
}

function PersonSelect({
  value,
  control,
  onChange,
}: {
  readonly value: string
  readonly control: ControlProps
  readonly onChange: (value: string) => void
}): ReactNode {
  const people = useQuery(queryOf('access.people', {}))
  return (
    <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{people.isError ? 'People could not be read' : 'Choose one person'}</option>
      {people.data
        ?.filter((person) => !person.isDisabled)
        .map((person) => (
          <option key={person.id} value={person.id}>
            @{person.handle} · {person.name}
          </option>
        ))}
    </Select>
  )
}
