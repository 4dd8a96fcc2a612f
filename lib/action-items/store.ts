import { randomUUID } from 'node:crypto'
import type { ActionItem, Prisma } from '../../prisma/generated/client'
import { can, rolesOf } from '../access/permissions'
import { documentsWithin, withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { type Day, dayOf, dayStartMs, type ItemKind, type ItemState } from './model'

/** ItemRow is an item as it is stored. */
export type ItemRow = ActionItem

/** Fields are what people say of an item; dates are calendar days of UTC. */
export type Fields = {
  readonly title: string
  readonly kind: ItemKind | null
  readonly ownerId: string | null
  readonly dueOn: Day | null
  readonly doneWhen: string
  readonly externalUrl: string
}

/** Home is where an item belongs. */
export type Home = { readonly incidentId: string | null; readonly postmortemId: string | null }

/** itemsWithin is the condition that every read of items for somebody must carry: an item is as secret as its incident. */
export function itemsWithin(actor: Actor): Prisma.ActionItemWhereInput {
  return {
    OR: [
      { incident: { is: withinSight(actor) } },
      { incidentId: null, postmortemId: null },
      { incidentId: null, postmortem: { is: documentsWithin(actor) } },
    ],
  }
}

/** dayAt is a calendar day as the database takes it. */
export function dayAt(day: Day): Date {
  return new Date(dayStartMs(day))
}

/** dayFrom is a calendar day as the database gives it. */
export function dayFrom(at: Date | null): Day | null {
  return at === null ? null : dayOf(at.getTime())
}

/** fieldsOf are what an item says now. */
export function fieldsOf(row: ItemRow): Fields {
  return {
    title: row.title,
    kind: row.kind as ItemKind | null,
    ownerId: row.ownerId,
    dueOn: dayFrom(row.dueOn),
    doneWhen: row.doneWhen,
    externalUrl: row.externalUrl,
  }
}

/** lockItem locks and reads one item; not_found where the actor may not know of its incident, conflict when it has moved on. */
export async function lockItem(
  { tx, actor }: { readonly tx: Tx; readonly actor: Actor },
  wanted: { readonly id: string; readonly version: number },
): Promise<ItemRow> {
  await tx.$queryRaw`SELECT 1 FROM action_item WHERE id = ${wanted.id}::uuid FOR UPDATE`
  const row = await tx.actionItem.findFirst({ where: { AND: [{ id: wanted.id }, itemsWithin(actor)] } })
  if (row === null) throw new AppError('not_found', 'There is no such action item.')
  if (row.version !== wanted.version)
    throw new AppError(
      'conflict',
      'Somebody changed this item meanwhile. Look at it and say again what you want.',
      {
        current: { version: row.version, state: row.state, ...fieldsOf(row) },
      },
    )
  return row
}

/** insertItem writes a new item with the first line of its course; gives its id and number. */
export async function insertItem(
  tx: Tx,
  item: { readonly fields: Fields; readonly home: Home; readonly by: string; readonly now: Date },
): Promise<{ readonly id: string; readonly number: number }> {
  const { fields, home, by, now } = item
  const { dueOn, ...plain } = fields
  const row = await tx.actionItem.create({
    data: {
      id: randomUUID(),
      ...plain,
      ...home,
      dueOn: dueOn === null ? null : dayAt(dueOn),
      dueSetAt: dueOn === null ? null : now,
      createdBy: by,
      createdAt: now,
    },
  })
  await writeChange(tx, row, { by, now, fields: {} })
  return { id: row.id, number: row.number }
}

/** Change is what becomes of an item; `words` is field → from and to in words, for its history. */
export type Change = {
  readonly data: Prisma.ActionItemUpdateInput
  readonly words: Readonly<Record<string, { readonly from: string; readonly to: string }>>
  readonly by: string
  readonly now: Date
}

/** changeItem overwrites a locked item and appends to its course. */
export async function changeItem(tx: Tx, id: string, { data, words, by, now }: Change): Promise<ItemRow> {
  const row = await tx.actionItem.update({ where: { id }, data: { ...data, version: { increment: 1 } } })
  await writeChange(tx, row, { by, now, fields: words })
  return row
}

async function writeChange(
  tx: Tx,
  row: ItemRow,
  { by, now, fields }: { readonly by: string; readonly now: Date; readonly fields: Change['words'] },
): Promise<void> {
  await tx.actionItemChange.create({
    data: { itemId: row.id, seq: row.version, at: now, by, state: row.state, dueOn: row.dueOn, fields },
  })
}

/** findHome checks where an item is to belong and gives both ends; throws not_found where the actor may not know of it. */
export async function findHome(
  { tx, actor }: { readonly tx: Tx; readonly actor: Actor },
  wanted: { readonly incidentId?: string | undefined; readonly postmortemId?: string | undefined },
): Promise<Home> {
  const { postmortemId } = wanted
  const postmortem =
    postmortemId === undefined
      ? undefined
      : await tx.postmortem.findFirst({
          where: { AND: [{ id: postmortemId }, documentsWithin(actor)] },
          select: { id: true, incidentId: true },
        })
  if (postmortem === null) throw new AppError('not_found', 'There is no such postmortem.')
  const incidentId = postmortem?.incidentId ?? wanted.incidentId
  if (incidentId == null) return { incidentId: null, postmortemId: postmortem?.id ?? null }
  const incident = await tx.incident.findFirst({
    where: { AND: [{ id: incidentId }, withinSight(actor)] },
    select: { id: true, postmortem: { select: { id: true } } },
  })
  if (incident === null) throw new AppError('not_found', 'There is no such incident.')
  return { incidentId: incident.id, postmortemId: postmortem?.id ?? incident.postmortem?.id ?? null }
}

/** findOwner gives who is to own an item; throws invalid for nobody, a disabled account, and who may not know of its incident. */
export async function findOwner(
  tx: Tx,
  ownerId: string,
  home: Pick<Home, 'incidentId'>,
): Promise<{ readonly id: string; readonly handle: string }> {
  const person = await tx.person.findUnique({
    where: { id: ownerId },
    select: { id: true, handle: true, roles: true, disabledAt: true },
  })
  const refuse = (message: string): AppError =>
    new AppError('invalid', `Choose somebody else: ${message}.`, { issues: [{ path: 'ownerId', message }] })
  if (person === null) throw refuse('there is no such person')
  if (person.disabledAt !== null) throw refuse('this account is disabled')
  if (home.incidentId === null || can(rolesOf(person.roles), 'incidents.read-restricted')) return person
  const incident = await tx.incident.findUnique({
    where: { id: home.incidentId },
    select: { visibility: true, named: { where: { personId: person.id } } },
  })
  if (incident?.visibility === 'restricted' && incident.named.length === 0)
    throw refuse(`${person.handle} may not know of this incident`)
  return person
}

/** readHandles gives people's handles by their ids. */
export async function readHandles(
  tx: Tx,
  ids: readonly (string | null)[],
): Promise<
  ReadonlyMap<string, { readonly handle: string; readonly name: string; readonly isDisabled: boolean }>
> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  const rows = await tx.person.findMany({
    where: { id: { in: wanted } },
    select: { id: true, handle: true, name: true, disabledAt: true },
  })
  return new Map(
    rows.map(({ id, handle, name, disabledAt }) => [id, { handle, name, isDisabled: disabledAt !== null }]),
  )
}

/** stateOf is an item's state; rows hold no other. */
export function stateOf(row: Pick<ItemRow, 'state'>): ItemState {
  return row.state as ItemState
}
