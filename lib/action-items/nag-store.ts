import { randomUUID } from 'node:crypto'
import type { Tx } from '../platform/db'
import type { Sql } from '../platform/sql'
import type { LedgerRow, Move } from '../subscribers/ledger'
import type { Day } from './model'
import type { Nagged, Step } from './nags'

/** NagRow is an open item as the worker sees it, with everybody whom a nag of it could reach. */
export type NagRow = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly dueOn: Day
  readonly setAtMs: number
  readonly doneWhen: string
  readonly ownerId: string | null
  readonly owner: string
  readonly incidentNumber: number | null
  readonly isDrill: boolean
  /** isRestricted is true where only named people know of the incident: no channel hears of it. */
  readonly isRestricted: boolean
  readonly taken: readonly string[]
  readonly people: readonly (Nagged & { readonly handle: string; readonly slackUser: string | null })[]
}

/** readNagRows gives open items whose day is at most two days away. Of a restricted incident's only those who may know of it are reached. */
export function readNagRows(sql: Sql, now: Date): PromiseLike<NagRow[]> {
  return sql.$queryRaw<NagRow[]>`
    SELECT a.id, a.number, a.title, to_char(a.due_on, 'YYYY-MM-DD') AS "dueOn",
      (extract(epoch FROM a.due_set_at) * 1000)::float8 AS "setAtMs", a.done_when AS "doneWhen",
      a.owner_id AS "ownerId", coalesce(o.handle, '') AS owner, i.number AS "incidentNumber",
      coalesce(i.drill, false) AS "isDrill", coalesce(i.visibility = 'restricted', false) AS "isRestricted",
      coalesce((SELECT jsonb_agg(n.step) FROM action_nag AS n WHERE n.item_id = a.id AND n.due_on = a.due_on), '[]') AS taken,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', p.id, 'handle', p.handle, 'slackUser', s.slack_user,
          'isManager', 'manager' = ANY(p.roles), 'isDisabled', p.disabled_at IS NOT NULL) ORDER BY p.handle)
        FROM person AS p LEFT JOIN slack_person AS s ON s.person_id = p.id
        WHERE (p.id = a.owner_id OR 'manager' = ANY(p.roles)) AND (i.visibility IS DISTINCT FROM 'restricted'
          OR 'admin' = ANY(p.roles) OR EXISTS (SELECT 1 FROM incident_access AS x
            WHERE x.incident_id = i.id AND x.person_id = p.id))), '[]') AS people
    FROM action_item AS a LEFT JOIN person AS o ON o.id = a.owner_id LEFT JOIN incident AS i ON i.id = a.incident_id
    WHERE a.state = 'open' AND a.due_on IS NOT NULL AND a.due_on <= (${now}::timestamptz AT TIME ZONE 'UTC')::date + 2
    ORDER BY a.due_on, a.number LIMIT 2000`
}

/** claimNag writes that a step is given and puts its mails in the ledger; gives its id, undefined when it was given before or the item moved on. */
export async function claimNag(
  tx: Sql,
  claim: {
    readonly itemId: string
    readonly dueOn: Day
    readonly step: Step
    readonly people: readonly string[]
    readonly now: Date
  },
): Promise<string | undefined> {
  const { itemId, dueOn, step, people, now } = claim
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO action_nag (id, item_id, due_on, step, fired_at)
    SELECT ${randomUUID()}::uuid, a.id, a.due_on, ${step}, ${now}::timestamptz FROM action_item AS a
    WHERE a.id = ${itemId}::uuid AND a.state = 'open' AND a.due_on = ${dueOn}::date FOR SHARE OF a
    ON CONFLICT DO NOTHING RETURNING id`
  if (row === undefined) return undefined
  await tx.$queryRaw`
    INSERT INTO action_nag_mail (id, nag_id, person_id, not_before, created_at)
    SELECT gen_random_uuid(), ${row.id}::uuid, person, ${now}::timestamptz, ${now}::timestamptz
    FROM unnest(${[...people]}::uuid[]) AS person ON CONFLICT DO NOTHING`
  return row.id
}

/** NagMail is a mail about an item that this process is about to hand to the mail server. */
export type NagMail = LedgerRow & {
  readonly id: string
  readonly step: Step
  readonly email: string
  readonly number: number
  readonly title: string
  readonly dueOn: Day
  readonly doneWhen: string
  readonly owner: string
  readonly incidentNumber: number | null
  readonly isDrill: boolean
  /** isWanted is false once the item is over, its date moved, the account is disabled, or the mail is older than a week. */
  readonly isWanted: boolean
}

/** hasMail tells cheaply whether any mail waits, rests or was left in the air. */
export async function hasMail(sql: Sql, now: Date): Promise<boolean> {
  const rows = await sql.$queryRaw<readonly object[]>`
    SELECT 1 FROM action_nag_mail WHERE state IN ('queued', 'retry', 'sending', 'unknown')
      AND not_before <= ${now}::timestamptz LIMIT 1`
  return rows.length > 0
}

/** releaseRested lets mails of unknown fate be sent once more when they have rested. */
export async function releaseRested(sql: Sql, now: Date): Promise<void> {
  await sql.$queryRaw`
    UPDATE action_nag_mail SET state = 'queued', is_repeated = true
    WHERE state = 'unknown' AND NOT is_repeated AND not_before <= ${now}::timestamptz`
}

/** findLost gives the mails that another run began to hand over and never settled. */
export function findLost(sql: Sql, run: string): PromiseLike<(LedgerRow & { readonly id: string })[]> {
  return sql.$queryRaw<(LedgerRow & { readonly id: string })[]>`
    SELECT id, 'update' AS kind, attempt, is_repeated AS "isRepeated",
      (extract(epoch FROM created_at) * 1000)::float8 AS "createdAtMs"
    FROM action_nag_mail WHERE state = 'sending' AND token IS DISTINCT FROM ${run}::uuid LIMIT 200`
}

/** claimMail takes the next mail that is due; undefined when there is none. */
export async function claimMail(sql: Sql, run: string, now: Date): Promise<NagMail | undefined> {
  const [row] = await sql.$queryRaw<NagMail[]>`
    WITH picked AS (
      SELECT id FROM action_nag_mail WHERE state IN ('queued', 'retry') AND not_before <= ${now}::timestamptz
      ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE action_nag_mail AS m SET state = 'sending', token = ${run}::uuid, attempt = m.attempt + 1
      FROM picked WHERE picked.id = m.id RETURNING m.*
    )
    SELECT t.id, 'update' AS kind, t.attempt, t.is_repeated AS "isRepeated",
      (extract(epoch FROM t.created_at) * 1000)::float8 AS "createdAtMs", n.step, p.email, a.number, a.title,
      to_char(n.due_on, 'YYYY-MM-DD') AS "dueOn", a.done_when AS "doneWhen", coalesce(o.handle, '') AS owner,
      i.number AS "incidentNumber", coalesce(i.drill, false) AS "isDrill",
      (a.state = 'open' AND a.due_on = n.due_on AND p.disabled_at IS NULL
        AND (p.id = a.owner_id OR 'manager' = ANY(p.roles))
        AND (i.visibility IS DISTINCT FROM 'restricted' OR 'admin' = ANY(p.roles) OR EXISTS (
          SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = p.id))
        AND t.created_at > ${now}::timestamptz - interval '7 days') AS "isWanted"
    FROM taken AS t JOIN action_nag AS n ON n.id = t.nag_id JOIN action_item AS a ON a.id = n.item_id
      JOIN person AS p ON p.id = t.person_id LEFT JOIN person AS o ON o.id = a.owner_id
      LEFT JOIN incident AS i ON i.id = a.incident_id`
  return row
}

/** settleMail writes what became of a mail, if this run (any for undefined) still holds it. */
export async function settleMail(
  sql: Sql,
  mail: { readonly id: string; readonly run: string | undefined; readonly move: Move; readonly now: Date },
): Promise<void> {
  const { id, run, move, now } = mail
  const notBefore = move.notBeforeMs === null ? 'infinity' : new Date(move.notBeforeMs).toISOString()
  await sql.$queryRaw`
    UPDATE action_nag_mail SET state = ${move.state}, not_before = ${notBefore}::timestamptz, code = ${move.code},
      note = ${move.note}, token = NULL, sent_at = CASE WHEN ${move.state} = 'sent' THEN ${now}::timestamptz ELSE sent_at END
    WHERE id = ${id}::uuid AND state = 'sending' AND (${run ?? null}::uuid IS NULL OR token = ${run ?? null}::uuid)`
}

/** readLastNags gives the newest nag of each item. */
export async function readLastNags(
  tx: Tx,
  items: readonly string[],
): Promise<ReadonlyMap<string, { readonly step: string; readonly firedAt: Date }>> {
  if (items.length === 0) return new Map()
  const rows = await tx.actionNag.findMany({
    where: { itemId: { in: [...items] } },
    distinct: ['itemId'],
    orderBy: [{ itemId: 'asc' }, { firedAt: 'desc' }],
  })
  return new Map(rows.map(({ itemId, step, firedAt }) => [itemId, { step, firedAt }]))
}

/** NagView is one nag of an item: when, how far, and what became of its mails. */
export type NagView = {
  readonly step: Step
  readonly atMs: number
  readonly mails: readonly { readonly handle: string; readonly state: string; readonly note: string }[]
}

/** readNagMails gives the nags of an item with what became of their mails, oldest first. */
export async function readNagMails(tx: Tx, itemId: string): Promise<readonly NagView[]> {
  const rows = await tx.$queryRaw<{ step: Step; at: Date; mails: NagView['mails'] }[]>`
    SELECT n.step, n.fired_at AS at, coalesce((SELECT jsonb_agg(jsonb_build_object('handle', p.handle, 'state', m.state,
        'note', m.note) ORDER BY p.handle) FROM action_nag_mail AS m JOIN person AS p ON p.id = m.person_id
        WHERE m.nag_id = n.id), '[]') AS mails
    FROM action_nag AS n WHERE n.item_id = ${itemId}::uuid ORDER BY n.fired_at LIMIT 200`
  return rows.map(({ step, at, mails }) => ({ step, atMs: at.getTime(), mails }))
}
