'use client'

import type { ReactNode } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import type { FieldIssue } from '@/lib/platform/errors'
import { ServicesEditor } from './services-editor'
import { faultOf, type ServiceEntry, type SourceField, type SourceForm } from './source-form'

/** SourceFields draws the fields of a source's form. */
export function SourceFields({
  fields,
  form,
  issues,
  onChange,
}: {
  readonly fields: readonly SourceField[]
  readonly form: SourceForm
  readonly issues: readonly FieldIssue[]
  readonly onChange: (path: string, value: string | readonly ServiceEntry[]) => void
}): ReactNode {
  return fields.map((field) => {
    const value = form[field.path] ?? ''
    const fault = faultOf(issues, field.path)
    if (typeof value !== 'string') {
      return (
        <div key={field.path} className="sm:col-span-2">
          <ServicesEditor
            entries={value}
            fault={fault}
            onChange={(entries) => onChange(field.path, entries)}
          />
        </div>
      )
    }
    return (
      <Field
        key={field.path}
        label={field.title}
        hint={field.hint}
        error={fault}
        className={field.kind === 'queues' || field.kind === 'names' ? 'sm:col-span-2' : undefined}
      >
        {(control) => {
          const shared = { ...control, value }
          if (field.kind === 'choice') {
            return (
              <Select {...shared} onChange={(event) => onChange(field.path, event.target.value)}>
                {field.choices?.map((choice) => (
                  <option key={choice.value} value={choice.value}>
                    {choice.title}
                  </option>
                ))}
              </Select>
            )
          }
          if (field.kind === 'queues' || field.kind === 'names') {
            return (
              <TextArea
                {...shared}
                rows={4}
                className="font-mono"
                placeholder={field.example}
                onChange={(event) => onChange(field.path, event.target.value)}
              />
            )
          }
          return (
            <Input
              {...shared}
              inputMode={field.kind === 'milliseconds' ? 'numeric' : undefined}
              placeholder={field.example}
              autoComplete="off"
              onChange={(event) => onChange(field.path, event.target.value)}
            />
          )
        }}
      </Field>
    )
  })
}
