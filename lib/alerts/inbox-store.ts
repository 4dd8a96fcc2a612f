import type pg from 'pg'
import { redact, redactText } from '../platform/redact'
import { onOneClient } from '../platform/sql'
import { type Applied, applyMessages, type Statements } from './episode-store'
import type { Parsed, Sender } from './model'

/** InboxRow is a stored delivery that nobody has understood yet. */
export type InboxRow = {
  readonly id: string
  readonly sender: Sender
  readonly receivedAt: Date
  readonly text: string
}

/** BATCH_ROWS is how many deliveries are understood together. */
export const BATCH_ROWS = 100
const BATCH_BYTES = 512 * 1024
const decoder = new TextDecoder()

/** The batch ends where its bodies pass the limit, but always holds one. */
const TAKE = `
WITH due AS (
  SELECT id FROM hook_inbox WHERE state = 'new' ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
), sized AS (
  SELECT inbox.id, sum(octet_length(inbox.body)) OVER (ORDER BY inbox.id) - octet_length(inbox.body) AS before
  FROM hook_inbox AS inbox JOIN due USING (id)
)
SELECT inbox.id, inbox.sender, inbox.received_at, inbox.body FROM hook_inbox AS inbox JOIN sized USING (id)
WHERE sized.before < ${BATCH_BYTES} ORDER BY inbox.id`

const DONE = "UPDATE hook_inbox SET state = 'done', done_at = $2 WHERE id = ANY($1::bigint[])"

const MASK = 'UPDATE hook_inbox SET body = $2 WHERE id = $1'

const HOLD = `
INSERT INTO hook_quarantine (inbox_id, sender, received_at, position, reason)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::int[], $5::text[])
ON CONFLICT (inbox_id, position) DO NOTHING`

const TRUNCATED = `
INSERT INTO alert_notice (id, since, at, sentence) VALUES ($1, $2, $2, $3)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, sentence = excluded.sentence`

/** Drained is what one batch brought. */
export type Drained = Applied & { readonly taken: number; readonly held: number; readonly truncated: boolean }

const NOTHING: Drained = { taken: 0, held: 0, created: 0, touched: 0, states: [], truncated: false }

/** statementsOfClient runs statements on a client of the pool, inside the transaction that the caller opened. */
export function statementsOfClient(client: pg.PoolClient): Statements {
  return async <Row>(text: string, values: readonly unknown[]) =>
    (await client.query(text, [...values])).rows as Row[]
}

/** inTransaction runs work on one client; whatever it throws rolls everything back. */
export function inTransaction<Result>(
  pool: pg.Pool,
  work: (sql: Statements) => Promise<Result>,
): Promise<Result> {
  return onOneClient(pool, (client) => work(statementsOfClient(client)))
}

async function hold(
  sql: Statements,
  understood: readonly { row: InboxRow; parsed: Parsed }[],
): Promise<number> {
  const held = understood.flatMap(({ row, parsed }) => parsed.faults.map((fault) => ({ row, fault })))
  if (held.length === 0) return 0
  await sql(HOLD, [
    held.map(({ row }) => row.id),
    held.map(({ row }) => row.sender),
    held.map(({ row }) => row.receivedAt.toISOString()),
    held.map(({ fault }) => fault.position),
    held.map(({ fault }) => fault.reason),
  ])
  return held.length
}

/**
 * drainBatch understands up to `limit` stored deliveries in one transaction: episodes, quarantine and the mark "done" commit
 * together, so a crash anywhere repeats the batch and counts nothing twice.
 */
export async function drainBatch(
  pool: pg.Pool,
  options: { readonly parse: (row: InboxRow) => Parsed; readonly now: Date; readonly limit: number },
): Promise<Drained> {
  const { now, parse, limit } = options
  return inTransaction(pool, async (sql) => {
    const taken = await sql<{ id: string; sender: Sender; received_at: Date; body: Buffer }>(TAKE, [limit])
    const rows = taken.map((row) => ({
      id: row.id,
      sender: row.sender,
      receivedAt: row.received_at,
      text: decoder.decode(row.body),
    }))
    if (rows.length === 0) return NOTHING
    const understood = rows.map((row) => ({ row, parsed: parse(row) }))
    const applied = await applyMessages(
      sql,
      understood.flatMap(({ parsed }) => parsed.messages),
      now,
    )
    const held = await hold(sql, understood)
    const short = understood.filter(({ parsed }) => parsed.truncated > 0)
    for (const { row, parsed } of short) {
      const sentence = `${row.sender} left ${parsed.truncated} alerts out of a delivery: more are at the source.`
      await sql(TRUNCATED, [`truncated:${row.sender}`, now.toISOString(), sentence])
    }
    await sql(DONE, [rows.map((row) => row.id), now.toISOString()])
    for (const { id, text } of rows) {
      const masked = withoutSecrets(text)
      if (masked) await sql(MASK, [id, masked])
    }
    return { ...applied, taken: rows.length, held, truncated: short.length > 0 }
  })
}

/** A delivery is kept as it came until it is understood; what looks like a secret in it is not kept any longer. */
function withoutSecrets(text: string): Buffer | undefined {
  if (redactText(text) === text) return undefined
  try {
    return Buffer.from(JSON.stringify(redact(JSON.parse(text))))
  } catch {
    return Buffer.from(redactText(text))
  }
}

/** quarantineHead sets the oldest delivery aside as a whole, so that it can't hold up those behind it. */
export async function quarantineHead(pool: pg.Pool, reason: string, now: Date): Promise<void> {
  await inTransaction(pool, async (sql) => {
    const [row] = await sql<{ id: string; sender: string; received_at: Date }>(
      `UPDATE hook_inbox SET state = 'done', done_at = $1
       WHERE id = (SELECT id FROM hook_inbox WHERE state = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id, sender, received_at`,
      [now.toISOString()],
    )
    if (row)
      await sql(HOLD, [[row.id], [row.sender], [row.received_at.toISOString()], [-1], [reason.slice(0, 300)]])
  })
}
