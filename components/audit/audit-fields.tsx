'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { Select } from '@/components/ui/select'
import type { AuditFilter } from './filter'

const TEXTS = [
  { name: 'action', label: 'Action begins with', placeholder: 'access.' },
  { name: 'subject', label: 'Subject begins with', placeholder: 'person:' },
  { name: 'from', label: 'From (UTC)', placeholder: '2026-11-21T10:30' },
  { name: 'until', label: 'Until (UTC)', placeholder: '2026-11-22' },
] as const

/** AuditFields is a plain form: the filter becomes the address, so a link shows the same rows. */
export function AuditFields({
  filter,
  persons,
  isFiltered,
}: {
  readonly filter: AuditFilter
  readonly persons: readonly { readonly id: string; readonly name: string }[]
  readonly isFiltered: boolean
}): ReactNode {
  return (
    <form method="get" action="/audit" className="flex flex-wrap items-end gap-3">
      <Field label="Who" className="w-44">
        {(control) => (
          <Select {...control} name="actor" defaultValue={filter.typed.actor} className="w-full">
            <option value="">anybody</option>
            <option value="nobody">nobody signed in</option>
            {persons.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {TEXTS.map(({ name, label, placeholder }) => (
        <Field key={name} label={label} error={filter.faults[name]} className="w-44">
          {(control) => (
            <Input {...control} name={name} defaultValue={filter.typed[name]} placeholder={placeholder} />
          )}
        </Field>
      ))}
      <Button type="submit">Show</Button>
      {isFiltered ? (
        <Link href="/audit" className="link self-center text-12 text-ink-2">
          Clear
        </Link>
      ) : null}
    </form>
  )
}
