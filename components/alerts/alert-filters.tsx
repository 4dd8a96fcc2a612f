'use client'

import type { FormEvent, ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { LEVELS } from '@/lib/alerts/model'
import { isNarrowed, SOURCES } from './alert-filter'
import { sourceWord } from './alert-words'
import type { AlertsAddress } from './use-alerts-address'

type Choice = {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, word: string])[]
}

const CHOICES: readonly Choice[] = [
  {
    name: 'status',
    label: 'State',
    options: [
      ['', 'firing'],
      ['resolved', 'over, last 24 h'],
    ],
  },
  {
    name: 'level',
    label: 'Severity',
    options: [['', 'every'], ...LEVELS.map((level) => [level, level] as const)],
  },
  {
    name: 'source',
    label: 'Source',
    options: [['', 'every'], ...SOURCES.map((source) => [source, sourceWord(source)] as const)],
  },
  {
    name: 'acked',
    label: 'Acknowledged',
    options: [
      ['', 'either'],
      ['no', 'not yet'],
      ['yes', 'yes'],
    ],
  },
  {
    name: 'quiet',
    label: 'Silenced',
    options: [
      ['', 'either'],
      ['no', 'no'],
      ['yes', 'silenced or inhibited'],
    ],
  },
]

/** AlertFilters narrow the board; what is chosen lives in the address. */
export function AlertFilters({ address }: { readonly address: AlertsAddress }): ReactNode {
  function search(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    address.set('text', String(new FormData(event.currentTarget).get('text') ?? '').trim())
  }
  return (
    <form onSubmit={search} className="flex flex-wrap items-end gap-3" aria-label="Filter">
      {CHOICES.map((choice) => (
        <Field key={choice.name} label={choice.label}>
          {(control) => (
            <Select
              {...control}
              value={address.params.get(choice.name) ?? ''}
              onChange={(event) => address.set(choice.name, event.target.value)}
            >
              {choice.options.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
      <Field label="Name or label contains" className="w-52">
        {(control) => (
          <Input
            {...control}
            key={address.filter.text ?? ''}
            name="text"
            type="search"
            defaultValue={address.filter.text ?? ''}
            maxLength={200}
          />
        )}
      </Field>
      <Button type="submit">Search</Button>
      {isNarrowed(address.filter) ? (
        <Button variant="quiet" onClick={address.clear}>
          Show all
        </Button>
      ) : null}
    </form>
  )
}
