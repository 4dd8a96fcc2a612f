import type { Tx } from '../platform/db'
import type { WatchedQuery } from './gate-signals'
import type { PlanQuery } from './shapes'
import { hashOf, type MigrationRow } from './store'

/** Readings are kept for as long as a step may be held, and a day. */
const KEPT_MS = 8 * 86_400_000

/** Read is what a query came to at a tick; null could not be read, and why. */
export type Read = {
  readonly query: PlanQuery
  readonly at: Date
  readonly value: number | null
  readonly why: string
}

/** Readings belong to the query's text: under another text they are of something else. */
function queryId({ expr }: PlanQuery): string {
  return hashOf(expr).slice(0, 16)
}

/** writeReadings keeps what queries came to, each tick once, and drops what no gate asks any more. */
export async function writeReadings(tx: Tx, migrationId: string, reads: readonly Read[]): Promise<void> {
  const newest = reads[0]?.at
  if (newest === undefined) return
  await tx.$executeRaw`
    INSERT INTO migration_reading (migration_id, query_id, at, value, why)
    SELECT ${migrationId}::uuid, query_id, at, value, why
    FROM unnest(${reads.map(({ query }) => queryId(query))}::text[], ${reads.map(({ at }) => at)}::timestamptz[],
      ${reads.map(({ value }) => value)}::float8[], ${reads.map(({ why }) => why)}::text[]) AS r(query_id, at, value, why)
    ON CONFLICT DO NOTHING`
  await tx.$executeRaw`
    DELETE FROM migration_reading
    WHERE migration_id = ${migrationId}::uuid AND at < ${new Date(newest.getTime() - KEPT_MS)}`
}

/** readWatched gives each query of a migration's plan with its readings since an instant, oldest first. */
export async function readWatched(tx: Tx, row: MigrationRow, since: Date): Promise<readonly WatchedQuery[]> {
  if (row.plan.queries.length === 0) return []
  const rows = await tx.$queryRaw<{ queryId: string; at: Date; value: number | null; why: string }[]>`
    SELECT query_id AS "queryId", at, value, why FROM migration_reading
    WHERE migration_id = ${row.id}::uuid AND query_id = ANY(${row.plan.queries.map(queryId)}) AND at >= ${since}
    ORDER BY at`
  return row.plan.queries.map((query) => {
    const { name, unit, ok, breach, holdSeconds } = query
    return {
      name,
      unit,
      limits: { ok, breach, holdSeconds: row.isRehearsal ? 0 : holdSeconds },
      readings: rows
        .filter((one) => one.queryId === queryId(query))
        .map(({ at, value, why }) => ({ atMs: at.getTime(), value, why })),
    }
  })
}
