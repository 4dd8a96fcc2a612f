import { gunzipSync, gzipSync } from 'node:zlib'
import type pg from 'pg'
import type { ListedInstance } from './ports'
import type { HealthEventRow, Strike } from './records'
import { applyDelta, type HealthState, snapshotOf, stateOf } from './state'
import type { Delta, Snapshot } from './wire'

/** DeltaRow is a committed delta: its JSON text as bytes. */
export type DeltaRow = { readonly seq: number; readonly at: Date; readonly body: Buffer }

/** readDeltas gives at most 500 deltas after `seq`, in order. */
export async function readDeltas(pool: pg.Pool, seq: number): Promise<DeltaRow[]> {
  const { rows } = await pool.query<{ seq: string; at: Date; body: Buffer }>(
    'SELECT seq, at, body FROM health_delta WHERE seq > $1 ORDER BY seq LIMIT 500',
    [seq],
  )
  return rows.map((row) => ({ seq: Number(row.seq), at: row.at, body: row.body }))
}

/** lastSeq is the number of the newest committed delta, 0 before the first. */
export async function lastSeq(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ seq: string | null }>('SELECT max(seq) AS seq FROM health_delta')
  return Number(rows[0]?.seq ?? 0)
}

/** packSnapshot gives a state's snapshot as gzipped JSON. */
export function packSnapshot(state: HealthState): Buffer {
  return gzipSync(JSON.stringify(snapshotOf(state)), { level: 6 })
}

/** unpackSnapshot is the inverse of packSnapshot. */
export function unpackSnapshot(body: Uint8Array): Snapshot {
  return JSON.parse(gunzipSync(body).toString('utf8')) as Snapshot
}

/** A checkpoint that cannot be read (an older version's) is as good as none: the sources are asked anew. */
function stateIn(body: Buffer): HealthState | undefined {
  try {
    return stateOf(unpackSnapshot(body))
  } catch {
    return undefined
  }
}

/** readState rebuilds the newest state: the last checkpoint and every delta after it; undefined before the first. */
export async function readState(pool: pg.Pool): Promise<HealthState | undefined> {
  const { rows } = await pool.query<{ body: Buffer }>(
    'SELECT body FROM health_checkpoint ORDER BY seq DESC LIMIT 1',
  )
  const [checkpoint] = rows
  if (!checkpoint) return undefined
  const state = stateIn(checkpoint.body)
  if (!state) return undefined
  for (;;) {
    const deltas = await readDeltas(pool, state.seq)
    for (const row of deltas) applyDelta(state, JSON.parse(row.body.toString('utf8')) as Delta)
    if (deltas.length < 500 || state.seq < (deltas.at(-1)?.seq ?? 0)) return state
  }
}

/** Commit is everything that one cycle writes, in one statement. */
export type Commit = {
  readonly epoch: number
  readonly seq: number
  readonly at: Date
  readonly body: Buffer
  readonly checkpoint: Buffer | undefined
  readonly events: readonly HealthEventRow[]
  readonly inboxIds: readonly string[]
}

const COMMIT = `
WITH lease_held AS (
  SELECT 1 FROM lease WHERE name = 'collector' AND epoch = $1 AND expires_at > now() FOR SHARE
), delta AS (
  INSERT INTO health_delta (seq, epoch, at, body) SELECT $2, $1, $3, $4 FROM lease_held RETURNING seq
), checkpoint AS (
  INSERT INTO health_checkpoint (seq, epoch, at, body) SELECT $2, $1, $3, $5 FROM lease_held WHERE $5::bytea IS NOT NULL
), event AS (
  INSERT INTO health_event (at, kind, subject, before, after, reason)
  SELECT $3, item.kind, item.subject, item.before, item.after, item.reason
  FROM lease_held, unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
    AS item(kind, subject, before, after, reason)
), taken AS (
  DELETE FROM agent_inbox USING lease_held WHERE id = ANY($11::bigint[]) RETURNING instance_id, received_at, body
), newest AS (
  INSERT INTO agent_report (instance_id, received_at, body)
  SELECT DISTINCT ON (instance_id) instance_id, received_at, body FROM taken ORDER BY instance_id, received_at DESC
  ON CONFLICT (instance_id) DO UPDATE SET received_at = excluded.received_at, body = excluded.body
    WHERE agent_report.received_at <= excluded.received_at
)
SELECT seq, pg_notify('watchfloor_live', 'health') FROM delta`

/**
 * commitCycle writes a delta, its checkpoint, events and consumed agent reports in one statement under the lease's epoch,
 * and wakes the hubs; false when the lease is no longer ours, and then nothing was written.
 */
export async function commitCycle(pool: pg.Pool, commit: Commit): Promise<boolean> {
  const { events } = commit
  const { rowCount } = await pool.query({
    name: 'health-commit',
    text: COMMIT,
    values: [
      commit.epoch,
      commit.seq,
      commit.at,
      commit.body,
      commit.checkpoint ?? null,
      events.map((event) => event.kind),
      events.map((event) => event.subject),
      events.map((event) => event.before),
      events.map((event) => event.after),
      events.map((event) => event.reason),
      commit.inboxIds,
    ],
  })
  return rowCount === 1
}

/** InboxRow is an agent's report as it arrived. */
export type InboxRow = {
  readonly id: string
  readonly instanceId: string
  readonly receivedAt: Date
  readonly body: unknown
}

/** readInbox gives at most 500 reports that are not in `pending` (read, but not committed yet), oldest first. */
export async function readInbox(pool: pg.Pool, pending: readonly string[]): Promise<InboxRow[]> {
  const { rows } = await pool.query<{ id: string; instance_id: string; received_at: Date; body: unknown }>({
    name: 'health-inbox',
    text: 'SELECT id, instance_id, received_at, body FROM agent_inbox WHERE id <> ALL($1::bigint[]) ORDER BY id LIMIT 500',
    values: [pending],
  })
  return rows.map((row) => ({
    id: row.id,
    instanceId: row.instance_id,
    receivedAt: row.received_at,
    body: row.body,
  }))
}

/** writeStrikes records hardware strikes; the same card, kind and hour counts once. */
export async function writeStrikes(pool: pg.Pool, strikes: readonly Strike[]): Promise<void> {
  for (const strike of strikes) {
    await pool.query(
      `INSERT INTO hardware_strike (gpu_uuid, machine_id, host_id, instance_id, kind, code, at, detail)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8
       WHERE NOT EXISTS (SELECT 1 FROM hardware_strike WHERE gpu_uuid IS NOT DISTINCT FROM $1 AND machine_id = $2
         AND instance_id = $4 AND kind = $5 AND at > $7::timestamptz - interval '1 hour')`,
      [
        strike.gpuUuid ?? null,
        strike.machineId,
        strike.hostId,
        strike.instanceId,
        strike.kind,
        strike.code ?? null,
        strike.at,
        strike.detail,
      ],
    )
  }
}

/** writeRecords keeps what the provider listed of these instances, and when those named as gone went, under the lease's epoch. */
export async function writeRecords(
  pool: pg.Pool,
  options: {
    readonly epoch: number
    readonly listed: readonly ListedInstance[]
    readonly gone: readonly string[]
    readonly at: Date
  },
): Promise<void> {
  const { epoch, listed, gone, at } = options
  if (listed.length > 0) {
    await pool.query({
      name: 'health-records',
      text: `INSERT INTO instance_record (id, machine_id, host_id, first_seen_at, last_listed_at, listed)
       SELECT listed->>'id', listed->>'machineId', listed->>'hostId', $2, $2, listed
       FROM jsonb_array_elements($3::jsonb) AS listed
       WHERE EXISTS (SELECT 1 FROM lease WHERE name = 'collector' AND epoch = $1)
       ON CONFLICT (id) DO UPDATE SET machine_id = excluded.machine_id, host_id = excluded.host_id,
         last_listed_at = excluded.last_listed_at, listed = excluded.listed, gone_at = NULL`,
      values: [epoch, at, JSON.stringify(listed)],
    })
  }
  if (gone.length > 0) {
    await pool.query('UPDATE instance_record SET gone_at = $2 WHERE id = ANY($1) AND gone_at IS NULL', [
      gone,
      at,
    ])
  }
}

/** readMemory gives the rules' stored memory, undefined before the first. */
export async function readMemory(pool: pg.Pool): Promise<unknown> {
  const { rows } = await pool.query<{ body: unknown }>('SELECT body FROM health_memory WHERE id = 1')
  return rows[0]?.body
}

/** writeMemory stores the rules' memory under the lease's epoch. */
export async function writeMemory(
  pool: pg.Pool,
  memory: { readonly epoch: number; readonly at: Date; readonly body: string },
): Promise<void> {
  await pool.query(
    `INSERT INTO health_memory (id, at, body) SELECT 1, $2, $3::jsonb
     WHERE EXISTS (SELECT 1 FROM lease WHERE name = 'collector' AND epoch = $1)
     ON CONFLICT (id) DO UPDATE SET at = excluded.at, body = excluded.body`,
    [memory.epoch, memory.at, memory.body],
  )
}
