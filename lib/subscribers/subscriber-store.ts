import { randomUUID } from 'node:crypto'
import type { Seal } from '../platform/crypto'
import { randomToken } from '../platform/crypto'
import type { Sql } from '../platform/sql'
import type { Links } from './links-verify'

/** CONFIRM_MS is how long the link of a confirmation works: seven days. */
export const CONFIRM_MS = 7 * 86_400_000

/** addressPlace binds a sealed address to its subscriber. */
export function addressPlace(id: string): string {
  return `subscriber|${id}|sealed`
}

/** countAttempt counts one more attempt under a key and tells whether it is within `most` for the window. */
export async function countAttempt(
  sql: Sql,
  attempt: { readonly key: string; readonly most: number; readonly windowMs: number; readonly now: Date },
): Promise<boolean> {
  const floor = new Date(attempt.now.getTime() - attempt.windowMs)
  const [row] = await sql.$queryRaw<{ count: number }[]>`
    INSERT INTO subscriber_throttle AS held (key, window_at, count) VALUES (${attempt.key}, ${attempt.now}, 1)
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN held.window_at < ${floor} THEN 1 ELSE held.count + 1 END,
      window_at = CASE WHEN held.window_at < ${floor} THEN ${attempt.now} ELSE held.window_at END
    RETURNING count`
  return (row?.count ?? 0) <= attempt.most
}

/**
 * askToConfirm keeps what an address asked for and queues the mail that asks to confirm it. What is in force stays in force
 * until the link is used; an address that bounced is not written to.
 */
export async function askToConfirm(
  sql: Sql,
  ask: {
    readonly address: string
    readonly components: readonly string[]
    readonly links: Links
    readonly seal: Seal
    readonly now: Date
  },
): Promise<void> {
  const { address, components, links, seal, now } = ask
  const id = randomUUID()
  const nonce = randomToken(16)
  await sql.$queryRaw`
    WITH held AS (
      INSERT INTO subscriber AS s (id, digest, sealed, state, components, wanted_components, confirm_nonce, confirm_until, created_at)
      VALUES (${id}::uuid, ${links.digestOf(address)}, ${seal.seal(address, addressPlace(id))}, 'pending', '{}',
        ${[...components]}::text[], ${nonce}, ${new Date(now.getTime() + CONFIRM_MS)}, ${now})
      ON CONFLICT (digest) DO UPDATE SET wanted_components = excluded.wanted_components,
        confirm_nonce = excluded.confirm_nonce, confirm_until = excluded.confirm_until
      RETURNING s.id, s.state
    )
    INSERT INTO subscriber_mail (kind, subscriber_id, thread, nonce, not_before, created_at)
    SELECT 'confirm', held.id, 'confirm', ${nonce}, ${now}, ${now} FROM held WHERE held.state <> 'suppressed'`
}

/** confirmOnce uses the link of a confirmation up; false when it was used, is too old, or never was one. */
export async function confirmOnce(
  sql: Sql,
  use: { readonly id: string; readonly token: string; readonly links: Links; readonly now: Date },
): Promise<boolean> {
  const { id, token, links, now } = use
  const [row] = await sql.$queryRaw<{ nonce: string | null }[]>`
    SELECT confirm_nonce AS nonce FROM subscriber
    WHERE id = ${id}::uuid AND confirm_until > ${now} AND state <> 'suppressed' FOR UPDATE`
  if (!row?.nonce || !links.isConfirmToken(token, id, row.nonce)) return false
  await sql.$queryRaw`
    UPDATE subscriber SET state = 'confirmed', components = wanted_components, confirm_nonce = NULL, confirm_until = NULL,
      confirmed_at = ${now}, ended_at = NULL WHERE id = ${id}::uuid`
  return true
}

/** isConfirmable tells whether the link of a confirmation still works, without using it up. */
export async function isConfirmable(
  sql: Sql,
  use: { readonly id: string; readonly token: string; readonly links: Links; readonly now: Date },
): Promise<boolean> {
  const [row] = await sql.$queryRaw<{ nonce: string | null }[]>`
    SELECT confirm_nonce AS nonce FROM subscriber
    WHERE id = ${use.id}::uuid AND confirm_until > ${use.now} AND state <> 'suppressed'`
  return Boolean(row?.nonce && use.links.isConfirmToken(use.token, use.id, row.nonce))
}

/** endSubscription ends a subscription and drops what waits for it; again changes nothing. */
export async function endSubscription(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.$queryRaw`
    WITH ended AS (
      UPDATE subscriber SET state = 'ended', ended_at = ${now}, confirm_nonce = NULL, confirm_until = NULL
      WHERE id = ${id}::uuid AND state IN ('pending', 'confirmed') RETURNING id
    )
    UPDATE subscriber_mail SET state = 'skipped', note = 'unsubscribed' FROM ended
    WHERE subscriber_id = ended.id AND state IN ('queued', 'retry')`
}

/** suppress stops all mail to an address that does not exist. */
export async function suppress(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.$queryRaw`
    WITH gone AS (
      UPDATE subscriber SET state = 'suppressed', ended_at = ${now}, confirm_nonce = NULL, confirm_until = NULL
      WHERE id = ${id}::uuid RETURNING id
    )
    UPDATE subscriber_mail SET state = 'skipped', note = 'the mailbox does not exist' FROM gone
    WHERE subscriber_id = gone.id AND state IN ('queued', 'retry')`
}

/** forget deletes a subscriber by address with everything that could lead back to it; tells whether there was one. */
export async function forget(sql: Sql, digest: string): Promise<boolean> {
  const rows = await sql.$queryRaw<
    { id: string }[]
  >`DELETE FROM subscriber WHERE digest = ${digest} RETURNING id`
  return rows.length > 0
}

/** SubscriberCounts are the subscribers by state. */
export type SubscriberCounts = {
  readonly confirmed: number
  readonly pending: number
  readonly ended: number
  readonly suppressed: number
}

/** countSubscribers counts the subscribers by state. */
export async function countSubscribers(sql: Sql): Promise<SubscriberCounts> {
  const rows = await sql.$queryRaw<{ state: string; count: number }[]>`
    SELECT state, count(*)::int AS count FROM subscriber GROUP BY state`
  const of = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0
  return {
    confirmed: of('confirmed'),
    pending: of('pending'),
    ended: of('ended'),
    suppressed: of('suppressed'),
  }
}

/** readChoices gives the components of the status page, in its order: what a subscription may be limited to. */
export function readChoices(sql: Sql): PromiseLike<{ id: string; name: string }[]> {
  return sql.$queryRaw<{ id: string; name: string }[]>`
    SELECT id, name FROM status_component WHERE retired_at IS NULL ORDER BY position, id LIMIT 100`
}
