import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Console } from '../console'
import { defineCommand } from '../operation'
import { randomToken, sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import { ALERTS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { applyMessages, statementsOfTx } from './episode-store'
import { SENDERS, type Sender } from './model'
import { parseDelivery } from './parse'
import { type AlertsPolicy, DEFAULT_ALERTS_POLICY } from './policy'
import { sealPlace } from './secret-store'

const target = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(500) }),
  z.strictObject({
    group: z.strictObject({ name: z.string().max(200), level: z.enum(['P1', 'P2', 'P3', 'P4']) }),
  }),
])

type Target = z.output<typeof target>

const LOCK = "SELECT pg_advisory_xact_lock(hashtext('watchfloor.alerts'))::text AS locked"
const TARGETED = `status = 'firing' AND (
  ($1::uuid[] IS NOT NULL AND id = ANY($1::uuid[])) OR ($2::text IS NOT NULL AND name = $2 AND level = $3))`

function valuesOf(chosen: Target): unknown[] {
  return 'ids' in chosen ? [chosen.ids, null, null] : [null, chosen.group.name, chosen.group.level]
}

function subjectOf(chosen: Target): string {
  if ('group' in chosen) return `alerts:${chosen.group.name}|${chosen.group.level}`
  return chosen.ids.length === 1 ? `alert:${chosen.ids[0]}` : `alerts:${chosen.ids.length}`
}

/** alertsAcknowledge says that somebody has seen the open alerts chosen; what is acknowledged already keeps its name. */
const alertsAcknowledge = defineCommand({
  name: 'alerts.acknowledge',
  summary: 'Says that somebody has seen the open alerts chosen.',
  permission: 'alerts.acknowledge',
  input: z.strictObject({ target, note: z.string().trim().max(500).default('') }),
  run: async ({ tx, actor, now }, input) => {
    const sql = statementsOfTx(tx)
    await sql(LOCK, [])
    const rows = await sql<{ id: string }>(
      `UPDATE alert SET acked_at = $4::timestamptz, acked_by = $5, ack_note = $6
       WHERE acked_at IS NULL AND ${TARGETED} RETURNING id`,
      [...valuesOf(input.target), now.toISOString(), actor.id, input.note],
    )
    return {
      result: { acknowledged: rows.length },
      audit: {
        subject: subjectOf(input.target),
        detail: { acknowledged: rows.length, note: input.note, ids: rows.slice(0, 100).map((row) => row.id) },
      },
      touched: [{ topic: 'alerts', ref: 'all' }],
    }
  },
})

/** alertsWithdraw takes an acknowledgement back, whoever gave it. */
const alertsWithdraw = defineCommand({
  name: 'alerts.withdrawAcknowledgement',
  summary: 'Takes an acknowledgement back, whoever gave it.',
  permission: 'alerts.acknowledge',
  input: z.strictObject({ target }),
  run: async ({ tx }, input) => {
    const sql = statementsOfTx(tx)
    await sql(LOCK, [])
    const rows = await sql<{ id: string }>(
      `UPDATE alert SET acked_at = NULL, acked_by = NULL, ack_note = ''
       WHERE acked_at IS NOT NULL AND ${TARGETED} RETURNING id`,
      valuesOf(input.target),
    )
    return {
      result: { withdrawn: rows.length },
      audit: {
        subject: subjectOf(input.target),
        detail: { withdrawn: rows.length, ids: rows.slice(0, 100).map((row) => row.id) },
      },
      touched: [{ topic: 'alerts', ref: 'all' }],
    }
  },
})

async function presentPolicy(console: Console, now: Date): Promise<AlertsPolicy> {
  const shelf = await lookAtRunbooks(console, now)
  return entriesOf(shelf.current(), ALERTS_POLICY_KIND)[0]?.value ?? DEFAULT_ALERTS_POLICY
}

type HeldRow = {
  readonly state: string
  readonly sender: Sender
  readonly position: number
  readonly received_at: Date
  readonly body: Uint8Array | null
}

/** alertsRedrive reads a held delivery again with the parser of today; what still is not understood stays held, with its reason. */
const alertsRedrive = defineCommand({
  name: 'alerts.redrive',
  summary: 'Reads a held delivery again with the parser of today.',
  permission: 'alerts.redrive',
  input: z.strictObject({ id: z.uuid() }),
  before: ({ console, now }) => presentPolicy(console, now),
  run: async ({ tx, actor, now, before }, { id }) => {
    const sql = statementsOfTx(tx)
    const [held] = await sql<HeldRow>(
      `SELECT q.state, q.sender, q.position, q.received_at, inbox.body
       FROM hook_quarantine AS q LEFT JOIN hook_inbox AS inbox ON inbox.id = q.inbox_id WHERE q.id = $1::uuid FOR UPDATE OF q`,
      [id],
    )
    if (!held?.body) throw new AppError('not_found', 'There is no such delivery any more.')
    if (held.state !== 'held')
      throw new AppError('conflict', 'Somebody has dealt with it meanwhile.', { current: held.state })
    const parsed = parseDelivery({
      sender: held.sender,
      body: JSON.parse(new TextDecoder().decode(held.body)),
      receivedAt: held.received_at,
      policy: before,
      only: held.position,
    })
    const reason = parsed.faults[0]?.reason
    await applyMessages(sql, parsed.messages, now)
    await tx.hookQuarantine.update({
      where: { id },
      data: reason === undefined ? { state: 'redriven', decidedAt: now, decidedBy: actor.id } : { reason },
    })
    return {
      result: { understood: reason === undefined, reason: reason ?? null, alerts: parsed.messages.length },
      audit: {
        subject: `quarantine:${id}`,
        detail: { understood: reason === undefined, reason: reason ?? null },
      },
      touched: [{ topic: 'alerts', ref: 'all' }],
    }
  },
})

/** alertsDismiss sets a held delivery aside for good; it stays readable until its retention ends. */
const alertsDismiss = defineCommand({
  name: 'alerts.dismiss',
  summary: 'Sets a held delivery aside for good.',
  permission: 'alerts.redrive',
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ tx, actor, now }, { id }) => {
    const { count } = await tx.hookQuarantine.updateMany({
      where: { id, state: 'held' },
      data: { state: 'dismissed', decidedAt: now, decidedBy: actor.id },
    })
    if (count === 0) throw new AppError('conflict', 'Somebody has dealt with it meanwhile, or it is gone.')
    return {
      result: { id },
      audit: { subject: `quarantine:${id}`, detail: {} },
      touched: [{ topic: 'alerts', ref: 'all' }],
    }
  },
})

/** These two make the secret themselves and show it: it can only be entered here. */
const MADE_BY_SENDER: ReadonlySet<Sender> = new Set<Sender>(['pagerduty', 'vast'])

function newSecret(sender: Sender): string {
  if (sender === 'generic') return `whsec_${randomBytes(32).toString('base64')}`
  return `wfh_${randomToken(32)}`
}

const senderSchema = z.enum(SENDERS as [Sender, ...Sender[]])

/** alertsCreateHookSecret puts a secret in force, at most two a sender, so that one can be rotated without a gap; one that we make is shown this once. */
const alertsCreateHookSecret = defineCommand({
  name: 'alerts.createHookSecret',
  summary: 'Puts a secret in force, at most two a sender, so that one can be rotated without a gap.',
  permission: 'alerts.manage-hooks',
  input: z.strictObject({
    sender: senderSchema,
    name: z.string().trim().min(1, 'say where it is used').max(80),
    secret: z.string().trim().min(16, 'at least 16 characters').max(500).optional(),
  }),
  run: async ({ console, tx, actor, now }, { sender, name, secret: given }) => {
    if (!given && MADE_BY_SENDER.has(sender)) {
      const message = 'the sender makes this secret: copy it from there'
      throw new AppError('invalid', message, { issues: [{ path: 'secret', message }] })
    }
    if (given && sender === 'alertmanager') {
      const message = 'this token is made here, so that it is long enough'
      throw new AppError('invalid', message, { issues: [{ path: 'secret', message }] })
    }
    await statementsOfTx(tx)(
      "SELECT pg_advisory_xact_lock(hashtext('watchfloor.hook-secrets'))::text AS locked",
      [],
    )
    const active = await tx.hookSecret.findMany({
      where: { sender, revokedAt: null },
      select: { slot: true },
    })
    const slot = [1, 2].find((one) => !active.some((held) => held.slot === one))
    if (slot === undefined)
      throw new AppError('conflict', 'Two secrets are in force for this sender: end one of them first.')
    const secret = given ?? newSecret(sender)
    rememberSecret(secret)
    const id = randomUUID()
    const form =
      sender === 'alertmanager'
        ? { digest: sha256Hex(secret) }
        : { sealed: console.seal.seal(secret, sealPlace(id)) }
    await tx.hookSecret.create({
      data: { id, sender, slot, name, ...form, createdAt: now, createdBy: actor.id },
    })
    return {
      result: { id, secret: given ? null : secret },
      replay: { id, secret: null },
      audit: { subject: `hook:${sender}`, detail: { id, name, madeHere: !given } },
      touched: [{ topic: 'alerts', ref: 'hooks' }],
    }
  },
})

/** alertsRevokeHookSecret ends a secret: within two seconds deliveries signed with it are refused. */
const alertsRevokeHookSecret = defineCommand({
  name: 'alerts.revokeHookSecret',
  summary: 'Ends a secret: within two seconds deliveries signed with it are refused.',
  permission: 'alerts.manage-hooks',
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ tx, now }, { id }) => {
    const { count } = await tx.hookSecret.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: now },
    })
    if (count === 0) throw new AppError('not_found', 'There is no such secret in force.')
    return {
      result: { id },
      audit: { subject: `hook-secret:${id}`, detail: {} },
      touched: [{ topic: 'alerts', ref: 'hooks' }],
    }
  },
})

/** alertsCommands are the alerts room's changes. */
export const alertsCommands = [
  alertsAcknowledge,
  alertsWithdraw,
  alertsRedrive,
  alertsDismiss,
  alertsCreateHookSecret,
  alertsRevokeHookSecret,
] as const
