import { z } from 'zod'
import { incidentId, line, prose } from '../incidents/text'
import { type Actor, defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { issueLinkOf } from './issue-link'
import { actionItemName, type Day, dayOf, type ItemState, isDay, KINDS } from './model'
import {
  changeItem,
  dayAt,
  type Fields,
  fieldsOf,
  findHome,
  findOwner,
  type ItemRow,
  insertItem,
  lockItem,
  readHandles,
  stateOf,
} from './store'

type Inside = Scope & { readonly tx: Tx }
type Changed = Outcome<{ readonly version: number }>

const itemId = z.uuid('must be an action item’s id')
const version = z.number().int().min(1)
const title = line(200, 'say what is to be done')
const kind = z.enum(KINDS).nullable()
const ownerId = z.uuid('must be a person’s id').nullable()
const dueOn = z.string().refine(isDay, 'must be a day such as 2026-11-30').nullable()
const doneWhen = prose(1_000)
const externalUrl = z
  .string()
  .max(500)
  .transform((text) => text.trim())
  .refine((text) => text === '' || issueLinkOf(text) !== undefined, 'must be a whole https address')

function byOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.handle : actor.id
}

// Under the incident's own name the audit trail hides it from those who may not know of a restricted one.
function subjectOf({ id, incidentId: incident }: Pick<ItemRow, 'id' | 'incidentId'>): string {
  return incident === null ? `action-item:${id}` : `incident:${incident}`
}

function refusePast(day: Day | null | undefined, now: Date): void {
  if (day == null || day >= dayOf(now.getTime())) return
  const message = 'lies in the past'
  throw new AppError('invalid', 'Choose a due date from today on.', { issues: [{ path: 'dueOn', message }] })
}

/** add writes down an action item of an incident, of a postmortem or of neither; what it does not say yet is shown as missing. */
export const add = defineCommand({
  name: 'action-items.add',
  summary: 'Writes down an action item; what it does not say yet is shown as missing.',
  permission: 'action-items.work',
  input: z.strictObject({
    title,
    kind: kind.default(null),
    ownerId: ownerId.default(null),
    dueOn: dueOn.default(null),
    doneWhen: doneWhen.default(''),
    externalUrl: externalUrl.default(''),
    incidentId: incidentId.optional(),
    postmortemId: z.uuid('must be a postmortem’s id').optional(),
  }),
  run: async (scope, input): Promise<Outcome<{ readonly id: string; readonly name: string }>> => {
    const { tx, actor, now } = scope
    refusePast(input.dueOn, now)
    const { incidentId: incident, postmortemId, ...fields } = input
    const home = await findHome(scope, { incidentId: incident, postmortemId })
    if (fields.ownerId !== null) await findOwner(tx, fields.ownerId, home)
    const { id, number } = await insertItem(tx, { fields, home, by: byOf(actor), now })
    const name = actionItemName(number)
    return {
      result: { id, name },
      audit: { subject: subjectOf({ id, ...home }), detail: { name, ...fields, ...home } },
      touched: [{ topic: 'action-items', ref: id }],
    }
  },
})

/** change overwrites what an item says. A date that is moved starts its nags anew. */
export const change = defineCommand({
  name: 'action-items.change',
  summary: 'Changes what an action item says: title, kind, owner, due date, done-when, issue.',
  permission: 'action-items.work',
  input: z.strictObject({
    id: itemId,
    version,
    title: title.optional(),
    kind: kind.optional(),
    ownerId: ownerId.optional(),
    dueOn: dueOn.optional(),
    doneWhen: doneWhen.optional(),
    externalUrl: externalUrl.optional(),
  }),
  run: async (scope, { id, version: from, ...wanted }): Promise<Changed> => {
    const { tx, actor, now } = scope
    const row = await lockItem(scope, { id, version: from })
    const before = fieldsOf(row)
    const after: Fields = { ...before, ...definedOf(wanted) }
    const isMoved = after.dueOn !== before.dueOn
    if (isMoved) refusePast(after.dueOn, now)
    if (after.ownerId !== null && after.ownerId !== before.ownerId) await findOwner(tx, after.ownerId, row)
    const words = await wordsOf(tx, before, after)
    if (Object.keys(words).length === 0)
      return { result: { version: row.version }, audit: 'private', touched: [] }
    const { dueOn: day, ...plain } = after
    const changed = await changeItem(tx, id, {
      data: {
        ...plain,
        dueOn: day === null ? null : dayAt(day),
        ...(isMoved ? { dueSetAt: day === null ? null : now } : {}),
      },
      words,
      by: byOf(actor),
      now,
    })
    return changedOf(changed, words)
  },
})

function definedOf(wanted: { readonly [Key in keyof Fields]?: Fields[Key] | undefined }): Partial<Fields> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}

async function wordsOf(tx: Tx, before: Fields, after: Fields) {
  const handles = await readHandles(tx, [before.ownerId, after.ownerId])
  const owner = (id: string | null): string => (id === null ? '' : (handles.get(id)?.handle ?? id))
  const names = Object.keys(before) as (keyof Fields)[]
  return Object.fromEntries(
    names
      .filter((name) => before[name] !== after[name])
      .map((name) =>
        name === 'ownerId'
          ? ['owner', { from: owner(before.ownerId), to: owner(after.ownerId) }]
          : [name, { from: before[name] ?? '', to: after[name] ?? '' }],
      ),
  )
}

/** finish says that an item is done, with what shows it. */
export const finish = defineCommand({
  name: 'action-items.finish',
  summary: 'Says that an action item is done, with the evidence.',
  permission: 'action-items.work',
  input: z.strictObject({
    id: itemId,
    version,
    evidence: prose(2_000).refine((text) => text.length >= 3, 'say or link what shows that it is done'),
  }),
  run: (scope, input) => end(scope, { ...input, to: 'done', why: input.evidence }),
})

/** drop says that an item will not be done, and why. */
export const drop = defineCommand({
  name: 'action-items.drop',
  summary: 'Says that an action item will not be done, and why.',
  permission: 'action-items.work',
  input: z.strictObject({
    id: itemId,
    version,
    reason: prose(2_000).refine((text) => text.length >= 3, 'say why it will not be done'),
  }),
  run: (scope, input) => end(scope, { ...input, to: 'dropped', why: input.reason }),
})

/** reopen takes an end back; the item's nags go on. */
export const reopen = defineCommand({
  name: 'action-items.reopen',
  summary: 'Opens an action item again that was done or dropped.',
  permission: 'action-items.work',
  input: z.strictObject({
    id: itemId,
    version,
    reason: prose(2_000).refine((text) => text.length >= 3, 'say why it is open again'),
  }),
  run: (scope, input) => end(scope, { ...input, to: 'open', why: input.reason }),
})

async function end(
  scope: Inside,
  wanted: {
    readonly id: string
    readonly version: number
    readonly to: ItemState
    readonly why: string
  },
): Promise<Changed> {
  const { tx, actor, now } = scope
  const row = await lockItem(scope, wanted)
  const from = stateOf(row)
  if (wanted.to === 'open' ? from === 'open' : from !== 'open')
    throw new AppError('conflict', `This item is ${from} already.`, {
      current: { version: row.version, state: from },
    })
  const isOver = wanted.to !== 'open'
  const words = { state: { from, to: wanted.to }, why: { from: row.evidence, to: wanted.why } }
  const changed = await changeItem(tx, row.id, {
    data: {
      state: wanted.to,
      evidence: isOver ? wanted.why : '',
      doneBy: isOver ? byOf(actor) : '',
      doneAt: isOver ? now : null,
    },
    words,
    by: byOf(actor),
    now,
  })
  return changedOf(changed, words)
}

function changedOf(row: ItemRow, detail: Readonly<Record<string, unknown>>): Changed {
  return {
    result: { version: row.version },
    audit: { subject: subjectOf(row), detail: { name: actionItemName(row.number), ...detail } },
    touched: [{ topic: 'action-items', ref: row.id }],
  }
}
