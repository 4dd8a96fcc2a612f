import type { Publication } from '../../prisma/generated/client'
import { withinSight } from '../access/sight'
import type { Severity, Status } from '../comms/model'
import type { Actor } from '../operation'
import type { Db, Tx } from '../platform/db'
import { AppError } from '../platform/errors'

/** PublicationRow is a message as it is stored. */
export type PublicationRow = Publication

/** Subject is what a message needs of its incident, under the incident's lock. */
export type Subject = {
  readonly id: string
  readonly drill: boolean
  readonly severity: Severity
  readonly status: Status
  readonly visibility: 'restricted' | 'internal' | 'public'
}

const SHOWN = 200

/** lockSubject locks an incident for a new message; not_found also where the actor may not know of it, conflict once it was merged. */
export async function lockSubject(tx: Tx, actor: Actor, id: string): Promise<Subject> {
  await tx.$queryRaw`SELECT 1 FROM incident WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.incident.findFirst({ where: { AND: [{ id }, withinSight(actor)] } })
  if (row === null) throw new AppError('not_found', 'There is no such incident.')
  if (row.mergedInto !== null)
    throw new AppError('conflict', 'This incident was merged into another one: publish there.')
  return {
    id: row.id,
    drill: row.drill,
    severity: row.severity as Severity,
    status: row.status as Status,
    visibility: row.visibility as Subject['visibility'],
  }
}

/** findPublication gives a message that the actor may know of; throws not_found. */
export async function findPublication(db: Db | Tx, actor: Actor, id: string): Promise<PublicationRow> {
  const row = await db.publication.findUnique({ where: { id } })
  const incident =
    row === null || row.incidentId === null
      ? null
      : await db.incident.findFirst({
          where: { AND: [{ id: row.incidentId }, withinSight(actor)] },
          select: { id: true },
        })
  if (row === null || (row.incidentId !== null && incident === null))
    throw new AppError('not_found', 'There is no such message.')
  return row
}

/** lockPublication locks and gives a message that the actor may know of; throws not_found. */
export async function lockPublication(tx: Tx, actor: Actor, id: string): Promise<PublicationRow> {
  const seen = await findPublication(tx, actor, id)
  // The same order as a release: incident, then message.
  if (seen.incidentId !== null)
    await tx.$queryRaw`SELECT 1 FROM incident WHERE id = ${seen.incidentId}::uuid FOR UPDATE`
  await tx.$queryRaw`SELECT 1 FROM publication WHERE id = ${id}::uuid FOR UPDATE`
  return tx.publication.findUniqueOrThrow({ where: { id } })
}

/** nextSeq gives the next number of an incident's messages, under the incident's lock. */
export async function nextSeq(tx: Tx, incidentId: string): Promise<number> {
  const top = await tx.publication.aggregate({ where: { incidentId }, _max: { seq: true } })
  return (top._max.seq ?? 0) + 1
}

/** readOfIncident gives an incident's messages, newest first, at most 200; not_found where the actor may not know of it. */
export async function readOfIncident(
  db: Db,
  actor: Actor,
  incidentId: string,
): Promise<readonly PublicationRow[]> {
  const incident = await db.incident.findFirst({
    where: { AND: [{ id: incidentId }, withinSight(actor)] },
    select: { id: true },
  })
  if (incident === null) throw new AppError('not_found', 'There is no such incident.')
  return db.publication.findMany({ where: { incidentId }, orderBy: { seq: 'desc' }, take: SHOWN })
}

/** wakeReleases tells the worker that a message is held: it leaves the moment its undo is over. */
export async function wakeReleases(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify('watchfloor_publications', '')`
}
