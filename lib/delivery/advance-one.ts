import type pg from 'pg'
import { appendAudit } from '../audit/append'
import type { Channel, Reconciled, Sent } from '../channels/channel'
import type { Clock } from '../platform/clock'
import type { Db } from '../platform/db'
import { failpoint } from '../platform/failpoint'
import { holdsLease } from '../platform/fence'
import type { Log } from '../platform/log'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { backoffMs } from './backoff'
import type { DeliveryEvent, Trouble } from './machine'
import {
  type ChannelRow,
  type Delivery,
  hasNewerCard,
  holdChannel,
  lockDelivery,
  move,
  newToken,
  noteSeen,
  pauseChannel,
  rootOf,
} from './store'

/** DELIVERY_LEASE is the name of the lease under which messages go out. */
export const DELIVERY_LEASE = 'delivery'

/** DeliveryOptions are what the engine works with; `open` makes the adapter of a channel, or says why it can't be made. */
export type DeliveryOptions = {
  readonly pool: pg.Pool
  /** db is opened only to write an audit entry. */
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly epoch: number
  readonly held: () => boolean
  readonly open: (row: ChannelRow) => Promise<Channel>
  readonly told: () => void
  /** random spreads retries; between 0 and 1. */
  readonly random: () => number
}

/** A sending that has not answered by then is over: its request ends after five seconds, and what is on the wire arrives. */
const LEASE_MS = 8_000
/** A process that was paused between its intent and the request may no longer send: others have looked meanwhile. */
const SEND_WITHIN_MS = 2_000
const LOOK_AGAIN_MS = 1_000
const SEEN_TRIES = 10
const WORKER = 'machine:delivery'

/** Fenced is thrown where the lease was lost or the row has moved: another process goes on, or the next look does. */
export class Fenced extends Error {}

/** Line is a channel as it is configured, with the adapter that serves it. */
export type Line = { readonly row: ChannelRow; readonly channel: Channel }
/** Engine is what one message needs to get on: the options, and until when channels and lanes outside rest, monotonic ms. */
export type Engine = DeliveryOptions & {
  readonly pacedUntilMs: Map<string, number>
  readonly lanesUntilMs: Map<string, number>
}

/** A kill at any of these places is tried by the fault matrix, for each kind of channel and step. */
function at(place: string, { channel }: Line, { step: name, target }: Delivery): Promise<void> {
  return failpoint(`delivery.${place}.${channel.kind}.${name === 'card' && target ? 'edit' : name}`)
}

/** advanceDelivery does the next thing that is to be done with one message. */
export async function advanceDelivery(engine: Engine, line: Line, row: Delivery): Promise<void> {
  switch (row.state) {
    case 'sending': {
      // Nobody in this process sends it: whoever did is gone, and what was sent is not known.
      const lost = await settle(engine, line, row, { type: 'orphaned', trouble: ORPHANED })
      await at('orphaned', line, lost)
      return lookOutside(engine, line, lost)
    }
    case 'unknown':
      return lookOutside(engine, line, row)
    case 'queued':
    case 'retry':
      return sendOne(engine, line, row)
    default:
  }
}

const ORPHANED: Trouble = {
  code: 'worker-gone',
  text: 'the worker that sent it is gone; the outside is asked whether it arrived',
  href: '',
}

type Also = (sql: Sql, now: Date) => Promise<void>

/** settle does one event in a transaction fenced by the lease; throws Fenced where it does not count any more. */
async function settle(
  engine: Engine,
  line: Line,
  row: Delivery,
  event: DeliveryEvent,
  also?: Also,
): Promise<Delivery> {
  const now = engine.clock.now()
  const after = await inSql(engine.pool, async (sql) => {
    const moved = await fenced(engine, sql, row, event, now)
    await also?.(sql, now)
    await writeHints(sql, hintsOf(row), now)
    await at(`${PLACE[event.type] ?? 'settling'}-commit`, line, row)
    return moved
  })
  engine.told()
  return after
}

const PLACE: Readonly<Partial<Record<DeliveryEvent['type'], string>>> = {
  take: 'take',
  orphaned: 'orphan',
  found: 'reconcile',
  absent: 'reconcile',
  repeat: 'reconcile',
  'cannot-tell': 'reconcile',
}

async function fenced(
  engine: Engine,
  sql: Sql,
  row: Delivery,
  event: DeliveryEvent,
  now: Date,
): Promise<Delivery> {
  if (!(await holdsLease(sql, { name: DELIVERY_LEASE, epoch: engine.epoch }))) throw new Fenced()
  const locked = await lockDelivery(sql, row.id)
  if (!locked || locked.state !== row.state || locked.attempt !== row.attempt) throw new Fenced()
  const moved = await move(sql, locked, event, now)
  if (!moved) throw new Fenced()
  return moved
}

function hintsOf(row: Delivery): { topic: string; ref: string }[] {
  return [
    { topic: 'delivery', ref: row.incidentId ?? row.publicationId ?? row.id },
    { topic: 'channels', ref: row.channelId },
  ]
}

async function sendOne(engine: Engine, line: Line, row: Delivery): Promise<void> {
  const { clock, pool } = engine
  const sql = sqlOf(pool)
  await at('picked', line, row)
  const target = row.target ?? (await rootOf(sql, row, line.channel.kind))
  if (row.step === 'card' && target !== '' && (await hasNewerCard(sql, row))) {
    await settle(engine, line, row, { type: 'covered', remoteId: target })
    return
  }
  if (isTooOld(row, clock.now())) {
    await settle(engine, line, row, {
      type: 'too-old',
      trouble: {
        ...row.trouble,
        code: 'too-old',
        text: `its next update was due before it could be sent: ${row.trouble.text}`,
      },
    })
    return
  }
  const token = newToken()
  const startedMs = clock.monotonicMs()
  const leaseUntil = new Date(clock.now().getTime() + LEASE_MS)
  const sending = await settle(engine, line, row, { type: 'take', token, target, leaseUntil })
  await at('taken', line, sending)
  // The answer to a pause: a lease that ran out meanwhile, or a channel that somebody stopped.
  if (clock.monotonicMs() - startedMs > SEND_WITHIN_MS || !engine.held()) throw new Fenced()
  engine.pacedUntilMs.set(line.row.id, clock.monotonicMs() + line.channel.spacingMs)
  const sent = await line.channel.send(itemOf(sending))
  await at('answered', line, sending)
  await record(engine, line, sending, token, sent)
  await at('recorded', line, sending)
}

function itemOf(row: Delivery) {
  return {
    id: row.id,
    step: row.step,
    payload: row.payload,
    target: row.target ?? '',
    sentAt: row.sentAt ?? row.createdAt,
  }
}

/** Chat gives up what could not be sent by the promised next update; a status page never does. */
function isTooOld(row: Delivery, now: Date): boolean {
  const until = (row.payload as { readonly giveUpAt?: string | null }).giveUpAt
  return row.state === 'retry' && typeof until === 'string' && Date.parse(until) < now.getTime()
}

function settingsHref({ row }: Line): string {
  return `/settings/channels#${row.id}`
}

async function record(engine: Engine, line: Line, row: Delivery, token: string, sent: Sent): Promise<void> {
  if (sent.kind === 'delivered') {
    await settle(engine, line, row, { type: 'delivered', token, remoteId: sent.remoteId })
    return
  }
  const trouble = { code: sent.code, text: sent.text, href: '' }
  const mended = { ...trouble, href: settingsHref(line) }
  switch (sent.kind) {
    case 'not-accepted': {
      const waitMs = sent.afterMs ?? backoffMs(row.attempt, engine.random())
      const until = new Date(engine.clock.now().getTime() + waitMs)
      if (sent.isLane) engine.lanesUntilMs.set(line.channel.lane, engine.clock.monotonicMs() + waitMs)
      await settle(engine, line, row, { type: 'not-accepted', token, at: until, trouble }, async (sql) => {
        if (sent.isLane) await holdChannel(sql, line.row.id, until)
      })
      return
    }
    case 'target-lost':
      await settle(engine, line, row, { type: 'target-lost', token, trouble })
      return
    case 'refused':
      await settle(engine, line, row, { type: 'refused', token, trouble })
      return
    case 'ask':
      await settle(engine, line, row, { type: 'ask', token, trouble: mended })
      return
    case 'unknown':
      await settle(engine, line, row, { type: 'lost', token, trouble })
      return
    case 'down':
      return stopChannel(engine, line, row, { type: 'down', token, trouble: mended })
  }
}

/** A channel that can't be used is stopped with one notice; the message that found it out waits like the others. */
async function stopChannel(
  engine: Engine,
  line: Line,
  row: Delivery,
  event: Extract<DeliveryEvent, { type: 'down' | 'look-later' }>,
): Promise<void> {
  const now = engine.clock.now()
  await engine.db.$transaction(async (tx) => {
    await fenced(engine, tx, row, event, now)
    const isNew = await pauseChannel(tx, { id: line.row.id, reason: event.trouble.text, by: WORKER, now })
    await writeHints(tx, hintsOf(row), now)
    if (isNew)
      await appendAudit(tx, {
        at: now,
        actor: WORKER,
        action: 'channels.pause',
        subject: `channel:${line.row.id}`,
        detail: { reason: event.trouble.text, delivery: row.id, epoch: engine.epoch },
        requestId: `delivery-${row.id}-${row.attempt}`,
      })
  })
  engine.log.error({ channel: line.row.id, reason: event.trouble.text }, 'a channel was paused')
  engine.told()
}

async function lookOutside(engine: Engine, line: Line, row: Delivery): Promise<void> {
  await at('reconciling', line, row)
  const found: Reconciled = await line.channel.reconcile(itemOf(row))
  await at('reconciled', line, row)
  const now = engine.clock.now()
  switch (found.kind) {
    case 'found':
      await settle(engine, line, row, { type: 'found', remoteId: found.remoteId })
      break
    case 'absent': {
      const isSure = row.leaseUntil === null || row.leaseUntil <= now
      const until = new Date(Math.min(row.leaseUntil?.getTime() ?? 0, now.getTime() + LOOK_AGAIN_MS))
      await settle(
        engine,
        line,
        row,
        isSure ? { type: 'absent' } : { type: 'look-later', at: until, trouble: row.trouble },
      )
      break
    }
    case 'repeat':
      await settle(engine, line, row, { type: 'repeat' })
      break
    case 'cannot-tell':
      await settle(engine, line, row, {
        type: 'cannot-tell',
        trouble: { code: found.code, text: found.text, href: settingsHref(line) },
      })
      break
    case 'not-now': {
      const waitMs = found.afterMs ?? LOOK_AGAIN_MS
      const trouble = { code: found.code, text: found.text, href: '' }
      await settle(engine, line, row, { type: 'look-later', at: new Date(now.getTime() + waitMs), trouble })
      break
    }
    case 'down': {
      const trouble = { code: found.code, text: found.text, href: settingsHref(line) }
      await stopChannel(engine, line, row, { type: 'look-later', at: now, trouble })
    }
  }
  await at('reconcile-recorded', line, row)
}

/** lookSeen asks the outside whether a delivered message can be seen there, and notes what came back. */
export async function lookSeen(engine: Engine, line: Line, row: Delivery): Promise<void> {
  await at('seeing', line, row)
  const seen = await line.channel.seen({ ...itemOf(row), remoteId: row.remoteId ?? '' })
  await at('saw', line, row)
  const now = engine.clock.now()
  const isLast = row.seenTries + 1 >= SEEN_TRIES
  const note = seen.kind === 'not-yet' && !isLast ? '' : seen.note || 'read back'
  await inSql(engine.pool, async (sql) => {
    if (!(await holdsLease(sql, { name: DELIVERY_LEASE, epoch: engine.epoch }))) throw new Fenced()
    await noteSeen(sql, row.id, { seenAt: seen.kind === 'seen' ? now : null, note })
    await writeHints(sql, hintsOf(row), now)
  })
  engine.told()
}
