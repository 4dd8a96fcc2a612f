import { withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { contentHash } from '../runbooks/load'
import { storedForest } from '../triage/load-forest'
import type { Checklist } from '../triage/policy'
import { type EventKind, type ItemEvent, type Progress, progressOf } from './progress'

/** OpenedList is a checklist as it stood when it was opened in an incident. */
export type OpenedList = Checklist & {
  readonly version: string
  readonly openedAt: Date
  readonly openedBy: string
}

/** Incident is what this room knows of an incident. */
export type Incident = { readonly id: string; readonly isMerged: boolean; readonly isRestricted: boolean }

/** seeIncident gives an incident; throws not_found also where the actor may not know of it. */
export async function seeIncident(tx: Tx, actor: Actor, id: string): Promise<Incident> {
  const row = await tx.incident.findFirst({
    where: { AND: [{ id }, withinSight(actor)] },
    select: { id: true, mergedInto: true, visibility: true },
  })
  if (row === null) throw new AppError('not_found', 'There is no such incident.')
  return { id, isMerged: row.mergedInto !== null, isRestricted: row.visibility === 'restricted' }
}

/** lockIncident is seeIncident under the incident's lock: deeds of one incident go one after the other. */
export async function lockIncident(tx: Tx, actor: Actor, id: string): Promise<Incident> {
  await tx.$queryRaw`SELECT 1 FROM incident WHERE id = ${id}::uuid FOR UPDATE`
  return seeIncident(tx, actor, id)
}

/** offeredLists gives the checklists of the trees under which an incident's triage runs, of the board's until it has some. */
export async function offeredLists(tx: Tx, incidentId: string): Promise<readonly Checklist[]> {
  const runs = await tx.triageRun.findMany({
    where: { OR: [{ incidentId }, { incidentId: null }], forestHash: { not: '' } },
    select: { incidentId: true, forestHash: true },
  })
  const run = runs.find((one) => one.incidentId === incidentId) ?? runs[0]
  const forest = run ? await tx.triageForest.findUnique({ where: { hash: run.forestHash } }) : null
  return forest ? [...(storedForest(forest.body, forest.hash)?.checklists.values() ?? [])] : []
}

/** versionOf is the content hash under which a list is opened. */
export function versionOf({ id, title, kind, items }: Checklist): string {
  return contentHash({ id, title, kind, items })
}

type Row = Awaited<ReturnType<Tx['incidentChecklist']['findMany']>>[number]

function opened(row: Row): OpenedList {
  return {
    id: row.list,
    version: row.version,
    title: row.title,
    kind: row.kind === 'read-do' ? 'read-do' : 'do-confirm',
    items: row.items as Checklist['items'],
    openedAt: row.openedAt,
    openedBy: row.openedBy,
  }
}

/** readOpened gives the lists that are open in an incident, in the order in which they were opened. */
export async function readOpened(tx: Tx, incidentId: string): Promise<readonly OpenedList[]> {
  const rows = await tx.incidentChecklist.findMany({
    where: { incidentId },
    orderBy: [{ openedAt: 'asc' }, { list: 'asc' }],
  })
  return rows.map(opened)
}

/** findOpened gives one list as it was opened; undefined when nobody opened it. */
export async function findOpened(tx: Tx, incidentId: string, list: string): Promise<OpenedList | undefined> {
  const row = await tx.incidentChecklist.findUnique({ where: { incidentId_list: { incidentId, list } } })
  return row ? opened(row) : undefined
}

/** insertOpened pins a list in an incident as it stands now. */
export async function insertOpened(
  tx: Tx,
  incidentId: string,
  pin: { readonly list: Checklist; readonly by: string; readonly now: Date },
): Promise<OpenedList> {
  const { id, title, kind, items } = pin.list
  const version = versionOf(pin.list)
  await tx.incidentChecklist.create({
    data: {
      incidentId,
      list: id,
      version,
      title,
      kind,
      items: items as object[],
      openedAt: pin.now,
      openedBy: pin.by,
    },
  })
  return { id, title, kind, items, version, openedAt: pin.now, openedBy: pin.by }
}

/** readEvents gives the deeds on the lists of an incident, on one of them where it is named. */
export async function readEvents(
  tx: Tx,
  incidentId: string,
  list?: string,
): Promise<readonly (ItemEvent & { readonly list: string; readonly receivedAtMs: number })[]> {
  const rows = await tx.checklistEvent.findMany({
    where: { incidentId, ...(list === undefined ? {} : { list }) },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  return rows.map((row) => ({
    id: row.id,
    list: row.list,
    item: row.item,
    kind: row.kind as EventKind,
    byId: row.byId,
    by: row.by,
    note: row.note,
    atMs: row.at.getTime(),
    receivedAtMs: row.receivedAt.getTime(),
  }))
}

/** findEvent tells of which incident a deed with this key is; undefined when there is none. */
export async function findEvent(tx: Tx, id: string): Promise<string | undefined> {
  return (await tx.checklistEvent.findUnique({ where: { id } }))?.incidentId
}

/** insertEvent writes one deed. */
export async function insertEvent(
  tx: Tx,
  incidentId: string,
  deed: ItemEvent & { readonly list: string; readonly now: Date },
): Promise<void> {
  const { id, list, item, kind, byId, by, note, atMs, now } = deed
  await tx.checklistEvent.create({
    data: { id, incidentId, list, item, kind, byId, by, note, at: new Date(atMs), receivedAt: now },
  })
}

/** OpenedProgress is an opened list with how far it is. */
export type OpenedProgress = { readonly list: OpenedList; readonly progress: Progress }

/** readProgress gives every opened list of an incident with how far it is. */
export async function readProgress(tx: Tx, incidentId: string): Promise<readonly OpenedProgress[]> {
  const lists = await readOpened(tx, incidentId)
  if (lists.length === 0) return []
  const events = await readEvents(tx, incidentId)
  return lists.map((list) => ({
    list,
    progress: progressOf(
      list.items,
      events.filter((event) => event.list === list.id),
    ),
  }))
}
