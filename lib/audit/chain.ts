import canonicalize from 'canonicalize'
import { sha256Hex } from '../platform/crypto'

/** AuditRow is one entry as it stands in the table; `detail` is plain JSON, `seq` counts from 1 without gaps. */
export type AuditRow = {
  readonly seq: bigint
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: unknown
  readonly sessionId: string | null
  readonly requestId: string
  readonly prevHash: string
  readonly hash: string
}

/** ChainHead is where the chain ends: the last sequence number (0 for an empty chain) and its hash. */
export type ChainHead = { readonly seq: bigint; readonly hash: string }

/** Finding names the first row that does not fit, or says how many rows were found whole. */
export type Finding =
  | { readonly kind: 'whole'; readonly rows: bigint; readonly head: ChainHead }
  | { readonly kind: 'broken'; readonly seq: bigint; readonly why: string }

/** hashOf gives sha256(prevHash + JCS(row)), 64 hex digits; JCS is RFC 8785, so key order and spacing never matter. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const body = canonicalize({
    seq: row.seq.toString(),
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    detail: row.detail,
    sessionId: row.sessionId,
    requestId: row.requestId,
  })
  return sha256Hex(`${row.prevHash}${body}`)
}

function faultOf(row: AuditRow, previous: ChainHead): Finding | undefined {
  const expected = previous.seq + 1n
  if (row.seq > expected) return { kind: 'broken', seq: expected, why: 'the row is missing' }
  if (row.seq < expected)
    return { kind: 'broken', seq: row.seq, why: 'the sequence number does not count up' }
  if (row.prevHash !== previous.hash) {
    return {
      kind: 'broken',
      seq: row.seq,
      why: `the row does not follow row ${previous.seq}: one of the two was changed or put in`,
    }
  }
  if (hashOf(row) !== row.hash)
    return { kind: 'broken', seq: row.seq, why: 'the content does not match its hash' }
  return undefined
}

/**
 * verifyChain walks rows in ascending order and compares the end with `head`. It finds every edit, deletion, insertion
 * and swap; a history rewritten to the end together with its head shows only against an `anchor` kept elsewhere.
 */
export async function verifyChain(
  rows: AsyncIterable<AuditRow> | Iterable<AuditRow>,
  expected: { readonly head: ChainHead; readonly anchor?: ChainHead },
): Promise<Finding> {
  let last: ChainHead = { seq: 0n, hash: '' }
  for await (const row of rows) {
    const fault = faultOf(row, last)
    if (fault) return fault
    last = { seq: row.seq, hash: row.hash }
    if (expected.anchor?.seq === row.seq && expected.anchor.hash !== row.hash) {
      return {
        kind: 'broken',
        seq: row.seq,
        why: 'the row differs from the anchor: history was rewritten before it',
      }
    }
  }
  return endOf(last, expected)
}

function endOf(
  last: ChainHead,
  expected: { readonly head: ChainHead; readonly anchor?: ChainHead },
): Finding {
  const { head, anchor } = expected
  if (last.seq < head.seq) return { kind: 'broken', seq: last.seq + 1n, why: 'the row is missing at the end' }
  if (last.seq > head.seq)
    return { kind: 'broken', seq: head.seq + 1n, why: 'the row is not in the ledger head' }
  if (last.hash !== head.hash)
    return { kind: 'broken', seq: last.seq, why: 'the ledger head has another hash' }
  if (anchor && anchor.seq > last.seq) {
    return { kind: 'broken', seq: last.seq + 1n, why: `the anchor knows ${anchor.seq} rows` }
  }
  return { kind: 'whole', rows: last.seq, head: last }
}
