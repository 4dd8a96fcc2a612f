import type pg from 'pg'
import { applyMessages, type Statements } from './episode-store'
import { inTransaction } from './inbox-store'
import type { AlertMessage } from './model'
import type { ListedSilence } from './ports'
import type { Plan, StoredEpisode } from './reconcile'
import { cleanText } from './text'

/** Notice is something wrong with the alerting itself; without a sentence it is over. */
export type Notice = { readonly id: string; readonly sentence: string | undefined }

const EPISODES = `
SELECT id, fingerprint, starts_at, status, labels, first_seen_at, last_seen_at, resolved_at, seen, missing_since,
  silenced_by, inhibited, prom_state
FROM alert
WHERE source = 'alertmanager' AND (status = 'firing' OR fingerprint = ANY($1::text[]))`

const REOPEN = `
UPDATE alert SET status = 'firing', resolved_at = NULL, resolved_by = NULL, ends_at = NULL, ends_raw = '',
  missing_since = NULL
WHERE id = ANY($1::uuid[]) AND NOT EXISTS (SELECT 1 FROM alert AS n WHERE n.source = alert.source
  AND n.fingerprint = alert.fingerprint AND n.starts_at > alert.starts_at)`

const CLOSE = `
UPDATE alert SET status = 'resolved', resolved_at = $2::timestamptz, resolved_by = 'poll'
WHERE id = ANY($1::uuid[]) AND status = 'firing'`

const MARK = `
UPDATE alert SET silenced_by = string_to_array(item.silenced_by, ','), inhibited = item.inhibited,
  prom_state = item.prom_state, missing_since = item.missing_since
FROM unnest($1::uuid[], $2::text[], $3::bool[], $4::text[], $5::timestamptz[])
  AS item(id, silenced_by, inhibited, prom_state, missing_since)
WHERE alert.id = item.id AND alert.status = 'firing'`

const SILENCES = `
WITH gone AS (DELETE FROM alert_silence WHERE source = 'alertmanager' AND id <> ALL($1::text[]))
INSERT INTO alert_silence (id, source, created_by, comment, starts_at, ends_at, state, matchers, listed_at)
SELECT item.id, 'alertmanager', item.created_by, item.comment, item.starts_at, item.ends_at, item.state,
  item.matchers::jsonb, $8::timestamptz
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[])
  AS item(id, created_by, comment, starts_at, ends_at, state, matchers)
ON CONFLICT (id) DO UPDATE SET created_by = excluded.created_by, comment = excluded.comment,
  starts_at = excluded.starts_at, ends_at = excluded.ends_at, state = excluded.state, matchers = excluded.matchers,
  listed_at = excluded.listed_at`

type EpisodeRow = {
  readonly id: string
  readonly fingerprint: string
  readonly starts_at: Date
  readonly status: 'firing' | 'resolved'
  readonly labels: Record<string, string>
  readonly first_seen_at: Date
  readonly last_seen_at: Date
  readonly resolved_at: Date | null
  readonly seen: number
  readonly missing_since: Date | null
  readonly silenced_by: string[]
  readonly inhibited: boolean
  readonly prom_state: string
}

async function readEpisodes(
  sql: Statements,
  fingerprints: readonly string[],
): Promise<readonly StoredEpisode[]> {
  const rows = await sql<EpisodeRow>(EPISODES, [fingerprints])
  return rows.map((row) => ({
    id: row.id,
    fingerprint: row.fingerprint,
    startsAt: row.starts_at,
    status: row.status,
    labels: row.labels,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    resolvedAt: row.resolved_at ?? undefined,
    seen: row.seen,
    missingSince: row.missing_since ?? undefined,
    silencedBy: row.silenced_by,
    inhibited: row.inhibited,
    promState: row.prom_state,
  }))
}

async function writePlan(sql: Statements, plan: Plan, now: Date): Promise<void> {
  await applyMessages(sql, plan.appear, now)
  if (plan.reopen.length > 0) await sql(REOPEN, [plan.reopen])
  if (plan.close.length > 0) await sql(CLOSE, [plan.close, now.toISOString()])
  if (plan.marks.length === 0) return
  const marks = [...plan.marks].sort((a, b) => (a.id < b.id ? -1 : 1))
  await sql(MARK, [
    marks.map((mark) => mark.id),
    marks.map((mark) => mark.silencedBy.join(',')),
    marks.map((mark) => mark.inhibited),
    marks.map((mark) => mark.promState),
    marks.map((mark) => mark.missingSince?.toISOString() ?? null),
  ])
}

async function writeSilences(sql: Statements, silences: readonly ListedSilence[], now: Date): Promise<void> {
  const kept = silences.filter((silence) => silence.state !== 'expired').slice(0, 2_000)
  await sql(SILENCES, [
    kept.map((silence) => cleanText(silence.id, 100)),
    kept.map((silence) => cleanText(silence.createdBy, 200)),
    kept.map((silence) => cleanText(silence.comment, 1_000)),
    kept.map((silence) => silence.startsAt.toISOString()),
    kept.map((silence) => silence.endsAt.toISOString()),
    kept.map((silence) => cleanText(silence.state, 20)),
    kept.map((silence) =>
      JSON.stringify(
        silence.matchers.map((matcher) => ({
          ...matcher,
          name: cleanText(matcher.name, 200),
          value: cleanText(matcher.value, 1_000),
        })),
      ),
    ),
    now.toISOString(),
  ])
}

/** writeNotices puts up, renews or takes down notices; `since` stays while one stands. */
export async function writeNotices(sql: Statements, notices: readonly Notice[], now: Date): Promise<void> {
  for (const { id, sentence } of notices) {
    if (sentence === undefined) await sql('DELETE FROM alert_notice WHERE id = $1', [id])
    else
      await sql(
        `INSERT INTO alert_notice (id, since, at, sentence) VALUES ($1, $2, $2, $3)
         ON CONFLICT (id) DO UPDATE SET at = excluded.at, sentence = excluded.sentence`,
        [id, now.toISOString(), cleanText(sentence, 500)],
      )
  }
}

/** Memory is a JSON value that a job keeps between ticks, by name. */
export async function readMemory(pool: pg.Pool, id: string): Promise<unknown> {
  const { rows } = await pool.query<{ body: unknown }>('SELECT body FROM alert_memory WHERE id = $1', [id])
  return rows[0]?.body
}

/** writeMemory stores a job's memory, unless the job is no longer led under this epoch: then it throws and nothing is written. */
export async function writeMemory(
  sql: Statements,
  memory: { readonly id: string; readonly body: unknown; readonly epoch: number; readonly now: Date },
): Promise<void> {
  const rows = await sql(
    `INSERT INTO alert_memory (id, at, body)
     SELECT $1, $2::timestamptz, $3::jsonb WHERE EXISTS (SELECT 1 FROM lease WHERE name = 'alerts' AND epoch = $4::bigint)
     ON CONFLICT (id) DO UPDATE SET at = excluded.at, body = excluded.body RETURNING id`,
    [memory.id, memory.now.toISOString(), JSON.stringify(memory.body), memory.epoch],
  )
  if (rows.length === 0) throw new Error('the lease of the alerts job is no longer ours: nothing was written')
}

/** commitPoll compares a poll with what is stored and writes the outcome in one transaction; gives what changed. */
export async function commitPoll(
  pool: pg.Pool,
  poll: {
    readonly fingerprints: readonly string[]
    readonly silences: readonly ListedSilence[] | undefined
    readonly plan: (stored: readonly StoredEpisode[]) => Plan
    readonly notices: (plan: Plan) => readonly Notice[]
    readonly memory: (plan: Plan) => unknown
    readonly epoch: number
    readonly now: Date
  },
): Promise<Plan> {
  const { now, epoch } = poll
  return inTransaction(pool, async (sql) => {
    await sql("SELECT pg_advisory_xact_lock(hashtext('watchfloor.alerts'))::text AS locked", [])
    const plan = poll.plan(await readEpisodes(sql, poll.fingerprints))
    await writePlan(sql, plan, now)
    if (poll.silences) await writeSilences(sql, poll.silences, now)
    await writeNotices(sql, poll.notices(plan), now)
    await writeMemory(sql, { id: 'poll:alertmanager', body: poll.memory(plan), epoch, now })
    return plan
  })
}

/** commitRules writes what our own rules began and ended together with their memory. */
export async function commitRules(
  pool: pg.Pool,
  tick: {
    readonly messages: readonly AlertMessage[]
    readonly memory: unknown
    readonly id: string
    readonly epoch: number
    readonly now: Date
  },
): Promise<void> {
  await inTransaction(pool, async (sql) => {
    await applyMessages(sql, tick.messages, tick.now)
    await writeMemory(sql, { id: tick.id, body: tick.memory, epoch: tick.epoch, now: tick.now })
  })
}

/** readHeartbeat gives the newest delivery of the heartbeat alert and the start of the open alarm about it. */
export async function readHeartbeat(
  pool: pg.Pool,
  names: { readonly alertname: string; readonly blind: string },
): Promise<{ readonly lastDeliveredAt: Date | undefined; readonly blindSince: Date | undefined }> {
  const { rows } = await pool.query<{ last: Date | null; blind: Date | null }>(
    `SELECT (SELECT max(last_seen_at) FROM alert WHERE source = 'alertmanager' AND name = $1 AND seen > 0) AS last,
       (SELECT starts_at FROM alert WHERE source = 'watchfloor' AND fingerprint = $2 AND status = 'firing') AS blind`,
    [names.alertname, names.blind],
  )
  return { lastDeliveredAt: rows[0]?.last ?? undefined, blindSince: rows[0]?.blind ?? undefined }
}
