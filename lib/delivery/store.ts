import { randomUUID } from 'node:crypto'
import type { ChannelKind, Step } from '../channels/channel'
import { redactText } from '../platform/redact'
import type { Sql } from '../platform/sql'
import { advance, type DeliveryEvent, type DeliveryRow, OPEN, WORKED } from './machine'

/** Delivery is a message as it is stored. */
export type Delivery = DeliveryRow & {
  readonly id: string
  readonly publicationId: string | null
  readonly incidentId: string | null
  readonly channelId: string
  readonly step: Step
  readonly orderKey: string
  readonly seq: number
  readonly payload: unknown
  readonly seenAt: Date | null
  readonly seenTries: number
  readonly createdAt: Date
}

/** ChannelRow is a channel as it is stored; `sealed` opens only in the process that sends. */
export type ChannelRow = {
  readonly id: string
  readonly kind: ChannelKind
  readonly name: string
  readonly audiences: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly sealed: string | null
  readonly componentMap: Readonly<Record<string, string>>
  readonly pausedReason: string | null
  readonly pausedAt: Date | null
  readonly pausedBy: string
  readonly notBefore: Date | null
  readonly origin: 'settings' | 'environment'
  readonly version: number
}

type Raw = Readonly<Record<string, unknown>>

/** Both clients give the columns of the table by their names there; the schema holds their types. */
function camel<Row>(raw: Raw): Row {
  const entries = Object.entries(raw).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  return Object.fromEntries(entries) as Row
}

type Flat = Omit<Delivery, 'trouble'> & {
  readonly errorCode: string
  readonly errorText: string
  readonly fixHref: string
}

function deliveryOf(raw: Raw): Delivery {
  const { errorCode, errorText, fixHref, ...row } = camel<Flat>(raw)
  return { ...row, trouble: { code: errorCode, text: errorText, href: fixHref } }
}

function channelOf(raw: Raw): ChannelRow {
  return camel<ChannelRow>(raw)
}

/** hasWork tells whether any message waits for the worker, or for a look at what the outside shows. */
export async function hasWork(sql: Sql, now: Date): Promise<boolean> {
  const worked = [...WORKED]
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM delivery WHERE state = ANY(${worked}::text[]))
      OR EXISTS (SELECT 1 FROM delivery WHERE state = 'delivered' AND seen_at IS NULL AND seen_note = ''
        AND delivered_at > ${now}::timestamptz - interval '1 hour') AS any`
  return found?.any === true
}

/** readChannels gives every channel that is not removed, by name. */
export async function readChannels(sql: Sql): Promise<readonly ChannelRow[]> {
  const rows = await sql.$queryRaw<Raw[]>`SELECT * FROM channel WHERE removed_at IS NULL ORDER BY name, id`
  return rows.map(channelOf)
}

/** lockChannel locks and reads one channel until the transaction ends; undefined when it is gone. */
export async function lockChannel(sql: Sql, id: string): Promise<ChannelRow | undefined> {
  const [raw] = await sql.$queryRaw<Raw[]>`
    SELECT * FROM channel WHERE id = ${id} AND removed_at IS NULL FOR UPDATE`
  return raw && channelOf(raw)
}

/** headsOf gives the first open message of each lane on channels that are not paused: nothing behind it may go out. */
export async function headsOf(sql: Sql): Promise<readonly Delivery[]> {
  const open = [...OPEN]
  const worked = [...WORKED]
  const rows = await sql.$queryRaw<Raw[]>`
    SELECT head.* FROM (
      SELECT DISTINCT ON (order_key) * FROM delivery WHERE state = ANY(${open}::text[]) ORDER BY order_key, seq
    ) head JOIN channel c ON c.id = head.channel_id
    WHERE head.state = ANY(${worked}::text[]) AND c.paused_at IS NULL AND c.removed_at IS NULL
    ORDER BY head.created_at LIMIT 500`
  return rows.map(deliveryOf)
}

/** unseenOf gives delivered messages that nobody has looked for outside yet, each at doubling intervals for an hour. */
export async function unseenOf(sql: Sql, now: Date): Promise<readonly Delivery[]> {
  const rows = await sql.$queryRaw<Raw[]>`
    SELECT d.* FROM delivery d JOIN channel c ON c.id = d.channel_id
    WHERE d.state = 'delivered' AND d.seen_at IS NULL AND d.seen_note = '' AND c.paused_at IS NULL
      AND d.delivered_at > ${now}::timestamptz - interval '1 hour'
      AND d.delivered_at + least(power(2, d.seen_tries) - 1, 900) * interval '1 second' <= ${now}::timestamptz
    ORDER BY d.delivered_at LIMIT 50`
  return rows.map(deliveryOf)
}

/** lockDelivery locks and reads one message until the transaction ends; undefined when it is gone. */
export async function lockDelivery(sql: Sql, id: string): Promise<Delivery | undefined> {
  const [raw] = await sql.$queryRaw<Raw[]>`SELECT * FROM delivery WHERE id = ${id}::uuid FOR UPDATE`
  return raw && deliveryOf(raw)
}

/** move does one event to a locked message and writes it; undefined when the event does not count. */
export async function move(
  sql: Sql,
  row: Delivery,
  event: DeliveryEvent,
  now: Date,
): Promise<Delivery | undefined> {
  const moved = advance(row, event, now)
  if (!moved.ok) return undefined
  const { row: next } = moved
  const { trouble } = next
  await sql.$queryRaw`
    UPDATE delivery SET state = ${next.state}, attempt = ${next.attempt}::int, token = ${next.token}::uuid,
      sent_at = ${next.sentAt}::timestamptz, lease_until = ${next.leaseUntil}::timestamptz,
      not_before = ${next.notBefore}::timestamptz, target = ${next.target}::text, remote_id = ${next.remoteId}::text,
      delivered_at = ${next.deliveredAt}::timestamptz, seen_note = ${next.seenNote},
      error_code = ${trouble.code}, error_text = ${redactText(trouble.text).slice(0, 500)},
      fix_href = ${trouble.href}, decided_by = ${next.decidedBy}
    WHERE id = ${row.id}::uuid`
  return { ...row, ...next }
}

/** rootOf is what earlier messages of the lane made outside: the card of an incident, the incident on a page; empty when nothing. */
export async function rootOf(sql: Sql, row: Delivery, kind: ChannelKind): Promise<string> {
  const step = kind === 'slack-bot' ? 'card' : kind === 'statuspage' ? 'post' : ''
  if (step === '') return ''
  const [found] = await sql.$queryRaw<{ remote_id: string }[]>`
    SELECT remote_id FROM delivery WHERE order_key = ${row.orderKey} AND step = ${step} AND state = 'delivered'
      AND remote_id IS NOT NULL AND seq < ${row.seq}::int ORDER BY seq DESC LIMIT 1`
  return found?.remote_id ?? ''
}

/** hasNewerCard tells whether another state of the same card waits behind this one. */
export async function hasNewerCard(sql: Sql, row: Delivery): Promise<boolean> {
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM delivery WHERE order_key = ${row.orderKey} AND step = 'card'
      AND seq > ${row.seq}::int AND state IN ('queued', 'retry')) AS any`
  return found?.any === true
}

/** newToken names one sending. */
export function newToken(): string {
  return randomUUID()
}

/** pauseChannel stops a channel with a reason, once; what waits stays. False when it was paused already. */
export async function pauseChannel(
  sql: Sql,
  {
    id,
    reason,
    by,
    now,
  }: { readonly id: string; readonly reason: string; readonly by: string; readonly now: Date },
): Promise<boolean> {
  const rows = await sql.$queryRaw<unknown[]>`
    UPDATE channel SET paused_reason = ${redactText(reason).slice(0, 500)}, paused_at = ${now}::timestamptz,
      paused_by = ${by}, updated_at = ${now}::timestamptz
    WHERE id = ${id} AND paused_at IS NULL RETURNING 1`
  return rows.length > 0
}

/** resumeChannel lets a channel go on. False when it was not paused. */
export async function resumeChannel(sql: Sql, id: string, now: Date): Promise<boolean> {
  const rows = await sql.$queryRaw<unknown[]>`
    UPDATE channel SET paused_reason = NULL, paused_at = NULL, paused_by = '', not_before = NULL,
      updated_at = ${now}::timestamptz
    WHERE id = ${id} AND paused_at IS NOT NULL RETURNING 1`
  return rows.length > 0
}

/** holdChannel keeps what a target asked for with Retry-After, so that a new process obeys it too. */
export async function holdChannel(sql: Sql, id: string, until: Date): Promise<void> {
  await sql.$queryRaw`
    UPDATE channel SET not_before = greatest(coalesce(not_before, ${until}::timestamptz), ${until}::timestamptz)
    WHERE id = ${id}`
}

/** noteSeen writes what a look outside found; an empty note lets the worker look again. */
export async function noteSeen(
  sql: Sql,
  id: string,
  { seenAt, note }: { readonly seenAt: Date | null; readonly note: string },
): Promise<void> {
  await sql.$queryRaw`
    UPDATE delivery SET seen_at = ${seenAt}::timestamptz, seen_note = ${note.slice(0, 300)}, seen_tries = seen_tries + 1
    WHERE id = ${id}::uuid AND seen_at IS NULL`
}

/** deliveriesOf gives the messages of publications in the order of their lanes. */
export async function deliveriesOf(
  sql: Sql,
  publicationIds: readonly string[],
): Promise<readonly Delivery[]> {
  const rows = await sql.$queryRaw<Raw[]>`
    SELECT * FROM delivery WHERE publication_id = ANY(${[...publicationIds]}::uuid[]) ORDER BY channel_id, seq LIMIT 2000`
  return rows.map(deliveryOf)
}

/** Tally is how a channel stands: what waits, what a person must decide, what was last delivered and seen. */
export type Tally = {
  readonly channelId: string
  readonly waiting: number
  readonly asking: number
  readonly failed: number
  readonly deliveredAt: Date | null
  readonly seenAt: Date | null
  readonly trouble: string
}

/** talliesOf counts each channel's messages of the last thirty days. */
export async function talliesOf(sql: Sql, now: Date): Promise<ReadonlyMap<string, Tally>> {
  const rows = await sql.$queryRaw<
    {
      channel_id: string
      waiting: number
      asking: number
      failed: number
      delivered_at: Date | null
      seen_at: Date | null
      trouble: string | null
    }[]
  >`
    SELECT channel_id, count(*) FILTER (WHERE state IN ('queued', 'sending', 'retry', 'unknown'))::int AS waiting,
      count(*) FILTER (WHERE state = 'needs-person')::int AS asking,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      max(delivered_at) AS delivered_at, max(seen_at) AS seen_at,
      (array_agg(error_text ORDER BY created_at DESC) FILTER (WHERE error_text <> '' AND state <> 'delivered'))[1] AS trouble
    FROM delivery WHERE created_at > ${now}::timestamptz - interval '30 days' GROUP BY channel_id`
  return new Map(
    rows.map((row) => [
      row.channel_id,
      {
        channelId: row.channel_id,
        waiting: row.waiting,
        asking: row.asking,
        failed: row.failed,
        deliveredAt: row.delivered_at,
        seenAt: row.seen_at,
        trouble: row.trouble ?? '',
      },
    ]),
  )
}

/** askingOf gives the messages that wait for a person's word, oldest first. */
export async function askingOf(sql: Sql): Promise<readonly Delivery[]> {
  const rows = await sql.$queryRaw<Raw[]>`
    SELECT * FROM delivery WHERE state = 'needs-person' ORDER BY created_at LIMIT 200`
  return rows.map(deliveryOf)
}

/** saveChannel writes a channel as a whole; one that was removed comes back with it. */
export async function saveChannel(
  sql: Sql,
  channel: Pick<
    ChannelRow,
    'id' | 'kind' | 'name' | 'audiences' | 'config' | 'sealed' | 'componentMap' | 'origin' | 'version'
  > & { readonly now: Date },
): Promise<void> {
  const { id, kind, name, sealed, origin, version, now } = channel
  const [audiences, config, map] = [channel.audiences, channel.config, channel.componentMap].map((value) =>
    JSON.stringify(value),
  )
  await sql.$queryRaw`
    INSERT INTO channel (id, kind, name, audiences, config, sealed, component_map, origin, version, created_at, updated_at)
    VALUES (${id}, ${kind}, ${name}, ${audiences}::text::jsonb, ${config}::text::jsonb, ${sealed},
      ${map}::text::jsonb, ${origin}, ${version}::int, ${now}::timestamptz, ${now}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, audiences = excluded.audiences,
      config = excluded.config, sealed = excluded.sealed, component_map = excluded.component_map,
      origin = excluded.origin, version = excluded.version, updated_at = excluded.updated_at, removed_at = NULL`
}

/** removeChannel takes a channel out of every list; its secret is forgotten. */
export async function removeChannel(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.$queryRaw`
    UPDATE channel SET removed_at = ${now}::timestamptz, sealed = NULL, version = 0, paused_at = NULL,
      paused_reason = NULL WHERE id = ${id}`
}

/** dropWaiting gives up everything that waits on a channel; how many messages that were. */
export async function dropWaiting(
  sql: Sql,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: Date },
): Promise<number> {
  const rows = await sql.$queryRaw<Raw[]>`
    SELECT * FROM delivery WHERE channel_id = ${id} AND state IN ('queued', 'retry', 'unknown', 'needs-person')
    FOR UPDATE`
  for (const row of rows) await move(sql, deliveryOf(row), { type: 'give-up', by }, now)
  return rows.length
}
