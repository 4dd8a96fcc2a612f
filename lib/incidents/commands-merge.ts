import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { namePeople } from './access-store'
import { incidentName } from './model'
import {
  authorOf,
  type FieldMarks,
  type IncidentRow,
  lockIncident,
  refuseMerged,
  refuseOpenNotice,
  writeEntries,
} from './store'
import { incidentId, prose } from './text'

/** merge closes one incident into another that goes on; links move over, each record tells of the other. */
export const merge = defineCommand({
  name: 'incidents.merge',
  summary: 'Closes one incident into another that goes on.',
  permission: 'incidents.command',
  input: z
    .strictObject({ id: incidentId, into: incidentId, reason: prose(500).default('') })
    .refine(({ id, into }) => id !== into, {
      message: 'choose another incident than this one',
      path: ['into'],
    }),
  run: async (scope, { id, into, reason }) => {
    const { tx, actor, now } = scope
    const [first, second] = [id, into].sort()
    const locked = [await lockIncident(scope, first ?? id), await lockIncident(scope, second ?? into)]
    const [loser, winner] = locked[0]?.id === id ? locked : locked.reverse()
    if (loser === undefined || winner === undefined)
      throw new AppError('not_found', 'There is no such incident.')
    await refuseMerge(tx, loser, winner)
    await refuseOpenNotice(scope, loser.id)
    const author = authorOf(actor)
    await moveNamed(tx, { loser, winner, by: author.name, now })
    await moveLinks(tx, { loser, winner, by: author.name, now })
    const names = {
      loser: incidentName(loser.number, loser.drill),
      winner: incidentName(winner.number, winner.drill),
    }
    const marks = loser.fieldMarks as FieldMarks
    await writeEntries(tx, loser, {
      author,
      now,
      isOverwrite: true,
      entries: [
        { kind: 'merged', source: 'human', body: { into: names.winner, title: winner.title, reason } },
        { kind: 'status', source: 'human', body: { from: loser.status, to: 'resolved', merged: true } },
      ],
      changes: {
        status: 'resolved',
        phase: 'resolved',
        resolvedAt: now,
        mergedInto: winner.id,
        fieldMarks: {
          ...marks,
          status: { version: loser.version + 1, by: author.name, atMs: now.getTime() },
        },
      },
    })
    await writeEntries(tx, winner, {
      author,
      now,
      entries: [
        { kind: 'merged-from', source: 'human', body: { from: names.loser, title: loser.title, reason } },
      ],
    })
    return {
      result: { into: winner.id, name: names.winner },
      audit: { subject: `incident:${id}`, detail: { into, names, reason } },
      touched: [
        { topic: 'incidents', ref: loser.id },
        { topic: 'incidents', ref: winner.id },
      ],
    }
  },
})

async function refuseMerge(tx: Tx, loser: IncidentRow, winner: IncidentRow): Promise<void> {
  await refuseMerged(tx, loser)
  await refuseMerged(tx, winner)
  if (winner.status === 'resolved')
    throw new AppError('conflict', 'The other incident is resolved. Reopen it first.')
  if (loser.status === 'resolved')
    throw new AppError('conflict', 'This incident is resolved; link it instead.')
  if (loser.drill !== winner.drill)
    throw new AppError('invalid', 'A drill can’t be merged with an incident.', {
      issues: [{ path: 'into', message: 'one of the two is a drill' }],
    })
  if ((loser.visibility === 'restricted') !== (winner.visibility === 'restricted'))
    throw new AppError('invalid', 'One of the two is restricted: give both the same visibility first.', {
      issues: [{ path: 'into', message: 'one of the two is restricted' }],
    })
  const tasks = await tx.incidentTask.count({ where: { incidentId: loser.id, finishedAt: null } })
  if (tasks > 0)
    throw new AppError(
      'conflict',
      `It has ${tasks} unfinished ${tasks === 1 ? 'task' : 'tasks'}. Finish or drop them, or give them out in the other incident.`,
    )
}

/** Who was named in the one may know of the other, or they would lose what they worked on. */
async function moveNamed(
  tx: Tx,
  move: {
    readonly loser: IncidentRow
    readonly winner: IncidentRow
    readonly by: string
    readonly now: Date
  },
): Promise<void> {
  const people = await tx.incidentAccess.findMany({ where: { incidentId: move.loser.id } })
  await namePeople(tx, move.winner, { people, by: move.by, now: move.now })
}

async function moveLinks(
  tx: Tx,
  move: {
    readonly loser: IncidentRow
    readonly winner: IncidentRow
    readonly by: string
    readonly now: Date
  },
): Promise<void> {
  const { loser, winner, by, now } = move
  const links = await tx.incidentLink.findMany({ where: { incidentId: loser.id } })
  await tx.incidentLink.createMany({
    data: [
      ...links.map(({ kind, ref, title, state, reason }) => ({
        id: randomUUID(),
        incidentId: winner.id,
        kind,
        ref,
        title,
        state,
        reason,
        at: now,
        by,
      })),
      {
        id: randomUUID(),
        incidentId: winner.id,
        kind: 'incident',
        ref: incidentName(loser.number, loser.drill),
        title: loser.title,
        at: now,
        by,
      },
    ],
    skipDuplicates: true,
  })
}
