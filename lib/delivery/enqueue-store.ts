import { createHash, randomUUID } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ChannelKind } from '../channels/channel'
import { AppError } from '../platform/errors'
import type { Sql } from '../platform/sql'
import { type About, fitOf, type Publishable, STEPS_OF } from './model'
import { payloadOf } from './payload'

type ChannelRow = {
  readonly id: string
  readonly kind: ChannelKind
  readonly name: string
  readonly audiences: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
}

/**
 * enqueueDeliveries writes what a released publication has to say on each channel (ids), in the caller's transaction.
 * `about` names the incident in the message; without it the incident's own row is read. Throws invalid for an unknown channel.
 */
export async function enqueueDeliveries(input: {
  readonly tx: Sql
  readonly publication: Publishable
  readonly channels: readonly string[]
  readonly now: Date
  readonly about?: About
  /** baseUrl is the console's own address, for the link to the incident. */
  readonly baseUrl?: string
}): Promise<void> {
  const { tx, publication, now } = input
  const ids = [...new Set(input.channels)]
  if (ids.length === 0) return
  const rows = await tx.$queryRaw<ChannelRow[]>`
    SELECT id, kind, name, audiences, config FROM channel WHERE id = ANY(${ids}::text[]) AND removed_at IS NULL`
  const found = new Map(rows.map((row) => [row.id, row]))
  const missing = ids.find((id) => !found.has(id))
  if (missing !== undefined) throw new AppError('invalid', `There is no channel ${missing}.`)
  const about = input.about ?? (await readAbout(tx, publication, input.baseUrl ?? ''))
  for (const id of ids) {
    const channel = found.get(id)
    if (channel) await enqueueOn(channel, { tx, publication, about, now })
  }
  await tx.$queryRaw`SELECT pg_notify('watchfloor_delivery', ${publication.id}::text)::text AS told`
}

async function enqueueOn(
  channel: ChannelRow,
  {
    tx,
    publication,
    about,
    now,
  }: {
    readonly tx: Sql
    readonly publication: Publishable
    readonly about: About
    readonly now: Date
  },
): Promise<void> {
  const fit = fitOf(publication, {
    name: channel.name,
    audiences: channel.audiences,
    drills: channel.config.drills === true,
  })
  if (fit.kind === 'nothing') return
  const orderKey = `${publication.incidentId ?? publication.id}:${channel.id}`
  // Who is later in the lane's order must also commit later: two publications of one incident wait for each other here.
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${orderKey}::text, 7))::text AS locked`
  const [last] = await tx.$queryRaw<{ seq: number }[]>`
    SELECT coalesce(max(seq), 0)::int AS seq FROM delivery WHERE order_key = ${orderKey}`
  const isWorse = await isWorseThanBefore(tx, publication)
  for (const [at, step] of STEPS_OF[channel.kind](publication.status).entries()) {
    const deliveryId = randomUUID()
    const payload = payloadOf(channel.kind, step, { publication, about, isWorse, deliveryId }, now)
    const text = canonicalize(payload) ?? ''
    const sha = createHash('sha256').update(text).digest('hex')
    const isRefused = fit.kind === 'refused'
    await tx.$queryRaw`
      INSERT INTO delivery (id, publication_id, incident_id, channel_id, step, order_key, seq, payload, payload_sha,
        state, error_code, error_text, fix_href, created_at)
      VALUES (${deliveryId}::uuid, ${publication.id}::uuid, ${publication.incidentId}::uuid, ${channel.id}, ${step},
        ${orderKey}, ${(last?.seq ?? 0) + at + 1}::int, ${text}::text::jsonb, ${sha},
        ${isRefused ? 'failed' : 'queued'}, ${isRefused ? fit.code : ''}, ${isRefused ? fit.text : ''},
        ${isRefused ? `/settings/channels#${channel.id}` : ''}, ${now}::timestamptz)
      ON CONFLICT (publication_id, channel_id, step) DO NOTHING`
  }
}

const ORDER = ['P4', 'P3', 'P2', 'P1']

async function isWorseThanBefore(tx: Sql, { incidentId, severity, id }: Publishable): Promise<boolean> {
  if (incidentId === null) return false
  const [before] = await tx.$queryRaw<{ severity: string | null }[]>`
    SELECT payload->>'severity' AS severity FROM delivery
    WHERE incident_id = ${incidentId}::uuid AND publication_id <> ${id}::uuid
      AND payload->>'severity' IS NOT NULL
    ORDER BY created_at DESC LIMIT 1`
  return before?.severity != null && ORDER.indexOf(severity) > ORDER.indexOf(before.severity)
}

async function readAbout(
  tx: Sql,
  { incidentId, title, drill }: Publishable,
  baseUrl: string,
): Promise<About> {
  const none = { ref: title.slice(0, 60), href: '', commander: '', startedAt: null }
  if (incidentId === null) return none
  const [row] = await tx.$queryRaw<
    { number: number; started: Date | null; declared: Date; commander: string }[]
  >`
    SELECT number, impact_started_at AS started, declared_at AS declared,
      coalesce((SELECT handle FROM role_assignment
        WHERE incident_id = incident.id AND role = 'commander' AND ended_at IS NULL LIMIT 1), '') AS commander
    FROM incident WHERE id = ${incidentId}::uuid`
  if (!row) return none
  const ref = `${drill ? 'DRILL' : 'INC'}-${String(row.number).padStart(4, '0')}`
  return {
    ref,
    href: baseUrl === '' ? '' : `${baseUrl}/incidents/${ref}`,
    commander: row.commander,
    startedAt: (row.started ?? row.declared).toISOString(),
  }
}

/** Reminded is a call for an update that was promised and is not there; its text may hold mentions and is escaped already. */
export type Reminded = {
  readonly id: string
  readonly incidentId: string
  /** ref is the incident's name, such as INC-0142. */
  readonly ref: string
  readonly href: string
  readonly severity: string
  readonly isDrill: boolean
}

/** enqueueMention writes a call for an overdue update to every internal Slack channel, in the caller's transaction. */
export async function enqueueMention(input: {
  readonly tx: Sql
  readonly reminder: Reminded
  readonly text: string
  readonly now: Date
}): Promise<void> {
  const { tx, reminder, text, now } = input
  const { severity, ref } = reminder
  for (const channel of await internalChannels(tx, ['slack-bot', 'slack-webhook'])) {
    if (reminder.isDrill && channel.config.drills !== true) continue
    const payload = { text, attachments: [], isBroadcast: true, severity, incident: ref, seq: 0 }
    await enqueueForReminder(tx, { reminder, channel: channel.id, step: 'post', payload, now })
  }
}

/** enqueuePage writes an event of its own for an overdue update, or its end, to every internal PagerDuty channel. */
export async function enqueuePage(input: {
  readonly tx: Sql
  readonly reminder: Reminded
  readonly step: 'post' | 'resolve'
  readonly summary: string
  readonly now: Date
}): Promise<void> {
  const { tx, reminder, step, summary, now } = input
  const dedup = `console:${reminder.ref}:next-update-overdue`
  const links = reminder.href === '' ? {} : { links: [{ href: reminder.href, text: reminder.ref }] }
  const trigger = {
    event_action: 'trigger',
    dedup_key: dedup,
    payload: {
      summary: summary.slice(0, 1_024),
      source: 'watchfloor',
      severity: 'error',
      timestamp: now.toISOString(),
      component: 'status-comms',
      group: reminder.ref,
      class: 'update-overdue',
    },
    ...links,
  }
  const payload = step === 'post' ? trigger : { event_action: 'resolve', dedup_key: dedup }
  for (const channel of await internalChannels(tx, ['pagerduty']))
    await enqueueForReminder(tx, { reminder, channel: channel.id, step, payload, now })
}

/** enqueueNag writes a call to people, about an action item or a remark, to every internal Slack channel, in a lane of its own, in the caller's transaction. */
export async function enqueueNag(input: {
  readonly tx: Sql
  readonly nag: { readonly id: string; readonly isDrill: boolean }
  readonly text: string
  readonly now: Date
}): Promise<void> {
  const { tx, nag, text, now } = input
  const payload = { text, attachments: [], isBroadcast: true, severity: '', incident: '', seq: 0 }
  for (const channel of await internalChannels(tx, ['slack-bot', 'slack-webhook'])) {
    if (nag.isDrill && channel.config.drills !== true) continue
    // A lane of its own: one that waits for a person's word holds back no other.
    const lane = `nag-${nag.id}`
    await enqueueInLane(tx, { lane, noticeId: nag.id, channel: channel.id, step: 'post', payload, now })
  }
  await tx.$queryRaw`SELECT pg_notify('watchfloor_delivery', ${nag.id}::text)::text AS told`
}

function internalChannels(
  tx: Sql,
  kinds: readonly ChannelKind[],
): PromiseLike<{ id: string; config: Readonly<Record<string, unknown>> }[]> {
  return tx.$queryRaw<{ id: string; config: Readonly<Record<string, unknown>> }[]>`
    SELECT id, config FROM channel WHERE kind = ANY(${[...kinds]}::text[]) AND audiences ? 'internal'
      AND removed_at IS NULL ORDER BY id`
}

async function enqueueForReminder(
  tx: Sql,
  row: {
    readonly reminder: Pick<Reminded, 'id' | 'incidentId'>
    readonly channel: string
    readonly step: string
    readonly payload: unknown
    readonly now: Date
  },
): Promise<void> {
  const { reminder, ...rest } = row
  await enqueueInLane(tx, {
    ...rest,
    lane: reminder.incidentId,
    noticeId: reminder.id,
    incidentId: reminder.incidentId,
  })
  await tx.$queryRaw`SELECT pg_notify('watchfloor_delivery', ${reminder.id}::text)::text AS told`
}

/** enqueueInLane writes a message of no publication behind what its lane on a channel holds, in the caller's transaction. */
export async function enqueueInLane(
  tx: Sql,
  row: {
    readonly lane: string
    readonly channel: string
    readonly step: string
    readonly payload: unknown
    readonly now: Date
    /** noticeId is what it tells: the same one goes to a channel once. */
    readonly noticeId: string
    readonly incidentId?: string | null
  },
): Promise<void> {
  const { channel, step, now, noticeId, incidentId = null } = row
  const orderKey = `${row.lane}:${channel}`
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${orderKey}::text, 7))::text AS locked`
  const text = canonicalize(row.payload) ?? ''
  const sha = createHash('sha256').update(text).digest('hex')
  await tx.$queryRaw`
    INSERT INTO delivery (id, reminder_id, incident_id, channel_id, step, order_key, seq, payload, payload_sha, state, created_at)
    SELECT ${randomUUID()}::uuid, ${noticeId}::uuid, ${incidentId}::uuid, ${channel}, ${step}, ${orderKey},
      (SELECT coalesce(max(seq), 0)::int + 1 FROM delivery WHERE order_key = ${orderKey}),
      ${text}::text::jsonb, ${sha}, 'queued', ${now}::timestamptz
    ON CONFLICT DO NOTHING`
}
