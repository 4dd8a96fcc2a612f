import { z } from 'zod'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { namePeople, peopleInside, readPeople } from './access-store'
import { authorOf, type IncidentRow, lockIncident, refuseMerged, writeEntries } from './store'
import { incidentId } from './text'

type Inside = Scope & { readonly tx: Tx }
type Done = Outcome<{ readonly done: boolean }>

const input = z.strictObject({ id: incidentId, personId: z.uuid('choose one person') })

async function lockRestricted(scope: Inside, id: string): Promise<IncidentRow> {
  const incident = await lockIncident(scope, id)
  await refuseMerged(scope.tx, incident)
  if (incident.visibility !== 'restricted')
    throw new AppError('conflict', 'This incident is not restricted: everybody here may know of it.')
  return incident
}

async function told(
  scope: Inside,
  incident: IncidentRow,
  change: { readonly kind: 'named' | 'unnamed'; readonly handle: string; readonly isChange: boolean },
): Promise<Done> {
  const { tx, actor, now } = scope
  const { kind, handle, isChange } = change
  if (isChange)
    await writeEntries(tx, incident, {
      author: authorOf(actor),
      now,
      entries: [{ kind, source: 'human', body: { handle } }],
    })
  return {
    result: { done: isChange },
    audit: { subject: `incident:${incident.id}`, detail: { [kind]: handle, changed: isChange } },
    touched: isChange ? [{ topic: 'incidents', ref: incident.id }] : [],
  }
}

/** namePerson lets one more person know of a restricted incident. */
export const namePerson = defineCommand({
  name: 'incidents.namePerson',
  summary: 'Lets one more person know of a restricted incident.',
  permission: 'incidents.command',
  input,
  run: async (scope, { id, personId }) => {
    const { tx, actor, now } = scope
    const incident = await lockRestricted(scope, id)
    const people = await readPeople(tx, [personId], 'personId')
    const added = await namePeople(tx, incident, { people, by: authorOf(actor).name, now })
    return told(scope, incident, { kind: 'named', handle: people[0]?.handle ?? '', isChange: added > 0 })
  },
})

/** unnamePerson takes a person out of a restricted incident; who has a role or a task in it hands that over first. */
export const unnamePerson = defineCommand({
  name: 'incidents.unnamePerson',
  summary: 'Takes a person out of a restricted incident.',
  permission: 'incidents.command',
  input,
  run: async (scope, { id, personId }) => {
    const { tx } = scope
    const incident = await lockRestricted(scope, id)
    const inside = (await peopleInside(tx, id)).find((one) => one.personId === personId)
    if (inside !== undefined)
      throw new AppError('conflict', `${inside.handle} has a role or a task in it: hand that over first.`)
    const was = await tx.incidentAccess.findUnique({
      where: { incidentId_personId: { incidentId: id, personId } },
    })
    if (was !== null)
      await tx.incidentAccess.delete({ where: { incidentId_personId: { incidentId: id, personId } } })
    return told(scope, incident, { kind: 'unnamed', handle: was?.handle ?? '', isChange: was !== null })
  },
})
