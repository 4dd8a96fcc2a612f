'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Chip } from '@/components/ui/chip'
import { later } from '@/components/ui/later'
import { Table } from '@/components/ui/table'
import { queryOf } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { OneTimeNote } from './one-time-note'

export type PersonRow = QueryResult<'access.people'>[number]

const AddPersonDialog = later(() => import('./add-person-dialog').then((module) => module.AddPersonDialog))
const PersonDialog = later(() => import('./person-dialog').then((module) => module.PersonDialog))

type Open = { readonly kind: 'add' } | { readonly kind: 'person'; readonly id: string } | undefined

/** PeopleView lists who may sign in; who manages people changes them here. */
export function PeopleView({
  initial,
  ownId,
  canManage,
}: {
  readonly initial: readonly PersonRow[]
  readonly ownId: string
  readonly canManage: boolean
}): ReactNode {
  const query = useQuery({ ...queryOf('access.people', {}), initialData: [...initial] })
  const client = useQueryClient()
  const [open, setOpen] = useState<Open>()
  const [oneTime, setOneTime] = useState<{ readonly name: string; readonly password: string }>()
  const people = query.data
  const chosen = open?.kind === 'person' ? people.find((person) => person.id === open.id) : undefined

  function close(): void {
    setOpen(undefined)
    void client.invalidateQueries({ queryKey: ['access.people'] })
  }

  function showOneTime(name: string, password: string): void {
    setOneTime({ name, password })
    close()
  }

  return (
    <section aria-labelledby="people-title" className="grid max-w-6xl gap-4">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h2 id="people-title" className="text-16">
            People
          </h2>
          <p className="text-ink-2">
            Roles say what somebody may do. A change counts from the next request on.
          </p>
        </div>
        {canManage ? (
          <Button variant="primary" onClick={() => setOpen({ kind: 'add' })}>
            Add a person
          </Button>
        ) : null}
      </header>
      {oneTime === undefined ? null : <OneTimeNote {...oneTime} />}
      <Panel
        title={`${people.length} people`}
        note={`${people.filter((person) => person.isDisabled).length} switched off`}
      >
        <Table label="People">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Title</th>
              <th scope="col">Roles</th>
              {canManage ? (
                <>
                  <th scope="col">E-mail</th>
                  <th scope="col" className="num">
                    Sessions
                  </th>
                  <th scope="col">Last seen</th>
                  <th scope="col">
                    <span className="sr-only">Change</span>
                  </th>
                </>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row
                key={person.id}
                person={person}
                canManage={canManage}
                onChange={() => setOpen({ kind: 'person', id: person.id })}
              />
            ))}
          </tbody>
        </Table>
      </Panel>
      {open?.kind === 'add' ? <AddPersonDialog onClose={close} onAdded={showOneTime} /> : null}
      {chosen === undefined ? null : (
        <PersonDialog
          key={chosen.version}
          person={chosen}
          isOwn={chosen.id === ownId}
          onClose={close}
          onOneTime={showOneTime}
        />
      )}
    </section>
  )
}

function Row({
  person,
  canManage,
  onChange,
}: {
  readonly person: PersonRow
  readonly canManage: boolean
  readonly onChange: () => void
}): ReactNode {
  return (
    <tr className={person.isDisabled ? 'text-ink-3' : undefined}>
      <td>
        <span className="font-medium">{person.name}</span>{' '}
        <span className="text-ink-3">@{person.handle}</span>
      </td>
      <td>{person.title}</td>
      <td>
        <span className="flex flex-wrap gap-1">
          {person.roles.map((role) => (
            <Chip key={role}>{role}</Chip>
          ))}
          {person.isDisabled ? <Chip tone="unknown">switched off</Chip> : null}
          {person.hasOneTimePassword ? <Chip tone="accent">one-time password</Chip> : null}
        </span>
      </td>
      {canManage ? (
        <>
          <td>{person.email}</td>
          <td className="num">{person.sessions}</td>
          <td>
            <TimeAgo at={person.lastSeenAt} never="not signed in" />
          </td>
          <td className="num">
            <Button size="small" onClick={onChange} aria-label={`Change ${person.name}`}>
              Change
            </Button>
          </td>
        </>
      ) : null}
    </tr>
  )
}
