import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { holds } from '../access/holds'
import { withinSight } from '../access/sight'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { claimOf } from './claims'
import { hintRef } from './hint-ref'
import { loadPinnedPolicies } from './load-policy'
import { AUDIENCES, parseIncidentName, STATUSES, type Status } from './model'
import { placedOutput } from './outputs'
import type { Entry } from './record-store'
import {
  authorOf,
  findEntry,
  findPersonById,
  lockIncident,
  personOf,
  refuseMerged,
  writeEntries,
} from './store'
import { claimedText, incidentId, line, prose } from './text'

type Inside = Scope & { readonly tx: Tx }
type Logged = Outcome<{ readonly seq: number; readonly repeated: boolean }>

/** entryId is the writer's own key of an entry: sent again, it writes nothing and gives the same place. */
const entryId = z.uuid('must be a UUID').optional()

function logged(
  id: string,
  place: { readonly seq: number; readonly repeated: boolean },
  detail: Readonly<Record<string, unknown>>,
): Logged {
  const ref = hintRef({ id, kind: String(detail.kind), seq: place.seq })
  return {
    result: place,
    audit: { subject: `incident:${id}`, detail: { ...detail, seq: place.seq } },
    touched: place.repeated ? [] : [{ topic: 'incidents', ref }],
  }
}

/** Notes, tasks, decisions and pins never conflict: they only ever add, and a repeat of the same entry adds nothing. */
async function append(
  scope: Inside,
  id: string,
  work: { readonly entry: Entry; readonly alongside?: (by: string) => Promise<unknown> },
): Promise<Logged> {
  const { tx, actor, now } = scope
  const incident = await lockIncident(scope, id)
  await refuseMerged(tx, incident)
  const detail = { kind: work.entry.kind, entry: work.entry.id }
  const earlier = await findEntry(tx, id, work.entry.id)
  if (earlier !== undefined) return logged(id, { seq: earlier, repeated: true }, detail)
  const author = authorOf(actor)
  await work.alongside?.(author.name)
  const { seq } = await writeEntries(tx, incident, { author, now, entries: [work.entry] })
  return logged(id, { seq, repeated: false }, detail)
}

/** addNote writes a note into the record; `claimedAt` says when it happened, in the writer's own words. */
export const addNote = defineCommand({
  name: 'incidents.addNote',
  summary: 'Writes a note into the record.',
  permission: 'incidents.note',
  output: placedOutput,
  input: z.strictObject({
    id: incidentId,
    entryId,
    text: prose(4_000).refine((text) => text !== '', 'write something'),
    claimedAt: claimedText.optional(),
  }),
  run: (scope, input) =>
    append(scope, input.id, {
      entry: {
        id: input.entryId,
        kind: 'note',
        source: scope.actor.kind === 'person' ? 'human' : 'machine',
        claimedAt: input.claimedAt,
        body: { text: input.text },
      },
    }),
})

/** addDecision logs what was decided, who objected and who carries it out: a decision, not votes. */
export const addDecision = defineCommand({
  name: 'incidents.addDecision',
  summary: 'Logs what was decided, who objected and who carries it out: a decision, not votes.',
  permission: 'incidents.work',
  output: placedOutput,
  input: z.strictObject({
    id: incidentId,
    entryId,
    proposal: line(500, 'say what was proposed'),
    objections: prose(1_000).default(''),
    outcome: line(500, 'say what was decided'),
    executor: prose(100).default(''),
    claimedAt: claimedText.optional(),
  }),
  run: (scope, { id, entryId: key, claimedAt, ...decision }) =>
    append(scope, id, {
      entry: { id: key, kind: 'decision', source: 'human', claimedAt, body: decision },
      alongside: (by) =>
        scope.tx.incidentDecision.create({
          data: { id: randomUUID(), incidentId: id, ...decision, at: scope.now, by },
        }),
    }),
})

/** pinEvidence keeps a value with its source and the time at which it was seen. */
export const pinEvidence = defineCommand({
  name: 'incidents.pinEvidence',
  summary: 'Keeps a value with its source and the time at which it was seen.',
  permission: 'incidents.work',
  output: placedOutput,
  input: z.strictObject({
    id: incidentId,
    entryId,
    title: line(200, 'name the evidence'),
    value: prose(2_000).default(''),
    source: prose(100).default(''),
    url: z
      .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'must be an http or https address' })])
      .default(''),
    observedAt: claimedText.optional(),
  }),
  run: (scope, { id, entryId: key, observedAt, ...pin }) =>
    append(scope, id, {
      entry: {
        id: key,
        kind: 'pin',
        source: scope.actor.kind === 'person' ? 'human' : 'probe',
        claimedAt: observedAt,
        body: pin,
      },
      alongside: (by) =>
        scope.tx.evidencePin.create({
          data: {
            id: randomUUID(),
            incidentId: id,
            ...pin,
            observedAt: new Date(claimOf(observedAt, scope.now.getTime()).occurredAtMs),
            at: scope.now,
            by,
          },
        }),
    }),
})

/** A link shows its target's name and title to everybody who may read this incident. */
async function refuseRevealing({ tx, actor }: Inside, id: string, ref: string): Promise<void> {
  const named = parseIncidentName(ref)
  if (named === undefined) return
  const target = await tx.incident.findFirst({
    where: {
      AND: [{ drill: named.isDrill, number: named.number, visibility: 'restricted' }, withinSight(actor)],
    },
  })
  if (target === null) return
  const here = await tx.incident.findUnique({ where: { id }, select: { visibility: true } })
  if (here?.visibility === 'restricted') return
  throw new AppError('invalid', 'The other incident is restricted: a link would show it here.', {
    issues: [{ path: 'ref', message: 'this incident is restricted' }],
  })
}

/** link ties an alert, another incident, a deployment or a page to an incident; the same link twice is one. */
export const link = defineCommand({
  name: 'incidents.link',
  summary: 'Ties an alert, another incident, a deployment or a page to an incident.',
  permission: 'incidents.work',
  output: placedOutput,
  input: z.strictObject({
    id: incidentId,
    entryId,
    kind: z.enum(['alert', 'incident', 'deployment', 'page']),
    ref: line(300, 'must not be empty'),
    title: prose(300).default(''),
  }),
  run: async (scope, { id, entryId: key, ...target }) => {
    if (target.kind === 'incident') await refuseRevealing(scope, id, target.ref)
    const known = await scope.tx.incidentLink.findUnique({
      where: { incidentId_kind_ref: { incidentId: id, kind: target.kind, ref: target.ref } },
    })
    if (known) return logged(id, { seq: 0, repeated: true }, { link: target })
    return append(scope, id, {
      entry: { id: key, kind: 'link', source: 'human', body: target },
      alongside: (by) =>
        scope.tx.incidentLink.createMany({
          data: [{ id: randomUUID(), incidentId: id, ...target, at: scope.now, by }],
          skipDuplicates: true,
        }),
    })
  },
})

/** recordUpdate records an update that was sent elsewhere: it meets the clock of its audience. */
export const recordUpdate = defineCommand({
  name: 'incidents.recordUpdate',
  summary: 'Records an update that was sent elsewhere: it meets the clock of its audience.',
  permission: 'incidents.inform',
  output: placedOutput,
  input: z.strictObject({
    id: incidentId,
    entryId,
    audience: z.enum(AUDIENCES),
    text: line(4_000, 'paste what was sent'),
    /** status is the phase that the update told; the incident's own when left out. */
    status: z.enum(STATUSES).optional(),
    where: prose(200).default(''),
    claimedAt: claimedText.optional(),
  }),
  run: async (scope, { id, entryId: key, claimedAt, ...update }) => {
    const { actor } = scope
    const isAllowed = actor.kind === 'machine' || holds(actor, 'incidents.inform-public')
    if (update.audience === 'public' && !isAllowed)
      throw new AppError('forbidden', 'Updates to customers are for communications, commanders and managers.')
    const incident = await lockIncident(scope, id)
    if (update.audience === 'public' && incident.visibility !== 'public')
      throw new AppError('invalid', 'This incident is internal: make it public before customers are told.', {
        issues: [{ path: 'audience', message: 'the incident is internal' }],
      })
    const status = update.status ?? (incident.status as Status)
    return append(scope, id, {
      entry: { id: key, kind: 'update', source: 'comms', claimedAt, body: { ...update, status } },
    })
  },
})

/** pauseClocks stops the update clocks and boxed tasks for a reason of the policy; the first response never pauses. */
export const pauseClocks = defineCommand({
  name: 'incidents.pauseClocks',
  summary: 'Stops the update clocks and boxed tasks for a reason of the policy.',
  permission: 'incidents.command',
  output: placedOutput,
  input: z.strictObject({ id: incidentId, reason: z.string().min(1).max(40) }),
  run: async (scope, { id, reason }) => {
    const incident = await lockIncident(scope, id)
    const policyOf = await loadPinnedPolicies(scope.tx, [incident.policyHash])
    const reasons = policyOf(incident.policyHash).pauseReasons
    const named = reasons.find((one) => one.id === reason)
    if (named === undefined)
      throw new AppError('invalid', 'Clocks pause only for a reason of the policy.', {
        issues: [{ path: 'reason', message: `one of: ${reasons.map((one) => one.id).join(', ')}` }],
      })
    return append(scope, id, {
      entry: { kind: 'paused', source: 'human', body: { reason, title: named.title } },
    })
  },
})

/** resumeClocks lets paused clocks go on where they stood. */
export const resumeClocks = defineCommand({
  name: 'incidents.resumeClocks',
  summary: 'Lets paused clocks go on where they stood.',
  permission: 'incidents.command',
  output: placedOutput,
  input: z.strictObject({ id: incidentId }),
  run: (scope, { id }) => append(scope, id, { entry: { kind: 'resumed', source: 'human', body: {} } }),
})

/** addTask gives one person one thing to do within minutes; it waits for their acknowledgement. */
export const addTask = defineCommand({
  name: 'incidents.addTask',
  summary: 'Gives one person one thing to do within minutes.',
  permission: 'incidents.work',
  input: z.strictObject({
    id: incidentId,
    /** taskId names the task and its entry: sent again, it adds nothing. */
    taskId: z.uuid('must be a UUID').optional(),
    text: line(300, 'say what is to be done'),
    ownerId: z.uuid('choose one person'),
    minutes: z.number().int().min(1, 'at least a minute').max(1_440, 'at most a day'),
  }),
  run: async (
    scope,
    { id, taskId, text, ownerId, minutes },
  ): Promise<Outcome<{ readonly seq: number; readonly repeated: boolean; readonly taskId: string }>> => {
    const task = taskId ?? randomUUID()
    // Locked before the owner is judged: the judgement tells that a restricted incident exists.
    await lockIncident(scope, id)
    const owner = await findPersonById(scope.tx, ownerId, { incident: id, path: 'ownerId' })
    const { result, audit, touched } = await append(scope, id, {
      entry: {
        id: task,
        kind: 'task',
        source: 'human',
        body: { id: task, text, owner: owner.handle, minutes },
      },
      alongside: (by) =>
        scope.tx.incidentTask.create({
          data: {
            id: task,
            incidentId: id,
            text,
            ownerId: owner.id,
            ownerHandle: owner.handle,
            minutes,
            addedAt: scope.now,
            addedBy: by,
          },
        }),
    })
    return { result: { ...result, taskId: task }, audit, touched }
  },
})

async function findTask({ tx, actor }: Inside, taskId: string) {
  const task = await tx.incidentTask.findUnique({ where: { id: taskId } })
  if (task === null) throw new AppError('not_found', 'There is no such task.')
  await lockIncident({ tx, actor }, task.incidentId)
  return tx.incidentTask.findUniqueOrThrow({ where: { id: taskId } })
}

/** ackTask says that the owner has understood and begun; again changes nothing. */
export const ackTask = defineCommand({
  name: 'incidents.ackTask',
  summary: 'Says that the owner has understood and begun.',
  permission: 'incidents.work',
  output: placedOutput,
  input: z.strictObject({ taskId: z.uuid('must be a task id'), claimedAt: claimedText.optional() }),
  run: async (scope, { taskId, claimedAt }) => {
    const { tx, now } = scope
    const person = personOf(scope.actor)
    const task = await findTask(scope, taskId)
    if (task.ownerId !== person.id)
      throw new AppError('forbidden', `Only ${task.ownerHandle} can accept this task.`)
    if (task.ackedAt !== null || task.finishedAt !== null)
      return logged(task.incidentId, { seq: 0, repeated: true }, { task: taskId })
    await tx.incidentTask.update({ where: { id: taskId }, data: { ackedAt: now } })
    return append(scope, task.incidentId, {
      entry: { kind: 'task-acknowledged', source: 'human', claimedAt, body: { id: taskId, text: task.text } },
    })
  },
})

/** finishTask ends a task as done or dropped, by its owner or a commander; the same again changes nothing. */
export const finishTask = defineCommand({
  name: 'incidents.finishTask',
  summary: 'Ends a task as done or dropped, by its owner or a commander.',
  permission: 'incidents.work',
  output: placedOutput,
  input: z.strictObject({
    taskId: z.uuid('must be a task id'),
    outcome: z.enum(['done', 'dropped']),
    result: prose(1_000).default(''),
    claimedAt: claimedText.optional(),
  }),
  run: async (scope, { taskId, outcome, result, claimedAt }) => {
    const { tx, now } = scope
    const person = personOf(scope.actor)
    const task = await findTask(scope, taskId)
    if (task.ownerId !== person.id && !holds(person, 'incidents.command'))
      throw new AppError('forbidden', `Only ${task.ownerHandle} or a commander can finish this task.`)
    if (task.finishedAt !== null && task.outcome !== outcome)
      throw new AppError('conflict', `@${task.finishedBy ?? ''} has ended this task as ${task.outcome}.`, {
        current: { theirs: task.outcome, yours: outcome, by: task.finishedBy ?? undefined },
      })
    if (task.finishedAt !== null) return logged(task.incidentId, { seq: 0, repeated: true }, { task: taskId })
    await tx.incidentTask.update({
      where: { id: taskId },
      data: { finishedAt: now, finishedBy: person.handle, outcome, result },
    })
    return append(scope, task.incidentId, {
      entry: {
        kind: 'task-finished',
        source: 'human',
        claimedAt,
        body: { id: taskId, text: task.text, outcome, result },
      },
    })
  },
})
