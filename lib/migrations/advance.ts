import type pg from 'pg'
import type { Db, Tx } from '../platform/db'
import { goBack } from './commands-move'
import { loadGate } from './load-facts'
import { type Read, writeReadings } from './reading-store'
import type { PlanQuery } from './shapes'
import { getMigration, lockMigration, type MigrationRow } from './store'

/** Room is where migrations are watched from. */
export type Room = { readonly hot: pg.Pool; readonly db: () => Db }

/** listShifted gives the numbers of the migrations whose traffic is shifted; one question over the small pool. */
export async function listShifted({ hot }: Room): Promise<readonly number[]> {
  const { rows } = await hot.query<{ number: number }>(
    `SELECT number FROM migration WHERE state IN ('shifting', 'awaiting-cutover') ORDER BY number`,
  )
  return rows.map(({ number }) => number)
}

/** isFiring tells whether a migration's traffic has to go back, without holding anything. */
export async function isFiring({ db }: Room, number: number, now: Date): Promise<boolean> {
  const gate = await loadGate(db(), await getMigration(db(), number), now)
  return gate?.kind === 'roll-back'
}

/** rollBackFiring judges a migration again under its lock and sends its traffic back if its trigger still fires. */
export async function rollBackFiring(
  tx: Tx,
  number: number,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<{ readonly row: MigrationRow; readonly reason: string } | undefined> {
  const row = await lockMigration(tx, number)
  const gate = await loadGate(tx, row, now)
  if (gate?.kind !== 'roll-back') return undefined
  await goBack(tx, row, { to: 'traffic-rolled-back', reason: gate.words, by, now })
  return { row, reason: gate.words }
}

/** Figure is one number of Prometheus, or why there is none. */
export type Figure = { readonly value: number } | { readonly why: string }

/**
 * readQueries asks the queries of a migration's plan once for the tick that `now` is in; undefined where the plan names none or
 * the tick is known. What could not be read is kept as such, with why.
 */
export async function readQueries(
  { hot, db }: Room,
  { number, now }: { readonly number: number; readonly now: Date },
  ask: (expr: string) => Promise<Figure>,
): Promise<{ readonly id: string; readonly reads: readonly Read[] } | undefined> {
  const { id, plan, policy } = await getMigration(db(), number)
  const tickMs = policy.triggers.tickSeconds * 1_000
  const at = new Date(Math.floor(now.getTime() / tickMs) * tickMs)
  if (plan.queries.length === 0) return undefined
  const { rowCount } = await hot.query(
    'SELECT 1 FROM migration_reading WHERE migration_id = $1 AND at = $2',
    [id, at],
  )
  if (rowCount === plan.queries.length) return undefined
  const read = async (query: PlanQuery): Promise<Read> => {
    const figure = await ask(query.expr)
    return 'value' in figure
      ? { query, at, value: figure.value, why: '' }
      : { query, at, value: null, why: figure.why }
  }
  return { id, reads: await Promise.all(plan.queries.map(read)) }
}

/** keepReads writes what the queries of a migration came to, in the caller's transaction. */
export async function keepReads(
  tx: Tx,
  { id, reads }: { readonly id: string; readonly reads: readonly Read[] },
): Promise<void> {
  await writeReadings(tx, id, reads)
}
