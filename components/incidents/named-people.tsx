'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import type { IncidentData, Me } from './types'
import { tellProblem, useIncidentCommand } from './use-incident-command'

/** NamedPeople lists who may know of a restricted incident; who commands names others and takes them out. */
export function NamedPeople({
  incident,
  me,
}: {
  readonly incident: IncidentData
  readonly me: Me
}): ReactNode {
  const command = useIncidentCommand()
  const mayName = can(me.roles, 'incidents.command') && incident.mergedInto === null
  return (
    <Panel title="Restricted to" aside={`${incident.named.length} and admins`}>
      <ul>
        {incident.named.map((person) => (
          <li key={person.personId} className="flex items-center gap-2 border-t py-1">
            <span>@{person.handle}</span>
            {mayName ? (
              <Button
                size="small"
                variant="quiet"
                className="ml-auto"
                busy={command.busy}
                onClick={() =>
                  void command.send(
                    'incidents.unnamePerson',
                    { id: incident.id, personId: person.personId },
                    tellProblem,
                  )
                }
              >
                Take out<span className="sr-only"> {person.handle}</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayName ? <NameSomebody incident={incident} /> : null}
    </Panel>
  )
}

function NameSomebody({ incident }: { readonly incident: IncidentData }): ReactNode {
  const command = useIncidentCommand()
  const people = useQuery(queryOf('access.people', {}))
  const [chosen, setChosen] = useState('')
  const named = new Set(incident.named.map((person) => person.personId))
  const others = (people.data ?? []).filter((person) => !person.isDisabled && !named.has(person.id))

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const done = await command.send('incidents.namePerson', { id: incident.id, personId: chosen })
    if (done !== undefined) setChosen('')
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex items-end gap-2 border-t pt-2">
      <Field label="Name somebody" error={command.problem?.detail} className="min-w-0 flex-1">
        {(control) => (
          <Select
            {...control}
            required
            value={chosen}
            className="w-full"
            onChange={(event) => setChosen(event.target.value)}
          >
            <option value="">choose</option>
            {others.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}, @{person.handle}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" busy={command.busy}>
        Name
      </Button>
    </form>
  )
}
