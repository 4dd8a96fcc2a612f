import type { Incident } from '../../prisma/generated/client'
import { withinSight } from '../access/sight'
import type { Console } from '../console'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { refuseOutsider } from './access-store'
import { CLOCK_KINDS, clockEventOf } from './clock-event'
import type { SourceChange } from './gaps'
import { type ClockEvent, incidentName } from './model'
import { type Author, appendEntries, type Writing } from './record-store'

/** IncidentRow is an incident as it is stored. */
export type IncidentRow = Incident

/** FieldMark says who set a field last, when (epoch milliseconds) and at which version. */
export type FieldMark = { readonly version: number; readonly by: string; readonly atMs: number }

/** Overwritable are the fields whose overwrites are compared. */
export type Overwritable = 'title' | 'impact' | 'severity' | 'status' | 'visibility'

/** FieldMarks are the marks of all fields that can be overwritten. */
export type FieldMarks = Readonly<Record<Overwritable, FieldMark>>

/** authorOf names an actor in the record. */
export function authorOf(actor: Actor): Author {
  return actor.kind === 'person'
    ? { actor: actor.id, name: actor.handle }
    : { actor: `machine:${actor.id}`, name: actor.id }
}

/** lockIncident locks and reads one incident until the transaction ends; not_found also where the actor may not know of it. */
export async function lockIncident(
  { tx, actor }: { readonly tx: Tx; readonly actor: Actor },
  id: string,
): Promise<IncidentRow> {
  await tx.$queryRaw`SELECT 1 FROM incident WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.incident.findFirst({ where: { AND: [{ id }, withinSight(actor)] } })
  if (row === null) throw new AppError('not_found', 'There is no such incident.')
  return row
}

/** refuseMerged throws a conflict when the incident was merged into another one. */
export async function refuseMerged(tx: Tx, incident: IncidentRow): Promise<void> {
  if (incident.mergedInto === null) return
  const other = await tx.incident.findUnique({ where: { id: incident.mergedInto } })
  const name = other === null ? 'another incident' : incidentName(other.number, other.drill)
  throw new AppError('conflict', `This incident was merged into ${name}. Work goes on there.`, {
    current: { mergedInto: incident.mergedInto },
  })
}

/**
 * writeEntries appends to the record under the lock of `lockIncident` and applies changes of the row with it. Numbers
 * are contiguous because the counter and the rows commit together.
 */
export async function writeEntries(
  tx: Tx,
  incident: Pick<IncidentRow, 'id'>,
  options: Writing & { readonly changes?: Partial<IncidentRow> },
): Promise<{ readonly seq: number; readonly version: number }> {
  const { fieldMarks, ...changes } = options.changes ?? {}
  const data = { ...changes, ...(fieldMarks === undefined ? {} : { fieldMarks: fieldMarks as object }) }
  if (Object.keys(data).length > 0) await tx.incident.update({ where: { id: incident.id }, data })
  return appendEntries(tx, incident.id, options)
}

/** findEntry gives the place of an entry that was written before under this id; throws key_reused if it is another incident's. */
export async function findEntry(
  tx: Tx,
  incident: string,
  id: string | undefined,
): Promise<number | undefined> {
  if (id === undefined) return undefined
  const found = await tx.timelineEvent.findUnique({ where: { id } })
  if (found === null) return undefined
  if (found.incidentId !== incident)
    throw new AppError('key_reused', 'This entry id is already used in another incident.')
  return found.seq
}

/** readClockEvents gives what the clocks read of each incident's record, in order. */
export async function readClockEvents(
  tx: Tx,
  incidents: readonly string[],
): Promise<ReadonlyMap<string, readonly ClockEvent[]>> {
  const rows = await tx.timelineEvent.findMany({
    where: { incidentId: { in: [...incidents] }, kind: { in: [...CLOCK_KINDS] } },
    orderBy: [{ incidentId: 'asc' }, { seq: 'asc' }],
    select: { incidentId: true, kind: true, receivedAt: true, body: true },
  })
  const found = new Map<string, ClockEvent[]>(incidents.map((id) => [id, []]))
  for (const row of rows) {
    const event = clockEventOf({ kind: row.kind, receivedAtMs: row.receivedAt.getTime(), body: row.body })
    if (event) found.get(row.incidentId)?.push(event)
  }
  return found
}

/** readSourceChanges gives the changes of source liveness in a window, with the last one before it of each source. */
export async function readSourceChanges(tx: Tx, from: Date, to: Date): Promise<readonly SourceChange[]> {
  const rows = await tx.$queryRaw<{ at: Date; subject: string; after: string; reason: string }[]>`
    (SELECT DISTINCT ON (subject) at, subject, after, reason FROM health_event
      WHERE kind = 'source' AND at < ${from} AND at > ${from}::timestamptz - interval '7 days'
      ORDER BY subject, at DESC)
    UNION ALL
    (SELECT at, subject, after, reason FROM health_event
      WHERE kind = 'source' AND at >= ${from} AND at < ${to} ORDER BY at LIMIT 2000)`
  return rows.map((row) => ({
    atMs: row.at.getTime(),
    source: row.subject,
    after: row.after,
    reason: row.reason,
  }))
}

/**
 * findPersonById gives somebody who may be given work in an incident; throws invalid for nobody, for a disabled account,
 * and for whom a restricted incident does not name.
 */
export async function findPersonById(
  tx: Tx,
  id: string,
  work: { readonly incident: string; readonly path: string },
): Promise<{ readonly id: string; readonly handle: string }> {
  const { incident, path } = work
  const person = await tx.person.findUnique({
    where: { id },
    select: { id: true, handle: true, roles: true, disabledAt: true },
  })
  if (person !== null && person.disabledAt === null) {
    await refuseOutsider(tx, incident, { ...person, path })
    return { id: person.id, handle: person.handle }
  }
  const message = person === null ? 'there is no such person' : 'this account is disabled'
  throw new AppError('invalid', `Choose somebody else: ${message}.`, { issues: [{ path, message }] })
}

/** nextNumber gives the next number of incidents or of drills; the lock keeps two from getting the same. */
export async function nextNumber(tx: Tx, isDrill: boolean): Promise<number> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('incident.number'))`
  const top = await tx.incident.aggregate({ where: { drill: isDrill }, _max: { number: true } })
  return (top._max.number ?? 0) + 1
}

/** refuseOpenNotice throws while the public page still shows the incident as open: whoever reads it would wait for ever. */
export async function refuseOpenNotice(
  { console, tx }: { readonly console: Pick<Console, 'isNoticeOpen'>; readonly tx: Tx },
  incidentId: string,
): Promise<void> {
  if (!(await console.isNoticeOpen(tx, incidentId))) return
  throw new AppError(
    'invalid',
    'The public page still shows this incident as open. Publish that it is resolved (U), then resolve it.',
    { issues: [{ path: 'to', message: 'the public notice is open' }] },
  )
}

/** PersonInside is the actor of work that only a person can do. */
export type PersonInside = Extract<Actor, { kind: 'person' }>

/** personOf narrows an actor to a person; throws forbidden for a machine, which can't hold a job in an incident. */
export function personOf(actor: Actor): PersonInside {
  if (actor.kind === 'person') return actor
  throw new AppError('forbidden', 'Only a person can do this in an incident.')
}
