import { z } from 'zod'
import type { Prisma } from '../../prisma/generated/client'
import { documentsWithin, withinSight } from '../access/sight'
import { parseIncidentName } from '../incidents/model'
import { incidentId } from '../incidents/text'
import { type Actor, defineQuery } from '../operation'
import type { Db, Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { burnDown as burnDownOf } from './burn-down'
import { dayOf, type ItemState, KINDS } from './model'
import { readNagMails } from './nag-store'
import { dayAt, dayFrom, itemsWithin } from './store'
import { INCIDENT, type ItemView, viewsOf } from './view-store'

const PAGE = 100
const WEEK_MS = 7 * 86_400_000
const COURSES = 5_000

const filter = z.strictObject({
  state: z.enum(['open', 'done', 'dropped', 'all']).default('open'),
  /** owner is a handle, `me`, or `nobody`. */
  owner: z.string().min(1).max(60).optional(),
  kind: z.enum(KINDS).optional(),
  due: z.enum(['overdue', 'week', 'incomplete']).optional(),
  incident: z.string().min(1).max(20).optional(),
  drills: z.enum(['with', 'without', 'only']).default('with'),
  text: z.string().max(200).optional(),
  page: z.number().int().min(1).max(1_000).default(1),
})

type Filter = z.output<typeof filter>

/** list gives action items across incidents, next due first; those that are over newest first. */
export const list = defineQuery({
  name: 'action-items.list',
  summary: 'Lists action items across incidents with what each still misses, next due first.',
  permission: 'action-items.read',
  input: filter,
  run: async ({ console: { db }, actor, now }, input) => {
    const sight = itemsWithin(actor)
    const where: Prisma.ActionItemWhereInput = {
      AND: [sight, await narrowed(db, input, { actor, now })],
    }
    const open = { AND: [sight, { state: 'open' }, input.drills === 'with' ? {} : drillsOf(input.drills)] }
    const today = dayAt(dayOf(now.getTime()))
    const [rows, matching, openCount, overdue, incomplete] = await Promise.all([
      db.actionItem.findMany({
        where,
        include: { incident: { select: INCIDENT } },
        orderBy: orderOf(input.state),
        skip: (input.page - 1) * PAGE,
        take: PAGE,
      }),
      db.actionItem.count({ where }),
      db.actionItem.count({ where: open }),
      db.actionItem.count({ where: { AND: [open, { dueOn: { lt: today } }] } }),
      db.actionItem.count({ where: { AND: [open, INCOMPLETE] } }),
    ])
    return {
      nowMs: now.getTime(),
      matching,
      pageSize: PAGE,
      counts: { open: openCount, overdue, incomplete },
      items: await viewsOf(db, rows, now.getTime()),
    }
  },
})

const INCOMPLETE: Prisma.ActionItemWhereInput = {
  OR: [{ kind: null }, { ownerId: null }, { dueOn: null }, { doneWhen: '' }],
}

function orderOf(state: Filter['state']): Prisma.ActionItemOrderByWithRelationInput[] {
  if (state === 'done' || state === 'dropped') return [{ doneAt: 'desc' }, { number: 'desc' }]
  return [{ dueOn: { sort: 'asc', nulls: 'last' } }, { number: 'asc' }]
}

async function narrowed(
  db: Db,
  input: Filter,
  { actor, now }: { readonly actor: Actor; readonly now: Date },
): Promise<Prisma.ActionItemWhereInput> {
  const today = dayAt(dayOf(now.getTime()))
  const text = input.text?.trim() ?? ''
  const incident = input.incident === undefined ? undefined : parseIncidentName(input.incident)
  return {
    AND: [
      input.state === 'all' ? {} : { state: input.state },
      input.kind === undefined ? {} : { kind: input.kind },
      input.owner === undefined ? {} : { ownerId: await ownerIdOf(db, input.owner, actor) },
      input.due === 'overdue' ? { state: 'open', dueOn: { lt: today } } : {},
      input.due === 'week'
        ? { state: 'open', dueOn: { gte: today, lte: new Date(today.getTime() + WEEK_MS) } }
        : {},
      input.due === 'incomplete' ? INCOMPLETE : {},
      input.incident === undefined
        ? {}
        : { incident: { number: incident?.number ?? -1, drill: incident?.isDrill ?? false } },
      input.drills === 'with' ? {} : drillsOf(input.drills),
      text === '' ? {} : { OR: containing(text) },
    ],
  }
}

function drillsOf(drills: 'without' | 'only'): Prisma.ActionItemWhereInput {
  return drills === 'only'
    ? { incident: { drill: true } }
    : { OR: [{ incidentId: null }, { incident: { drill: false } }] }
}

function containing(text: string): Prisma.ActionItemWhereInput[] {
  const contains = { contains: text, mode: 'insensitive' } as const
  const number = /^(?:AI-)?0*(\d{1,9})$/i.exec(text)?.[1]
  return [
    { title: contains },
    { doneWhen: contains },
    { evidence: contains },
    { externalUrl: contains },
    ...(number === undefined ? [] : [{ number: Number(number) }]),
  ]
}

/** The id of nobody's: an owner who is not there owns nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

async function ownerIdOf(db: Db, owner: string, actor: Actor): Promise<string | null> {
  if (owner === 'nobody') return null
  if (owner === 'me') return actor.kind === 'person' ? actor.id : NOBODY
  const person = await db.person.findUnique({ where: { handle: owner }, select: { id: true } })
  return person?.id ?? NOBODY
}

/** actionItemsOf gives the items of a postmortem or of an incident in the order of their numbers; the caller has checked who may see them. */
export async function actionItemsOf(wanted: {
  readonly db: Tx
  readonly postmortemId?: string
  readonly incidentId?: string
  readonly now: Date
}): Promise<readonly ItemView[]> {
  const { db, postmortemId, incidentId, now } = wanted
  if (postmortemId === undefined && incidentId === undefined) return []
  const rows = await db.actionItem.findMany({
    where: {
      OR: [
        ...(postmortemId === undefined ? [] : [{ postmortemId }]),
        ...(incidentId === undefined ? [] : [{ incidentId }]),
      ],
    },
    include: { incident: { select: INCIDENT } },
    orderBy: { number: 'asc' },
    take: 200,
  })
  return viewsOf(db, rows, now.getTime())
}

/** ofIncident gives the action items of an incident in the order of their numbers. */
export const ofIncident = defineQuery({
  name: 'action-items.ofIncident',
  summary: 'Gives the action items of an incident.',
  permission: 'action-items.read',
  input: z.strictObject({ incidentId }),
  run: async ({ console: { db }, actor, now }, input) => {
    const found = await db.incident.findFirst({
      where: { AND: [{ id: input.incidentId }, withinSight(actor)] },
      select: { id: true },
    })
    if (found === null) throw new AppError('not_found', 'There is no such incident.')
    return { nowMs: now.getTime(), items: await actionItemsOf({ db, incidentId: found.id, now }) }
  },
})

/** ofPostmortem gives the action items of a postmortem in the order of their numbers. */
export const ofPostmortem = defineQuery({
  name: 'action-items.ofPostmortem',
  summary: 'Gives the action items of a postmortem.',
  permission: 'action-items.read',
  input: z.strictObject({ postmortemId: z.uuid('must be a postmortem’s id') }),
  run: async ({ console: { db }, actor, now }, { postmortemId }) => {
    const seen = await db.postmortem.findFirst({
      where: { AND: [{ id: postmortemId }, documentsWithin(actor)] },
      select: { id: true },
    })
    if (seen === null) throw new AppError('not_found', 'There is no such postmortem.')
    return { nowMs: now.getTime(), items: await actionItemsOf({ db, postmortemId: seen.id, now }) }
  },
})

/** one gives an item with its history and who was reminded of it when. */
export const one = defineQuery({
  name: 'action-items.one',
  summary: 'Gives an action item with its history and the reminders sent.',
  permission: 'action-items.read',
  input: z.strictObject({ number: z.number().int().min(1) }),
  run: async ({ console: { db }, actor, now }, { number }) => {
    const row = await db.actionItem.findFirst({
      where: { AND: [{ number }, itemsWithin(actor)] },
      include: { incident: { select: INCIDENT }, changes: { orderBy: { seq: 'asc' }, take: 200 } },
    })
    if (row === null) throw new AppError('not_found', 'There is no such action item.')
    const [view] = await viewsOf(db, [row], now.getTime())
    if (view === undefined) throw new AppError('not_found', 'There is no such action item.')
    const mails = await readNagMails(db, row.id)
    return {
      ...view,
      nowMs: now.getTime(),
      history: row.changes.map(({ seq, at, by, state, fields }) => ({
        seq,
        atMs: at.getTime(),
        by,
        state: state as ItemState,
        fields: fields as Record<string, { readonly from: string; readonly to: string }>,
      })),
      nags: mails,
    }
  },
})

/** mine lists the open items of the person who asks that are due within a week or late, next due first. */
export const mine = defineQuery({
  name: 'action-items.mine',
  summary: 'Lists your open action items that are due within a week or late.',
  permission: 'action-items.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, actor, now }) => {
    if (actor.kind !== 'person') return { items: [] }
    const rows = await db.actionItem.findMany({
      where: {
        AND: [
          itemsWithin(actor),
          { ownerId: actor.id, state: 'open', dueOn: { lte: new Date(now.getTime() + WEEK_MS) } },
        ],
      },
      include: { incident: { select: INCIDENT } },
      orderBy: [{ dueOn: 'asc' }, { number: 'asc' }],
      take: 50,
    })
    return { items: await viewsOf(db, rows, now.getTime()) }
  },
})

/** burnDown counts open and overdue items for each of the last days; drills apart. */
export const burnDown = defineQuery({
  name: 'action-items.burnDown',
  summary: 'Counts open, overdue, added and finished action items for each of the last days.',
  permission: 'action-items.read',
  input: z.strictObject({
    days: z.union([z.literal(30), z.literal(90), z.literal(365)]).default(90),
    drills: z.enum(['with', 'without', 'only']).default('without'),
  }),
  run: async ({ console: { db }, actor, now }, { days, drills }) => {
    const rows = await db.actionItem.findMany({
      where: { AND: [itemsWithin(actor), drills === 'with' ? {} : drillsOf(drills)] },
      select: { changes: { orderBy: { seq: 'asc' }, select: { at: true, state: true, dueOn: true } } },
      orderBy: { number: 'desc' },
      take: COURSES,
    })
    const courses = rows.map(({ changes }) =>
      changes.map(({ at, state, dueOn }) => ({
        atMs: at.getTime(),
        state: state as ItemState,
        dueOn: dayFrom(dueOn),
      })),
    )
    return {
      items: courses.length,
      isCut: courses.length === COURSES,
      days: burnDownOf(courses, days, now.getTime()),
    }
  },
})
