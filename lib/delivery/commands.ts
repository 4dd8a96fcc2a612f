import { z } from 'zod'
import { withinSight } from '../access/sight'
import { CHANNEL_KINDS, type ChannelKind } from '../channels/channel'
import { type Actor, defineCommand, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import type { TestVerdict } from '../sources/source'
import type { DeliveryEvent } from './machine'
import { AUDIENCES_OF } from './model'
import { CHANNEL_SCHEMAS, channelPlace, secretProblem } from './settings'
import {
  type ChannelRow,
  dropWaiting,
  lockChannel,
  lockDelivery,
  move,
  pauseChannel,
  readChannels,
  removeChannel,
  resumeChannel,
  saveChannel,
} from './store'

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40')

const setup = {
  kind: z.enum(CHANNEL_KINDS),
  config: z.record(z.string(), z.unknown()),
  secret: z.string().trim().min(1).max(4_000).optional(),
  componentMap: z.record(z.string().min(1).max(100), z.string().trim().min(1).max(100)).optional(),
}

function parseConfig(kind: ChannelKind, config: unknown): Readonly<Record<string, unknown>> {
  const parsed = CHANNEL_SCHEMAS[kind].safeParse(config)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({
    path: `config.${issue.path.join('.')}`,
    message: issue.message,
  }))
  throw new AppError('invalid', 'The settings do not fit.', { issues })
}

function checkSecret(kind: ChannelKind, secret: string | undefined): void {
  const problem = secret === undefined ? undefined : secretProblem(kind, secret)
  if (problem !== undefined)
    throw new AppError('invalid', `The secret does not fit: ${problem}.`, {
      issues: [{ path: 'secret', message: problem }],
    })
}

function nameOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.handle : actor.id
}

function touched(id: string): readonly { topic: string; ref: string }[] {
  return [
    { topic: 'channels', ref: id },
    { topic: 'delivery', ref: id },
  ]
}

async function existing(tx: Tx, id: string): Promise<ChannelRow> {
  const row = await lockChannel(tx, id)
  if (!row) throw new AppError('not_found', 'There is no such channel.')
  return row
}

/** configure makes a channel or changes it; a secret left out keeps the one that is held. */
export const configure = defineCommand({
  name: 'channels.configure',
  summary: 'Makes a channel or changes it; a secret left out keeps the one that is held.',
  permission: 'channels.configure',
  input: z.strictObject({
    id: slug,
    name: z.string().trim().min(1).max(80),
    audiences: z.array(z.enum(['internal', 'public', 'executive'])).min(1, 'choose at least one audience'),
    version: z.number().int().min(0),
    ...setup,
  }),
  run: async ({ console, tx, now }, input) => {
    const { id, kind, name, secret, version } = input
    const config = parseConfig(kind, input.config)
    checkSecret(kind, secret)
    const audiences = [...new Set(input.audiences)]
    const wrong = audiences.find((audience) => !AUDIENCES_OF[kind].includes(audience))
    if (wrong !== undefined)
      throw new AppError('invalid', `This kind of channel is not for the audience ${wrong}.`, {
        issues: [{ path: 'audiences', message: `not ${wrong}` }],
      })
    rememberSecret(secret)
    const before = await lockChannel(tx, id)
    if ((before?.version ?? 0) !== version)
      throw new AppError('conflict', 'Someone changed this channel meanwhile.', { current: before?.config })
    if (before && before.kind !== kind)
      throw new AppError('invalid', 'A channel keeps its kind; make a new one.')
    const sealed =
      secret === undefined ? (before?.sealed ?? null) : console.seal.seal(secret, channelPlace(id))
    if (sealed === null)
      throw new AppError('invalid', 'This channel needs its secret.', {
        issues: [{ path: 'secret', message: 'is missing' }],
      })
    const componentMap = input.componentMap ?? before?.componentMap ?? {}
    await saveChannel(tx, {
      id,
      kind,
      name,
      audiences,
      config,
      sealed,
      componentMap,
      origin: 'settings',
      version: version + 1,
      now,
    })
    return {
      result: { id, version: version + 1 },
      audit: {
        subject: `channel:${id}`,
        detail: { kind, name, audiences, config, componentMap, secretChanged: secret !== undefined },
      },
      touched: touched(id),
    }
  },
})

/** remove takes a channel away; what still waited on it is given up, and what was sent stays on record. */
export const remove = defineCommand({
  name: 'channels.remove',
  summary: 'Takes a channel away; what still waited on it is given up.',
  permission: 'channels.configure',
  input: z.strictObject({ id: slug, version: z.number().int().min(1) }),
  run: async ({ tx, now, actor }, { id, version }) => {
    const row = await existing(tx, id)
    if (row.version !== version) throw new AppError('conflict', 'Someone changed this channel meanwhile.')
    const dropped = await dropWaiting(tx, { id, by: nameOf(actor), now })
    await removeChannel(tx, id, now)
    return {
      result: { id, dropped },
      audit: { subject: `channel:${id}`, detail: { dropped } },
      touched: touched(id),
    }
  },
})

/** test sends a test message with the given settings or the held ones, and says plainly what came back. */
export const test = defineCommand({
  name: 'channels.test',
  summary: 'Sends a test message with the given settings or the held ones, and says what came back.',
  permission: 'channels.test',
  input: z.strictObject({ id: slug, ...setup, kind: setup.kind.optional(), config: setup.config.optional() }),
  before: async ({ console }, input): Promise<TestVerdict> => {
    const held = (await readChannels(console.db)).find((row) => row.id === input.id)
    const kind = held?.kind ?? input.kind
    if (kind === undefined) return { ok: false, sentence: 'There is no such channel.' }
    const config = input.config ? parseConfig(kind, input.config) : held?.config
    checkSecret(kind, input.secret)
    const secret =
      input.secret ?? (held?.sealed ? console.seal.open(held.sealed, channelPlace(held.id)) : undefined)
    if (config === undefined || secret === undefined)
      return {
        ok: false,
        sentence: 'Settings and secret are needed for a test.',
        repair: 'Fill them in first.',
      }
    const componentMap = input.componentMap ?? held?.componentMap ?? {}
    return console.testChannel({ kind, config, secret, componentMap })
  },
  run: async ({ before }, { id }) => ({
    result: before,
    audit: { subject: `channel:${id}`, detail: { ok: before.ok, sentence: before.sentence } },
    touched: [],
  }),
})

/** pause stops a channel; what is released meanwhile waits. */
export const pause = defineCommand({
  name: 'channels.pause',
  summary: 'Stops a channel; what is released meanwhile waits.',
  permission: 'channels.pause',
  input: z.strictObject({ id: slug, reason: z.string().trim().min(3).max(300) }),
  run: async ({ tx, now, actor }, { id, reason }) => {
    await existing(tx, id)
    if (!(await pauseChannel(tx, { id, reason, by: nameOf(actor), now })))
      throw new AppError('conflict', 'This channel stands still already.')
    return {
      result: { id },
      audit: { subject: `channel:${id}`, detail: { reason } },
      touched: touched(id),
    }
  },
})

/** resume lets a channel go on: what waited goes out in its order. */
export const resume = defineCommand({
  name: 'channels.resume',
  summary: 'Lets a channel go on: what waited goes out in its order.',
  permission: 'channels.pause',
  input: z.strictObject({ id: slug }),
  run: async ({ tx, now }, { id }) => {
    await existing(tx, id)
    if (!(await resumeChannel(tx, id, now)))
      throw new AppError('conflict', 'This channel does not stand still.')
    await wake(tx)
    return { result: { id }, audit: { subject: `channel:${id}`, detail: {} }, touched: touched(id) }
  },
})

async function wake(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_notify('watchfloor_delivery', 'decided')::text AS told`
}

/** A person's word on one message, bound to the state in which they saw it. */
async function decide(
  scope: Scope & { readonly tx: Tx },
  id: string,
  event: Extract<DeliveryEvent, { type: 'send-again' | 'mark-sent' | 'give-up' }>,
) {
  const { tx, actor, now } = scope
  const row = await lockDelivery(tx, id)
  if (!row) throw new AppError('not_found', 'There is no such message.')
  if (row.incidentId !== null) {
    const seen = await tx.incident.findFirst({
      where: { AND: [{ id: row.incidentId }, withinSight(actor)] },
      select: { id: true },
    })
    if (!seen) throw new AppError('not_found', 'There is no such message.')
  }
  const moved = await move(tx, row, event, now)
  if (!moved) throw new AppError('conflict', `This message is ${row.state} by now.`, { current: row.state })
  await wake(tx)
  return {
    result: { id, state: moved.state },
    audit: {
      subject: row.incidentId === null ? `delivery:${id}` : `incident:${row.incidentId}`,
      detail: {
        delivery: id,
        channel: row.channelId,
        from: row.state,
        to: moved.state,
        trouble: row.trouble.code,
      },
    },
    touched: [
      { topic: 'delivery', ref: row.incidentId ?? row.publicationId ?? row.id },
      { topic: 'channels', ref: row.channelId },
    ],
  }
}

const one = z.strictObject({ id: z.uuid() })

/** retry sends a message again that failed, waits for its next try, or may have been sent. */
export const retry = defineCommand({
  name: 'delivery.retry',
  summary: 'Sends a message again that failed, waits for its next try, or may have been sent.',
  permission: 'delivery.decide',
  input: one,
  run: (scope, { id }) => decide(scope, id, { type: 'send-again', by: nameOf(scope.actor) }),
})

/** markSent says that a message did arrive: somebody has looked. */
export const markSent = defineCommand({
  name: 'delivery.markSent',
  summary: 'Says that a message did arrive: somebody has looked.',
  permission: 'delivery.decide',
  input: one,
  run: (scope, { id }) => decide(scope, id, { type: 'mark-sent', by: nameOf(scope.actor) }),
})

/** giveUp says that a message shall not go out any more. */
export const giveUp = defineCommand({
  name: 'delivery.giveUp',
  summary: 'Says that a message shall not go out any more.',
  permission: 'delivery.decide',
  input: one,
  run: (scope, { id }) => decide(scope, id, { type: 'give-up', by: nameOf(scope.actor) }),
})
