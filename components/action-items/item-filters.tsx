'use client'

import type { FormEvent, ReactNode } from 'react'
import { type Choice, ChoiceFields } from '@/components/state/choice-fields'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { PlainLinkButton } from '@/components/ui/plain-link-button'
import { KINDS } from '@/lib/action-items/model'
import { KIND_WORDS } from './item-words'
import { isNarrowed } from './items-address'
import type { ItemsAsked } from './types'

const CHOICES: readonly Choice[] = [
  {
    name: 'state',
    label: 'State',
    options: [
      ['', 'open'],
      ['done', 'done'],
      ['dropped', 'dropped'],
      ['all', 'every'],
    ],
  },
  {
    name: 'due',
    label: 'Due',
    options: [
      ['', 'any time'],
      ['overdue', 'overdue'],
      ['week', 'within a week'],
      ['incomplete', 'incomplete'],
    ],
  },
  {
    name: 'owner',
    label: 'Owner',
    options: [
      ['', 'anybody'],
      ['me', 'me'],
      ['nobody', 'nobody'],
    ],
  },
  {
    name: 'kind',
    label: 'Kind',
    options: [['', 'every'], ...KINDS.map((kind) => [kind, KIND_WORDS[kind]] as const)],
  },
  {
    name: 'drills',
    label: 'Drills',
    options: [
      ['', 'with drills'],
      ['without', 'without'],
      ['only', 'only drills'],
    ],
  },
]

/** ItemFilters narrow the list; what is chosen lives in the address. */
export function ItemFilters({
  asked,
  params,
  onSet,
}: {
  readonly asked: ItemsAsked
  readonly params: URLSearchParams
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  function search(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    onSet('q', String(new FormData(event.currentTarget).get('q') ?? '').trim())
  }
  return (
    <form onSubmit={search} className="flex flex-wrap items-end gap-3" aria-label="Filter">
      <ChoiceFields
        choices={CHOICES.map((choice) => withGiven(choice, params.get(choice.name)))}
        params={params}
        onSet={onSet}
      />
      <Field label="Text or number" className="w-52">
        {(control) => (
          <Input
            {...control}
            key={asked.text ?? ''}
            name="q"
            type="search"
            data-search
            defaultValue={asked.text ?? ''}
            maxLength={200}
          />
        )}
      </Field>
      <Button type="submit">Search</Button>
      {asked.incident === undefined ? null : (
        <Button variant="quiet" onClick={() => onSet('incident', '')}>
          Of {asked.incident} only: show all
        </Button>
      )}
      {isNarrowed(asked) ? <PlainLinkButton href="/postmortems/actions">Show all</PlainLinkButton> : null}
    </form>
  )
}

// A link may ask for somebody by handle: the list then names them.
function withGiven(choice: Choice, given: string | null): Choice {
  if (choice.name !== 'owner' || given === null || choice.options.some(([value]) => value === given))
    return choice
  return { ...choice, options: [...choice.options, [given, `@${given}`]] }
}
