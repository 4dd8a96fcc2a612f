import type pg from 'pg'
import { appendAudit } from '../audit/append'
import type { Channel, Reconciled, Sent } from '../channels/channel'
import type { Clock } from '../platform/clock'
import type { Db } from '../platform/db'
import { failpoint } from '../platform/failpoint'
import type { Log } from '../platform/log'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { backoffMs } from './backoff'
import type { DeliveryEvent, Trouble } from './machine'
import {
  type ChannelRow,
  type Delivery,
  hasNewerCard,
  hasWork,
  headsOf,
  holdChannel,
  holdsLease,
  lockDelivery,
  move,
  newToken,
  noteSeen,
  pauseChannel,
  readChannels,
  rootOf,
  unseenOf,
} from './store'

/** DELIVERY_LEASE is the name of the lease under which messages go out. */
export const DELIVERY_LEASE = 'delivery'

/** DeliveryEngine sends what was released, one process at a time. */
export type DeliveryEngine = {
  /** wake looks at once. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

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

const TICK_MS = 1_000
/** A sending that has not answered by then is over: its request ends after five seconds, and what is on the wire arrives. */
const LEASE_MS = 8_000
/** A process that was paused between its intent and the request may no longer send: others have looked meanwhile. */
const SEND_WITHIN_MS = 2_000
const LOOK_AGAIN_MS = 1_000
const SEEN_TRIES = 10
const WORKER = 'machine:delivery'

/** Fenced is thrown where the lease was lost or the row has moved: another process goes on, or the next look does. */
class Fenced extends Error {}

type Line = { readonly row: ChannelRow; readonly channel: Channel }
type Engine = DeliveryOptions & {
  readonly pacedUntilMs: Map<string, number>
  readonly lanesUntilMs: Map<string, number>
}

/** startDelivery sends what waits, lane by lane: `sending` is committed before each request, and what is unknown is looked for. */
export function startDelivery(options: DeliveryOptions): DeliveryEngine {
  const { clock, log } = options
  const engine: Engine = Object.create(options, {
    pacedUntilMs: { value: new Map<string, number>() },
    lanesUntilMs: { value: new Map<string, number>() },
  })
  const busy = new Map<string, Promise<void>>()
  const lines = new Map<string, Line>()
  let looking: Promise<void> | undefined
  let again = false
  let stopped = false

  function work(key: string, what: () => Promise<void>): void {
    if (busy.has(key)) return
    const done = what()
      .catch((error: unknown) => {
        if (!(error instanceof Fenced)) log.warn({ err: error, key }, 'a message did not get on')
        return 'failed'
      })
      .then((how) => {
        busy.delete(key)
        // What went well may have something behind it; what failed is looked at with the next tick.
        if (how === undefined) soon()
      })
    busy.set(key, done)
  }

  async function look(): Promise<void> {
    const sql = sqlOf(options.pool)
    if (!options.held() || !(await hasWork(sql, clock.now()))) return
    await openLines(options, sql, lines)
    const now = clock.now()
    for (const row of await headsOf(sql)) {
      const line = lines.get(row.channelId)
      if (!line || busy.has(row.orderKey)) continue
      const waitMs = waitMsOf(engine, line, row, now)
      if (waitMs <= 0) work(row.orderKey, () => step(engine, line, row))
      else if (waitMs < TICK_MS) soonIn(waitMs)
    }
    for (const row of await unseenOf(sql, now)) {
      const line = lines.get(row.channelId)
      if (line && !busy.has(row.orderKey)) work(`seen:${row.channelId}`, () => lookSeen(engine, line, row))
    }
  }

  function soon(): void {
    if (stopped) return
    if (looking) {
      again = true
      return
    }
    looking = look()
      .catch((error: unknown) => log.warn({ err: error }, 'deliveries could not be looked at'))
      .finally(() => {
        looking = undefined
        if (!again) return
        again = false
        soon()
      })
  }

  let early: NodeJS.Timeout | undefined
  function soonIn(ms: number): void {
    early ??= setTimeout(() => {
      early = undefined
      soon()
    }, ms)
  }

  const timer = setInterval(soon, TICK_MS)
  soon()
  return {
    wake: soon,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      clearTimeout(early)
      await looking
      await Promise.allSettled(busy.values())
    },
  }
}

/** One adapter for each channel, made anew when its settings change. */
async function openLines({ open, log }: DeliveryOptions, sql: Sql, lines: Map<string, Line>): Promise<void> {
  const rows = await readChannels(sql)
  for (const id of lines.keys()) if (!rows.some((row) => row.id === id)) lines.delete(id)
  for (const row of rows) {
    const known = lines.get(row.id)
    if (known && sameSetup(known.row, row)) {
      lines.set(row.id, { row, channel: known.channel })
      continue
    }
    try {
      lines.set(row.id, { row, channel: await open(row) })
    } catch (error) {
      lines.delete(row.id)
      log.warn({ err: error, channel: row.id }, 'a channel can’t be used as it is configured')
    }
  }
}

function sameSetup(a: ChannelRow, b: ChannelRow): boolean {
  const setup = ({ kind, config, sealed, componentMap }: ChannelRow): string =>
    JSON.stringify([kind, config, sealed, componentMap])
  return setup(a) === setup(b)
}

/** How long until this message may be worked on: its own time, the channel's, and the pace of the lane outside. */
function waitMsOf(
  engine: Engine,
  { row: channel, channel: adapter }: Line,
  row: Delivery,
  now: Date,
): number {
  if (row.state === 'sending') return 0
  const until = (at: Date | null): number => (at === null ? 0 : at.getTime() - now.getTime())
  const nowMs = engine.clock.monotonicMs()
  const lane = (engine.lanesUntilMs.get(adapter.lane) ?? 0) - nowMs
  if (row.state === 'unknown') return Math.max(until(row.notBefore), lane)
  const pace = (engine.pacedUntilMs.get(channel.id) ?? 0) - nowMs
  return Math.max(until(row.notBefore), until(channel.notBefore), lane, pace)
}

/** A kill at any of these places is tried by the fault matrix, for each kind of channel and step. */
function at(place: string, { channel }: Line, { step: name, target }: Delivery): Promise<void> {
  return failpoint(`delivery.${place}.${channel.kind}.${name === 'card' && target ? 'edit' : name}`)
}

async function step(engine: Engine, line: Line, row: Delivery): Promise<void> {
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

async function lookSeen(engine: Engine, line: Line, row: Delivery): Promise<void> {
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
