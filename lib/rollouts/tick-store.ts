import type { Sql } from '../platform/sql'
import type { Signal, Tick, Track, TrackTick, Unseen } from './model'

const COLUMNS: readonly (readonly [Signal, string])[] = [
  ['error_ratio', 'error_ratio'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['health', 'health'],
  ['memory', 'memory'],
  ['rate_5xx', 'rate_5xx'],
  ['rate_429', 'rate_429'],
  ['rate_auth', 'rate_auth'],
]

/** saveTicks stores what was read; a tick that is there already stays as it was judged. */
export async function saveTicks(
  sql: Sql,
  of: { readonly service: string; readonly environment: string; readonly rolloutId: string | null },
  ticks: readonly Tick[],
): Promise<void> {
  for (const tick of ticks)
    for (const [track, read] of Object.entries(tick.tracks)) {
      const value = (signal: Signal): number | null => read.values[signal] ?? null
      const unseen = Object.keys(read.unseen).length === 0 ? null : JSON.stringify(read.unseen)
      await sql.$queryRaw`
        INSERT INTO rollout_tick (service, environment, track, at, rollout_id, requests, error_ratio, p95, p99, health, memory, rate_5xx, rate_429, rate_auth, unseen)
        VALUES (${of.service}, ${of.environment}, ${track}, ${new Date(tick.atMs)}, ${of.rolloutId}::uuid, ${read.requests}::real,
          ${value('error_ratio')}::real, ${value('p95')}::real, ${value('p99')}::real, ${value('health')}::real, ${value('memory')}::real,
          ${value('rate_5xx')}::real, ${value('rate_429')}::real, ${value('rate_auth')}::real, ${unseen}::jsonb)
        ON CONFLICT DO NOTHING`
    }
}

/** TickRow is one track at one grid point as the database gives it. */
export type TickRow = {
  readonly track: Track
  readonly at: Date
  readonly requests: number | null
  readonly unseen: Readonly<Partial<Record<Signal, Unseen>>> | null
} & Readonly<Record<string, unknown>>

/** ticksOf gives the ticks of a rollout between two instants, in order. */
export async function ticksOf(
  sql: Sql,
  rolloutId: string,
  span: { readonly fromMs: number; readonly untilMs: number },
): Promise<readonly Tick[]> {
  const rows = await sql.$queryRaw<TickRow[]>`
    SELECT track, at, requests, error_ratio, p95, p99, health, memory, rate_5xx, rate_429, rate_auth, unseen
    FROM rollout_tick
    WHERE rollout_id = ${rolloutId}::uuid AND at > ${new Date(span.fromMs)} AND at <= ${new Date(span.untilMs)}
    ORDER BY at`
  return ticksFrom(rows)
}

/** ticksFrom puts rows of tracks together to ticks. */
export function ticksFrom(rows: readonly TickRow[]): readonly Tick[] {
  const ticks: { atMs: number; tracks: Partial<Record<Track, TrackTick>> }[] = []
  for (const row of rows) {
    const atMs = row.at.getTime()
    let tick = ticks.at(-1)
    if (tick?.atMs !== atMs) {
      tick = { atMs, tracks: {} }
      ticks.push(tick)
    }
    const values: Partial<Record<Signal, number>> = {}
    for (const [signal, column] of COLUMNS) {
      const value = row[column]
      if (typeof value === 'number') values[signal] = value
    }
    tick.tracks[row.track] = { requests: row.requests, values, unseen: row.unseen ?? {} }
  }
  return ticks
}

/** pastTicks gives one signal of one track of a service’s past by rollout (id; empty for quiet days), as columns that cost little to read. */
export async function pastTicks(
  sql: Sql,
  of: { readonly service: string; readonly track: Track; readonly signal: Signal; readonly sinceMs: number },
): Promise<ReadonlyMap<string, readonly Tick[]>> {
  const column = COLUMNS.find(([signal]) => signal === of.signal)?.[1] ?? 'error_ratio'
  const rows = await sql.$queryRaw<
    { rollout: string | null; ms: number[]; values: (number | null)[]; requests: (number | null)[] }[]
  >`
    SELECT rollout_id::text AS rollout, array_agg((extract(epoch FROM at) * 1000)::float8 ORDER BY at) AS ms,
      array_agg(CASE ${column}::text
        WHEN 'error_ratio' THEN error_ratio WHEN 'p95' THEN p95 WHEN 'p99' THEN p99 WHEN 'health' THEN health
        WHEN 'memory' THEN memory WHEN 'rate_5xx' THEN rate_5xx WHEN 'rate_429' THEN rate_429 ELSE rate_auth END ORDER BY at) AS values,
      array_agg(requests ORDER BY at) AS requests
    FROM rollout_tick
    WHERE service = ${of.service} AND environment = 'production' AND track = ${of.track} AND at >= ${new Date(of.sinceMs)}
    GROUP BY rollout_id`
  return new Map(
    rows.map(({ rollout, ms, values, requests }) => [
      rollout ?? '',
      ms.map((atMs, index): Tick => {
        const value = values[index]
        const seen = typeof value === 'number'
        return {
          atMs,
          tracks: {
            [of.track]: {
              requests: requests[index] ?? null,
              values: seen ? { [of.signal]: value } : {},
              unseen: seen ? {} : { [of.signal]: 'no_data' },
            },
          },
        }
      }),
    ]),
  )
}
