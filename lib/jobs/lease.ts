import type pg from 'pg'

/** LEASE_MS is how long a lease holds without renewal: with a try a second, a dead owner is replaced within 10 s. */
export const LEASE_MS = 6_000

/** takeLease takes or renews a lease by the database's clock; the epoch, or undefined when another owner holds it. */
export async function takeLease(pool: pg.Pool, name: string, owner: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ epoch: string }>(
    `INSERT INTO lease (name, epoch, owner, expires_at) VALUES ($1, 1, $2, now() + $3 * interval '1 millisecond')
     ON CONFLICT (name) DO UPDATE
       SET epoch = lease.epoch + (lease.owner IS DISTINCT FROM $2)::int, owner = $2,
           expires_at = now() + $3 * interval '1 millisecond'
       WHERE lease.owner = $2 OR lease.expires_at < now()
     RETURNING epoch`,
    [name, owner, LEASE_MS],
  )
  return rows[0] ? Number(rows[0].epoch) : undefined
}

/** releaseLease gives a lease back at once, so that a clean stop costs no waiting. */
export async function releaseLease(pool: pg.Pool, name: string, owner: string): Promise<void> {
  await pool.query('UPDATE lease SET expires_at = now() WHERE name = $1 AND owner = $2', [name, owner])
}
