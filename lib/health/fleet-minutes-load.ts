import type pg from 'pg'
import { RATINGS } from './model'
import { stateOf } from './state'
import { unpackSnapshot } from './store'

/** FleetMoment is the fleet as it was kept at one moment: how many GPUs, how many down and not known, and their price. */
export type FleetMoment = {
  readonly atMs: number
  readonly gpus: number
  readonly down: number
  readonly unknown: number
  /** centsPerHour is the price of the GPUs that were down, each as its share of its instance's price. */
  readonly centsPerHour: number
}

const BREACH = RATINGS.indexOf('breach')
const UNKNOWN = RATINGS.indexOf('unknown')
const MINUTE_MS = 60_000

function momentOf(body: Buffer, atMs: number): FleetMoment {
  const { gpus, instances } = stateOf(unpackSnapshot(body))
  let down = 0
  let unknown = 0
  let centsPerHour = 0
  for (let row = 0; row < gpus.count; row += 1) {
    const rating = gpus.rating[row]
    if (rating === UNKNOWN) unknown += 1
    if (rating !== BREACH) continue
    const instance = gpus.instance[row] ?? 0
    down += 1
    centsPerHour += (instances.centsPerHour[instance] ?? 0) / Math.max(1, instances.gpus[instance] ?? 1)
  }
  return { atMs, gpus: gpus.count, down, unknown, centsPerHour }
}

/**
 * fleetMoments reads the fleet of a time from the checkpoints: at most `max` of them, evenly apart, and the last one before
 * it; `stepMs` is how far apart they are. What an older version kept and cannot be read is left out.
 */
export async function fleetMoments(
  pool: pg.Pool,
  span: { readonly from: Date; readonly to: Date; readonly max: number },
): Promise<{ readonly moments: readonly FleetMoment[]; readonly stepMs: number }> {
  const minutes = Math.max(1, (span.to.getTime() - span.from.getTime()) / MINUTE_MS)
  const stepMs = Math.max(1, Math.ceil(minutes / span.max)) * MINUTE_MS
  const { rows } = await pool.query<{ at: Date; body: Buffer }>(
    `(SELECT at, body FROM health_checkpoint WHERE at < $1 AND at > $1::timestamptz - interval '30 minutes'
       ORDER BY seq DESC LIMIT 1)
     UNION ALL
     (SELECT at, body FROM (
       SELECT DISTINCT ON (floor(extract(epoch FROM at) * 1000 / $3::float8)) at, body FROM health_checkpoint
       WHERE at >= $1 AND at < $2 ORDER BY floor(extract(epoch FROM at) * 1000 / $3::float8), at
     ) AS kept LIMIT $4)`,
    [span.from, span.to, stepMs, span.max + 1],
  )
  const moments: FleetMoment[] = []
  for (const row of rows.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    try {
      moments.push(momentOf(row.body, row.at.getTime()))
    } catch {
      // An older version's checkpoint is as good as none.
    }
    if (moments.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return { moments, stepMs }
}
