import type { Sql } from '../platform/sql'
import { type LedgerRow, type Move, notBeforeOf } from './ledger'

/** Claimed is a mail that this process is about to hand to the mail server. */
export type Claimed = LedgerRow & {
  readonly id: string
  readonly kind: 'confirm' | 'update'
  readonly subscriberId: string
  readonly subscriberState: string
  readonly sealed: string
  readonly nonce: string | null
  readonly confirmNonce: string | null
  readonly messageId: string
  readonly repliesTo: string | null
  /** subject and text are null for a confirmation. */
  readonly subject: string | null
  readonly text: string | null
}

/** hasWork tells cheaply whether any mail waits, rests or was left in the air. */
export async function hasWork(sql: Sql, now: Date): Promise<boolean> {
  const rows = await sql.$queryRaw<readonly object[]>`
    SELECT 1 FROM subscriber_mail WHERE state IN ('queued', 'retry', 'sending', 'unknown') AND not_before <= ${now} LIMIT 1`
  return rows.length > 0
}

/** findLost gives the mails that another run began to hand over and never settled. */
export function findLost(sql: Sql, run: string): PromiseLike<(LedgerRow & { readonly id: string })[]> {
  return sql.$queryRaw<(LedgerRow & { readonly id: string })[]>`
    SELECT id, attempt, is_repeated AS "isRepeated",
      (extract(epoch FROM created_at) * 1000)::float8 AS "createdAtMs"
    FROM subscriber_mail WHERE state = 'sending' AND token IS DISTINCT FROM ${run}::uuid LIMIT 500`
}

/** release decides about mails that have rested long enough with an unknown fate: the newest of a thread are sent once more. */
export async function releaseRested(sql: Sql, now: Date): Promise<void> {
  await sql.$queryRaw`
    UPDATE subscriber_mail AS m SET
      state = CASE WHEN newer.found THEN 'unknown' ELSE 'queued' END,
      is_repeated = m.is_repeated OR NOT newer.found,
      not_before = CASE WHEN newer.found THEN 'infinity'::timestamptz ELSE ${now} END,
      note = CASE WHEN newer.found THEN 'May have arrived; a newer update followed.' ELSE m.note END
    FROM (
      SELECT r.id, EXISTS (SELECT 1 FROM subscriber_mail AS n WHERE n.subscriber_id = r.subscriber_id
        AND n.thread = r.thread AND n.ordinal > r.ordinal) AS found
      FROM subscriber_mail AS r WHERE r.state = 'unknown' AND r.not_before <= ${now} AND NOT r.is_repeated
    ) AS newer WHERE newer.id = m.id`
}

/**
 * claimMails takes the next mails, those that ask to confirm first. Of one thread and subscriber only the oldest goes; a
 * mail that follows another of its thread answers to it.
 */
export function claimMails(
  sql: Sql,
  claim: { readonly run: string; readonly host: string; readonly most: number; readonly now: Date },
): PromiseLike<Claimed[]> {
  const { run, host, most, now } = claim
  return sql.$queryRaw<Claimed[]>`
    WITH picked AS (
      SELECT m.id, (SELECT p.message_id FROM subscriber_mail AS p WHERE p.subscriber_id = m.subscriber_id
        AND p.thread = m.thread AND p.ordinal < m.ordinal AND p.state IN ('sent', 'unknown')
        ORDER BY p.ordinal DESC LIMIT 1) AS replies_to
      FROM subscriber_mail AS m
      WHERE m.state IN ('queued', 'retry') AND m.not_before <= ${now}
        AND NOT EXISTS (SELECT 1 FROM subscriber_mail AS o WHERE o.subscriber_id = m.subscriber_id
          AND o.thread = m.thread AND o.ordinal < m.ordinal AND o.state IN ('queued', 'retry', 'sending'))
      ORDER BY (m.kind = 'confirm') DESC, m.ordinal LIMIT ${most} FOR UPDATE OF m SKIP LOCKED
    ), taken AS (
      UPDATE subscriber_mail AS m SET state = 'sending', token = ${run}::uuid, attempt = m.attempt + 1,
        message_id = coalesce(m.message_id, '<' || m.id || '@' || ${host}::text || '>'),
        replies_to = CASE WHEN m.kind = 'confirm' THEN NULL ELSE coalesce(m.replies_to, picked.replies_to) END
      FROM picked WHERE picked.id = m.id RETURNING m.*
    )
    SELECT taken.id, taken.kind, taken.attempt, taken.is_repeated AS "isRepeated",
      (extract(epoch FROM taken.created_at) * 1000)::float8 AS "createdAtMs", taken.subscriber_id AS "subscriberId",
      coalesce(s.state, 'gone') AS "subscriberState", coalesce(s.sealed, '') AS sealed, taken.nonce,
      s.confirm_nonce AS "confirmNonce", taken.message_id AS "messageId", taken.replies_to AS "repliesTo",
      g.subject, g.text
    FROM taken LEFT JOIN subscriber AS s ON s.id = taken.subscriber_id
      LEFT JOIN subscriber_mailing AS g ON g.publication_id = taken.publication_id
    ORDER BY taken.ordinal`
}

/** settle writes what became of a mail, if this run still holds it; a null time means that nothing more happens by itself. */
export async function settle(
  sql: Sql,
  mail: { readonly id: string; readonly run: string | undefined; readonly move: Move; readonly now: Date },
): Promise<void> {
  const { id, run, move, now } = mail
  await sql.$queryRaw`
    UPDATE subscriber_mail SET state = ${move.state}, not_before = ${notBeforeOf(move)}::timestamptz, code = ${move.code},
      note = ${move.note}, token = NULL, sent_at = CASE WHEN ${move.state} = 'sent' THEN ${now}::timestamptz ELSE sent_at END
    WHERE id = ${id}::uuid AND state = 'sending' AND (${run ?? null}::uuid IS NULL OR token = ${run ?? null}::uuid)`
}

/** Lane is why no mail leaves at all, since when, and when that is tried again. */
export type Lane = { readonly problem: string; readonly since: Date; readonly retryAt: Date }

/** readLane gives what stops all mail, if anything does. */
export async function readLane(sql: Sql): Promise<Lane | undefined> {
  const [row] = await sql.$queryRaw<
    Lane[]
  >`SELECT problem, since, retry_at AS "retryAt" FROM mail_lane WHERE id = 1`
  return row
}

/** stopLane notes what stops all mail and until when nothing is tried; its beginning stays what it was. */
export async function stopLane(sql: Sql, lane: Omit<Lane, 'since'>, now: Date): Promise<void> {
  await sql.$queryRaw`
    INSERT INTO mail_lane (id, problem, since, retry_at) VALUES (1, ${lane.problem}, ${now}, ${lane.retryAt})
    ON CONFLICT (id) DO UPDATE SET problem = excluded.problem, retry_at = excluded.retry_at`
}

/** freeLane says that mail leaves again. */
export async function freeLane(sql: Sql): Promise<void> {
  await sql.$queryRaw`DELETE FROM mail_lane WHERE id = 1`
}

/** MailCounts are the mails of one publication by state. */
export type MailCounts = {
  readonly publicationId: string
  readonly waiting: number
  readonly sent: number
  readonly unknown: number
  readonly failed: number
  readonly skipped: number
}

/** countMails counts the mails of publications by what became of them. */
export function countMails(sql: Sql, publicationIds: readonly string[]): PromiseLike<MailCounts[]> {
  return sql.$queryRaw<MailCounts[]>`
    SELECT publication_id AS "publicationId",
      count(*) FILTER (WHERE state IN ('queued', 'retry', 'sending'))::int AS waiting,
      count(*) FILTER (WHERE state = 'sent')::int AS sent,
      count(*) FILTER (WHERE state = 'unknown')::int AS unknown,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      count(*) FILTER (WHERE state = 'skipped')::int AS skipped
    FROM subscriber_mail WHERE publication_id = ANY(${[...publicationIds]}::uuid[]) GROUP BY publication_id`
}
