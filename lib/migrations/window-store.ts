import type { Tx } from '../platform/db'
import type { Tally } from './facts'
import type { Window } from './gate-signals'
import type { Track } from './model'

/** Counted is what one reporter counted on one track in one tick; latencies in ms. */
export type Counted = {
  readonly track: Track
  readonly at: Date
  readonly reporter: string
  readonly requests: number
  readonly errors: number
  readonly mismatches: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly lagSeconds: number | null
}

/** writeWindows keeps what was counted; the same tick told again by the same reporter replaces what it told before. */
export async function writeWindows(tx: Tx, migrationId: string, windows: readonly Counted[]): Promise<void> {
  for (const { track, at, reporter, ...counted } of windows)
    await tx.migrationWindow.upsert({
      where: { migrationId_track_at_reporter: { migrationId, track, at, reporter } },
      create: { migrationId, track, at, reporter, ...counted },
      update: counted,
    })
}

/** readWindows gives a track's ticks since an instant, all reporters together, oldest first; the slowest one's p95 counts. */
export async function readWindows(
  tx: Tx,
  {
    migrationId,
    track,
    since,
  }: { readonly migrationId: string; readonly track: Track; readonly since: Date },
): Promise<readonly Window[]> {
  const rows = await tx.$queryRaw<
    { at: Date; requests: number; errors: number; mismatches: number; p95: number | null }[]
  >`SELECT at, sum(requests)::int AS requests, sum(errors)::int AS errors, sum(mismatches)::int AS mismatches,
      max(p95_ms) AS p95
    FROM migration_window WHERE migration_id = ${migrationId}::uuid AND track = ${track} AND at >= ${since}
    GROUP BY at ORDER BY at`
  return rows.map((row) => ({
    atMs: row.at.getTime(),
    requests: row.requests,
    errors: row.errors,
    mismatches: row.mismatches,
    p95Ms: row.p95,
  }))
}

/** Totals is a track since an instant. */
export type Totals = Tally & {
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** toldAtMs is the newest tick that was told, also one without a request. */
  readonly toldAtMs: number
  readonly wrongAtMs: number | null
  readonly lag: { readonly lagSeconds: number; readonly atMs: number } | null
}

/** readTotals sums a track since an instant; undefined when nothing was told. */
export async function readTotals(
  tx: Tx,
  {
    migrationId,
    track,
    since,
  }: { readonly migrationId: string; readonly track: Track; readonly since: Date },
): Promise<Totals | undefined> {
  const [row] = await tx.$queryRaw<
    {
      requests: number
      wrong: number
      first: Date | null
      last: Date | null
      told: Date | null
      wrong_at: Date | null
      lag: number | null
      lag_at: Date | null
    }[]
  >`SELECT coalesce(sum(requests), 0)::int AS requests, coalesce(sum(mismatches), 0)::int AS wrong,
      min(at) AS first, max(at) FILTER (WHERE requests > 0) AS last, max(at) AS told,
      max(at) FILTER (WHERE mismatches > 0) AS wrong_at, max(at) FILTER (WHERE lag_seconds IS NOT NULL) AS lag_at,
      (SELECT max(lag_seconds) FROM migration_window AS w WHERE w.migration_id = ${migrationId}::uuid AND w.track = ${track}
        AND lag_seconds IS NOT NULL GROUP BY at ORDER BY at DESC LIMIT 1) AS lag
    FROM migration_window WHERE migration_id = ${migrationId}::uuid AND track = ${track} AND at >= ${since}`
  if (!row?.first) return undefined
  return {
    requests: row.requests,
    wrong: row.wrong,
    firstAtMs: row.first.getTime(),
    lastAtMs: (row.last ?? row.first).getTime(),
    toldAtMs: (row.told ?? row.first).getTime(),
    wrongAtMs: row.wrong_at?.getTime() ?? null,
    lag: row.lag === null || row.lag_at === null ? null : { lagSeconds: row.lag, atMs: row.lag_at.getTime() },
  }
}

const KEPT_MISMATCHES = 1_000

/** Mismatch is one answer that differed; both texts are masked before they come here. */
export type Mismatch = {
  readonly kind: string
  readonly key: string
  readonly field: string
  readonly oldText: string
  readonly newText: string
}

/** writeMismatches keeps what differed, of all the last 1,000. */
export async function writeMismatches(
  tx: Tx,
  migrationId: string,
  mismatches: readonly Mismatch[],
  now: Date,
): Promise<void> {
  if (mismatches.length === 0) return
  await tx.migrationMismatch.createMany({
    data: mismatches.map((mismatch) => ({ migrationId, at: now, ...mismatch })),
  })
  await tx.$executeRaw`DELETE FROM migration_mismatch WHERE migration_id = ${migrationId}::uuid AND id <= (
    SELECT id FROM migration_mismatch WHERE migration_id = ${migrationId}::uuid ORDER BY id DESC OFFSET ${KEPT_MISMATCHES} LIMIT 1)`
}

/** readMismatches gives the newest answers that differed. */
export function readMismatches(tx: Tx, migrationId: string, take: number) {
  return tx.migrationMismatch.findMany({ where: { migrationId }, orderBy: { id: 'desc' }, take })
}
