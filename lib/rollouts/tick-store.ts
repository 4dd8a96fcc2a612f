import type { Sql } from '../platform/sql'
import type { Series } from './backtest'
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

/** pastSeries gives one signal of one track of a service’s past as columns, by time; a tick’s place is that of its rollout in `rollouts`, or after them for quiet days. */
export async function pastSeries(
  sql: Sql,
  of: {
    readonly service: string
    readonly track: Track
    readonly signal: Signal
    readonly sinceMs: number
    readonly rollouts: readonly string[]
  },
): Promise<Series> {
  // Binary columns: a month of ticks as text and objects costs more than judging it.
  const [found] = await sql.$queryRaw<
    readonly {
      readonly ms: Buffer | null
      readonly figures: Buffer | null
      readonly requests: Buffer | null
      readonly places: Buffer | null
    }[]
  >`
    SELECT string_agg(float8send(ms), ''::bytea) AS ms, string_agg(float4send(figure), ''::bytea) AS figures,
      string_agg(float4send(requests), ''::bytea) AS requests, string_agg(int2send(place), ''::bytea) AS places
    FROM (
      SELECT (extract(epoch FROM at) * 1000)::float8 AS ms, coalesce(requests, 'NaN') AS requests,
        coalesce(CASE ${of.signal}::text
          WHEN 'error_ratio' THEN error_ratio WHEN 'p95' THEN p95 WHEN 'p99' THEN p99 WHEN 'health' THEN health
          WHEN 'memory' THEN memory WHEN 'rate_5xx' THEN rate_5xx WHEN 'rate_429' THEN rate_429 ELSE rate_auth END, 'NaN') AS figure,
        (CASE WHEN rollout_id IS NULL THEN ${of.rollouts.length}::int
          ELSE coalesce(array_position(${[...of.rollouts]}::uuid[], rollout_id), 0) - 1 END)::int2 AS place
      FROM rollout_tick
      WHERE service = ${of.service} AND environment = 'production' AND track = ${of.track} AND at >= ${new Date(of.sinceMs)}
      ORDER BY at
    ) AS ticks`
  return {
    atMs: new Float64Array(aligned(found?.ms, (bytes) => bytes.swap64())),
    values: new Float32Array(aligned(found?.figures, (bytes) => bytes.swap32())),
    requests: new Float32Array(aligned(found?.requests, (bytes) => bytes.swap32())),
    places: new Int16Array(aligned(found?.places, (bytes) => bytes.swap16())),
  }
}

/** The database sends the most significant byte first, and a column may begin anywhere in its buffer. */
function aligned(bytes: Buffer | null | undefined, swap: (bytes: Buffer) => Buffer): ArrayBuffer {
  if (!bytes) return new ArrayBuffer(0)
  const own = new Uint8Array(bytes.length)
  own.set(swap(bytes))
  return own.buffer
}
