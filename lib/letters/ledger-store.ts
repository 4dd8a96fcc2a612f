import type { Sql } from '../platform/sql'
import { type LedgerRow, type Move, notBeforeOf } from '../subscribers/ledger'
import type { LetterKind } from './model'

/** Claimed is a letter that this process is about to have written and handed to the mail server. */
export type Claimed = LedgerRow & {
  readonly id: string
  readonly kind: LetterKind
  readonly ref: string
  readonly personId: string
}

/** hasLetters tells cheaply whether any letter waits, rests or was left in the air. */
export async function hasLetters(sql: Sql, now: Date): Promise<boolean> {
  const rows = await sql.$queryRaw<readonly object[]>`
    SELECT 1 FROM person_mail WHERE state IN ('queued', 'retry', 'sending', 'unknown')
      AND not_before <= ${now}::timestamptz LIMIT 1`
  return rows.length > 0
}

/** releaseRested lets letters of unknown fate be sent once more when they have rested. */
export async function releaseRested(sql: Sql, now: Date): Promise<void> {
  await sql.$queryRaw`
    UPDATE person_mail SET state = 'queued', is_repeated = true
    WHERE state = 'unknown' AND NOT is_repeated AND not_before <= ${now}::timestamptz`
}

/** findLost gives the letters that another run began to hand over and never settled. */
export function findLost(sql: Sql, run: string): PromiseLike<(LedgerRow & { readonly id: string })[]> {
  return sql.$queryRaw<(LedgerRow & { readonly id: string })[]>`
    SELECT id, attempt, is_repeated AS "isRepeated", (extract(epoch FROM created_at) * 1000)::float8 AS "createdAtMs"
    FROM person_mail WHERE state = 'sending' AND token IS DISTINCT FROM ${run}::uuid LIMIT 200`
}

/** claimLetter takes the next letter that is due; undefined when there is none. */
export async function claimLetter(sql: Sql, run: string, now: Date): Promise<Claimed | undefined> {
  const [row] = await sql.$queryRaw<Claimed[]>`
    WITH picked AS (
      SELECT id FROM person_mail WHERE state IN ('queued', 'retry') AND not_before <= ${now}::timestamptz
      ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE person_mail AS m SET state = 'sending', token = ${run}::uuid, attempt = m.attempt + 1
    FROM picked WHERE picked.id = m.id
    RETURNING m.id, m.kind, m.ref, m.person_id AS "personId", m.attempt, m.is_repeated AS "isRepeated",
      (extract(epoch FROM m.created_at) * 1000)::float8 AS "createdAtMs"`
  return row
}

/** settleLetter writes what became of a letter, if this run (any for undefined) still holds it. */
export async function settleLetter(
  sql: Sql,
  letter: { readonly id: string; readonly run: string | undefined; readonly move: Move; readonly now: Date },
): Promise<void> {
  const { id, run, move, now } = letter
  await sql.$queryRaw`
    UPDATE person_mail SET state = ${move.state}, not_before = ${notBeforeOf(move)}::timestamptz, code = ${move.code},
      note = ${move.note}, token = NULL, sent_at = CASE WHEN ${move.state} = 'sent' THEN ${now}::timestamptz ELSE sent_at END
    WHERE id = ${id}::uuid AND state = 'sending' AND (${run ?? null}::uuid IS NULL OR token = ${run ?? null}::uuid)`
}
