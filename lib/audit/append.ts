import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { redact } from '../platform/redact'
import { type ChainHead, hashOf } from './chain'

/** AuditEvent is what happened, before it gets its place in the chain; `detail` is redacted on the way in. */
export type AuditEvent = {
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly sessionId?: string | undefined
  readonly requestId: string
}

const MAX_DETAIL_CHARS = 16_000
const MAX_TEXT_CHARS = 500

/** Postgres refuses NUL in text and lone surrogates in jsonb; both would cost the whole command its transaction. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD')
}

function storableDeep(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableDeep)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), storableDeep(item)]))
}

/** detailOf turns a detail into redacted plain JSON of at most 16,000 characters; a longer one keeps only its digest. */
export function detailOf(detail: Readonly<Record<string, unknown>>): unknown {
  const text = JSON.stringify(redact(detail), (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  if (text.length > MAX_DETAIL_CHARS) return { shortened: true, chars: text.length, sha256: sha256Hex(text) }
  return storableDeep(JSON.parse(text))
}

/**
 * appendAudit writes one entry in the caller's transaction. The lock on `ledger_head` gives sequence numbers in commit
 * order, so call it last: everything after it waits for every other command.
 */
export async function appendAudit(tx: Tx, event: AuditEvent): Promise<ChainHead> {
  const [head] = await tx.$queryRaw<{ audit_seq: bigint; audit_hash: string }[]>`
    SELECT audit_seq, audit_hash FROM ledger_head WHERE id = 1 FOR UPDATE`
  if (!head) throw new Error('ledger_head has no row: apply the migrations')
  const row = {
    seq: head.audit_seq + 1n,
    at: event.at,
    actor: storable(event.actor).slice(0, MAX_TEXT_CHARS),
    action: event.action,
    subject: storable(event.subject).slice(0, MAX_TEXT_CHARS),
    detail: detailOf(event.detail),
    sessionId: event.sessionId ?? null,
    requestId: event.requestId,
    prevHash: head.audit_hash,
  }
  const hash = hashOf(row)
  await tx.$executeRaw`
    WITH moved AS (UPDATE ledger_head SET audit_seq = ${row.seq}, audit_hash = ${hash} WHERE id = 1)
    INSERT INTO audit_entry (seq, at, actor, action, subject, detail, session_id, request_id, prev_hash, hash)
    VALUES (${row.seq}, ${row.at}, ${row.actor}, ${row.action}, ${row.subject}, ${JSON.stringify(row.detail)}::jsonb,
      ${row.sessionId}, ${row.requestId}, ${row.prevHash}, ${hash})`
  return { seq: row.seq, hash }
}
