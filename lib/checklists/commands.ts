import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { claimOf } from '../incidents/claims'
import { recordByMachine } from '../incidents/commands-record'
import { claimedText, prose } from '../incidents/text'
import { type Actor, defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { type EventKind, isRepeat, type Progress, progressOf } from './progress'
import {
  findEvent,
  findOpened,
  insertEvent,
  insertOpened,
  lockIncident,
  type OpenedList,
  offeredLists,
  readEvents,
} from './store'
import { type Told, tellingOf } from './told'

type Inside = Scope & { readonly tx: Tx }
type Person = Extract<Actor, { kind: 'person' }>

const incidentId = z.uuid('must be an incident’s id')
const name = z.string().min(1).max(60)
const output = z.object({ settled: z.int(), total: z.int(), isDone: z.boolean(), repeated: z.boolean() })

type Standing = z.output<typeof output>

function personOf(actor: Actor): Person {
  if (actor.kind === 'person') return actor
  throw new AppError('forbidden', 'Only a person can work through a checklist.')
}

async function enter({ tx, actor }: Inside, id: string): Promise<void> {
  const incident = await lockIncident(tx, actor, id)
  if (incident.isMerged)
    throw new AppError('conflict', 'This incident was merged into another one. Work goes on there.')
}

async function tell(
  scope: Inside,
  id: string,
  entries: readonly { readonly body: Told; readonly claimedAt?: string | undefined }[],
): Promise<void> {
  const person = personOf(scope.actor)
  await recordByMachine(scope.tx, {
    incidentId: id,
    author: { actor: person.id, name: person.handle },
    now: scope.now,
    entries: entries.map(({ body, claimedAt }) => ({ kind: 'checklist', source: 'human', body, claimedAt })),
  })
}

/** Opens a list where nobody has: whoever ticks offline may not know whether it is open. */
async function openIfNot(
  scope: Inside,
  id: string,
  list: string,
): Promise<{ readonly list: OpenedList; readonly opening: readonly { readonly body: Told }[] }> {
  const { tx, now } = scope
  const known = await findOpened(tx, id, list)
  if (known) return { list: known, opening: [] }
  const offered = (await offeredLists(tx, id)).find((one) => one.id === list)
  if (!offered)
    throw new AppError('invalid', `There is no checklist ${list}.`, {
      issues: [{ path: 'list', message: 'is not a checklist of this incident’s trees' }],
    })
  const opened = await insertOpened(tx, id, { list: offered, by: personOf(scope.actor).handle, now })
  const total = opened.items.length
  const body: Told = {
    what: 'opened',
    list,
    title: opened.title,
    settled: 0,
    skipped: 0,
    total,
    item: '',
    note: '',
  }
  return { list: opened, opening: [{ body }] }
}

function outcome(
  id: string,
  done: {
    readonly list: string
    readonly detail: Readonly<Record<string, unknown>>
    readonly progress: Progress
    readonly repeated: boolean
    readonly isTold: boolean
  },
): Outcome<Standing> {
  const { settled, total, isDone } = done.progress
  const touched = [
    { topic: 'checklists', ref: id },
    ...(done.isTold ? [{ topic: 'incidents', ref: id }] : []),
  ]
  return {
    result: { settled, total, isDone, repeated: done.repeated },
    audit: { subject: `incident:${id}`, detail: { list: done.list, ...done.detail } },
    touched: done.repeated ? [] : touched,
  }
}

/** open pins a checklist in an incident as it stands now; opening it again changes nothing. */
export const open = defineCommand({
  name: 'checklists.open',
  summary: 'Opens a checklist in an incident, in the version that stands now.',
  permission: 'checklists.work',
  output,
  input: z.strictObject({ incidentId, list: name, claimedAt: claimedText.optional() }),
  run: async (scope, { incidentId: id, list: wanted, claimedAt }) => {
    personOf(scope.actor)
    await enter(scope, id)
    const { list, opening } = await openIfNot(scope, id, wanted)
    await tell(
      scope,
      id,
      opening.map((one) => ({ ...one, claimedAt })),
    )
    const progress = progressOf(list.items, await readEvents(scope.tx, id, list.id))
    const isNew = opening.length > 0
    const detail = { version: list.version }
    return outcome(id, { list: list.id, detail, progress, repeated: !isNew, isTold: isNew })
  },
})

type DeedInput = {
  readonly incidentId: string
  readonly list: string
  readonly item: string
  readonly version?: string | undefined
  readonly note: string
  readonly entryId?: string | undefined
  readonly claimedAt?: string | undefined
}

async function act(scope: Inside, kind: EventKind, input: DeedInput): Promise<Outcome<Standing>> {
  const { tx, now } = scope
  const { incidentId: id, note, claimedAt } = input
  const person = personOf(scope.actor)
  await enter(scope, id)
  const { list, opening } = await openIfNot(scope, id, input.list)
  const item = itemOf(list, input)
  const events = await readEvents(tx, id, list.id)
  const before = progressOf(list.items, events)
  const key = input.entryId ?? randomUUID()
  const known = await findEvent(tx, key)
  if (known !== undefined && known !== id)
    throw new AppError('key_reused', 'This entry id is already used in another incident.')
  const marks = before.marks[item.id] ?? []
  const detail = { item: item.id, kind, version: list.version, ...(note === '' ? {} : { note }) }
  if (known !== undefined || isRepeat(marks, { kind, byId: person.id })) {
    await tell(scope, id, opening)
    const isNew = opening.length > 0
    return outcome(id, { list: list.id, detail, progress: before, repeated: !isNew, isTold: isNew })
  }
  const atMs = claimOf(claimedAt, now.getTime()).occurredAtMs
  const deed = { id: key, item: item.id, kind, byId: person.id, by: person.handle, note, atMs }
  await insertEvent(tx, id, { ...deed, list: list.id, now })
  const after = progressOf(list.items, [...events, deed])
  const told = tellingOf({ list, item, kind, note, before, after })
  const entries = [...opening, ...(told ? [{ body: told, claimedAt }] : [])]
  await tell(scope, id, entries)
  return outcome(id, {
    list: list.id,
    detail,
    progress: after,
    repeated: false,
    isTold: entries.length > 0,
  })
}

function itemOf(list: OpenedList, input: DeedInput): OpenedList['items'][number] {
  if (input.version !== undefined && input.version !== list.version)
    throw new AppError('conflict', `“${list.title}” was opened here in another version. Read it again.`, {
      current: { theirs: list.version.slice(0, 12), yours: input.version.slice(0, 12) },
    })
  const item = list.items.find((one) => one.id === input.item)
  if (item) return item
  throw new AppError('invalid', `“${list.title}” has no item ${input.item}.`, {
    issues: [{ path: 'item', message: 'is not an item of this list' }],
  })
}

const deed = {
  incidentId,
  list: name,
  item: name,
  /** version is the content hash of the list that the writer saw. */
  version: z.string().max(64).optional(),
  note: prose(500).default(''),
  /** entryId is the writer's own key of the deed: sent again, it writes nothing. */
  entryId: z.uuid('must be a UUID').optional(),
  claimedAt: claimedText.optional(),
}

/** tick says that an item is done, or, with a reason, that it is skipped; somebody else's tick of the same item stays beside it. */
export const tick = defineCommand({
  name: 'checklists.tick',
  summary: 'Ticks an item of a checklist, or skips it with a reason; opens the list where nobody has.',
  permission: 'checklists.work',
  output,
  input: z
    .strictObject({ ...deed, skip: z.boolean().default(false) })
    .refine((input) => !input.skip || input.note.length >= 3, {
      message: 'say why it is skipped',
      path: ['note'],
    }),
  run: (scope, { skip, ...input }) => act(scope, skip ? 'skip' : 'tick', input),
})

/** untick takes back every tick of an item that was made before it. */
export const untick = defineCommand({
  name: 'checklists.untick',
  summary: 'Takes back every tick of an item of a checklist that was made before this.',
  permission: 'checklists.work',
  output,
  input: z.strictObject(deed),
  run: (scope, input) => act(scope, 'untick', input),
})
