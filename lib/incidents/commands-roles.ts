import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { holds } from '../access/holds'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { INCIDENT_ROLES, type IncidentRole } from './model'
import { ROLE_TITLES } from './obligations'
import type { Entry } from './record-store'
import {
  authorOf,
  findPersonById,
  type IncidentRow,
  lockIncident,
  personOf,
  refuseMerged,
  writeEntries,
} from './store'
import { incidentId, prose } from './text'

type Inside = Scope & { readonly tx: Tx }
type Someone = { readonly id: string; readonly handle: string }
const role = z.enum(INCIDENT_ROLES)
const job = { id: incidentId, role }
const personId = z.uuid('must be a person id')

type Assignment = NonNullable<Awaited<ReturnType<typeof holderOf>>>

function holderOf(tx: Tx, incident: string, wanted: IncidentRole, person?: string) {
  return tx.roleAssignment.findFirst({
    where: {
      incidentId: incident,
      role: wanted,
      endedAt: null,
      ...(wanted === 'responder' && person !== undefined ? { personId: person } : {}),
    },
  })
}

/** Ends what was there and seats the person; the database refuses a second holder whatever happens here. */
async function seat(
  { tx, actor, now }: Inside,
  incident: IncidentRow,
  change: {
    readonly role: IncidentRole
    readonly person: Someone | undefined
    readonly was: Assignment | null
    readonly how: string
  },
): Promise<void> {
  const author = authorOf(actor)
  if (change.was) await tx.roleAssignment.update({ where: { id: change.was.id }, data: { endedAt: now } })
  if (change.person)
    await tx.roleAssignment.create({
      data: {
        id: randomUUID(),
        incidentId: incident.id,
        role: change.role,
        personId: change.person.id,
        handle: change.person.handle,
        assignedAt: now,
        assignedBy: author.name,
      },
    })
  const entry: Entry = {
    kind: 'role',
    source: 'human',
    body: {
      role: change.role,
      handle: change.person?.handle ?? null,
      was: change.was?.handle ?? null,
      how: change.how,
    },
  }
  await writeEntries(tx, incident, { author, now, entries: [entry] })
}

function touched(id: string, detail: Readonly<Record<string, unknown>>): Outcome<{ readonly done: boolean }> {
  return {
    result: { done: true },
    audit: { subject: `incident:${id}`, detail },
    touched: [{ topic: 'incidents', ref: id }],
  }
}

function nothing(id: string): Outcome<{ readonly done: boolean }> {
  return {
    result: { done: false },
    audit: { subject: `incident:${id}`, detail: { changed: false } },
    touched: [],
  }
}

async function locked(scope: Inside, id: string): Promise<IncidentRow> {
  const incident = await lockIncident(scope, id)
  await refuseMerged(scope.tx, incident)
  return incident
}

/**
 * assignRole seats somebody, or with `personId: null` empties a role. `replaces` is whom the caller sees there: somebody
 * else is a conflict. An answered incident is never left without a commander. Responders are added one by one.
 */
export const assignRole = defineCommand({
  name: 'incidents.assignRole',
  summary: 'Seats somebody in a role, or empties it.',
  permission: 'incidents.command',
  input: z.strictObject({ ...job, personId: personId.nullable(), replaces: personId.nullable() }),
  run: async (scope, input) => {
    const { tx } = scope
    const incident = await locked(scope, input.id)
    const person =
      input.personId === null
        ? undefined
        : await findPersonById(tx, input.personId, { incident: input.id, path: 'personId' })
    const seen = input.replaces ?? input.personId ?? undefined
    const was = await holderOf(tx, input.id, input.role, seen)
    if (was && was.personId === input.personId) return nothing(input.id)
    if ((was?.personId ?? null) !== input.replaces)
      throw new AppError(
        'conflict',
        `${was ? `${was.handle} is` : 'No one is'} ${ROLE_TITLES[input.role].toLowerCase()} by now.`,
        {
          current: {
            field: 'role',
            role: input.role,
            theirs: was?.handle ?? null,
            yours: person?.handle ?? null,
          },
        },
      )
    if (person === undefined && input.role === 'commander' && incident.acknowledgedAt !== null)
      throw new AppError('invalid', 'An answered incident keeps a commander: choose who takes over.', {
        issues: [{ path: 'personId', message: 'choose somebody' }],
      })
    if (was === null && person === undefined) return nothing(input.id)
    await seat(scope, incident, { role: input.role, person, was, how: 'assigned' })
    return touched(input.id, { role: input.role, handle: person?.handle ?? null, was: was?.handle ?? null })
  },
})

/** takeRole seats the person who asks in a role that nobody holds; command needs the permission to command. */
export const takeRole = defineCommand({
  name: 'incidents.takeRole',
  summary: 'Seats the person who asks in a role that nobody holds.',
  permission: 'incidents.work',
  input: z.strictObject(job),
  run: async (scope, input) => {
    const person = personOf(scope.actor)
    if (input.role === 'commander' && !holds(person, 'incidents.command'))
      throw new AppError('forbidden', 'Command is taken by answering the incident, or handed over.')
    const incident = await locked(scope, input.id)
    const was = await holderOf(scope.tx, input.id, input.role, person.id)
    if (was?.personId === person.id) return nothing(input.id)
    if (was)
      throw new AppError('conflict', `${was.handle} took it before you.`, {
        current: { field: 'role', role: input.role, theirs: was.handle, yours: person.handle },
      })
    await seat(scope, incident, { role: input.role, person, was: null, how: 'taken' })
    return touched(input.id, { role: input.role, handle: person.handle })
  },
})

/** leaveRole ends one's own job; the commander hands over instead. */
export const leaveRole = defineCommand({
  name: 'incidents.leaveRole',
  summary: "Ends one's own job.",
  permission: 'incidents.work',
  input: z.strictObject(job),
  run: async (scope, input) => {
    const person = personOf(scope.actor)
    const incident = await locked(scope, input.id)
    const was = await holderOf(scope.tx, input.id, input.role, person.id)
    if (was?.personId !== person.id) return nothing(input.id)
    if (input.role === 'commander' && incident.status !== 'resolved')
      throw new AppError('invalid', 'Command is handed over, not left.', {
        issues: [{ path: 'role', message: 'offer the hand-over to somebody' }],
      })
    await seat(scope, incident, { role: input.role, person: undefined, was, how: 'left' })
    return touched(input.id, { role: input.role, left: person.handle })
  },
})

/** offerHandover asks somebody to take over a role with what they should know; the holder stays until it is accepted. */
export const offerHandover = defineCommand({
  name: 'incidents.offerHandover',
  summary: 'Asks somebody to take over a role with what they should know.',
  permission: 'incidents.work',
  input: z.strictObject({ ...job, toPersonId: personId, pack: prose(2_000).default('') }),
  run: async (scope, input) => {
    const { tx, now } = scope
    const person = personOf(scope.actor)
    const incident = await locked(scope, input.id)
    const was = await holderOf(tx, input.id, input.role, person.id)
    if (was === null || input.role === 'responder')
      throw new AppError('invalid', 'Nobody holds this role: assign it instead.', {
        issues: [{ path: 'role', message: 'nobody holds it' }],
      })
    if (was.personId !== person.id && !holds(person, 'incidents.command'))
      throw new AppError('forbidden', 'Only its holder or a commander can offer this role.')
    if (was.personId === input.toPersonId)
      throw new AppError('invalid', 'They hold it already.', {
        issues: [{ path: 'toPersonId', message: 'choose somebody else' }],
      })
    const to = await findPersonById(tx, input.toPersonId, { incident: input.id, path: 'toPersonId' })
    await tx.roleAssignment.update({
      where: { id: was.id },
      data: {
        offeredTo: to.id,
        offeredToHandle: to.handle,
        offeredAt: now,
        offeredBy: person.handle,
        offerPack: input.pack,
      },
    })
    await writeEntries(tx, incident, {
      author: authorOf(person),
      now,
      entries: [
        {
          kind: 'offered',
          source: 'human',
          body: { role: input.role, handle: to.handle, from: was.handle, pack: input.pack },
        },
      ],
    })
    return touched(input.id, { role: input.role, to: to.handle })
  },
})

async function offerIn(tx: Tx, id: string, wanted: IncidentRole): Promise<Assignment> {
  const was = await holderOf(tx, id, wanted)
  if (was === null || was.offeredTo === null)
    throw new AppError('conflict', 'This offer is gone: it was accepted, declined or taken back.')
  return was
}

/** acceptHandover seats the person to whom the role was offered, and nobody else. */
export const acceptHandover = defineCommand({
  name: 'incidents.acceptHandover',
  summary: 'Seats the person to whom the role was offered, and nobody else.',
  permission: 'incidents.work',
  input: z.strictObject(job),
  run: async (scope, input) => {
    const person = personOf(scope.actor)
    const incident = await locked(scope, input.id)
    const was = await offerIn(scope.tx, input.id, input.role)
    if (was.offeredTo !== person.id)
      throw new AppError('forbidden', `It was offered to ${was.offeredToHandle ?? 'somebody else'}.`)
    await seat(scope, incident, { role: input.role, person, was, how: 'accepted' })
    return touched(input.id, { role: input.role, handle: person.handle, was: was.handle })
  },
})

/** declineHandover ends an offer: by whom it was offered to, by its holder, or by a commander. */
export const declineHandover = defineCommand({
  name: 'incidents.declineHandover',
  summary: 'Ends an offer: by whom it was offered to, by its holder, or by a commander.',
  permission: 'incidents.work',
  input: z.strictObject({ ...job, reason: prose(500).default('') }),
  run: async (scope, input) => {
    const { tx, now } = scope
    const person = personOf(scope.actor)
    const incident = await locked(scope, input.id)
    const was = await offerIn(tx, input.id, input.role)
    const isTheirs = was.offeredTo === person.id || was.personId === person.id
    if (!isTheirs && !holds(person, 'incidents.command'))
      throw new AppError('forbidden', 'This offer is between two others.')
    await tx.roleAssignment.update({
      where: { id: was.id },
      data: { offeredTo: null, offeredToHandle: null, offeredAt: null, offeredBy: null, offerPack: '' },
    })
    await writeEntries(tx, incident, {
      author: authorOf(person),
      now,
      entries: [
        {
          kind: 'withdrawn',
          source: 'human',
          body: { role: input.role, handle: was.offeredToHandle, reason: input.reason },
        },
      ],
    })
    return touched(input.id, { role: input.role, declined: was.offeredToHandle })
  },
})
