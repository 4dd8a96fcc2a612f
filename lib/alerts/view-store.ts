import type pg from 'pg'
import type { AlertStatus, Level } from './model'

/** AlertFilter narrows what is listed; every absent field lets all pass. */
export type AlertFilter = {
  readonly status: AlertStatus
  readonly source?: string | undefined
  readonly level?: Level | undefined
  readonly acked?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly text?: string | undefined
  readonly name?: string | undefined
}

/** AlertGroup is every listed alert of one rule: name and level. */
export type AlertGroup = {
  readonly name: string
  readonly level: Level
  readonly count: number
  readonly acked: number
  readonly quiet: number
  readonly seen: number
  readonly since: Date
  readonly lastSeenAt: Date
  readonly sources: readonly string[]
  readonly summary: string
}

/** MAX_GROUPS bounds the board: a storm of rules is still one screen. */
export const MAX_GROUPS = 50

const RESOLVED_WITHIN = "interval '24 hours'"

/** One statement of conditions for groups and rows alike; $1… are in the order of `valuesOf`. */
const WHERE = `
  status = $1 AND (status = 'firing' OR resolved_at > $2::timestamptz - ${RESOLVED_WITHIN})
  AND ($3::text IS NULL OR source = $3) AND ($4::text IS NULL OR level = $4)
  AND ($5::bool IS NULL OR (acked_at IS NOT NULL) = $5)
  AND ($6::bool IS NULL OR (inhibited OR cardinality(silenced_by) > 0) = $6)
  AND ($7::text IS NULL OR position(lower($7) in lower(name)) > 0 OR position(lower($7) in lower(labels::text)) > 0)
  AND ($8::text IS NULL OR name = $8)
  AND NOT (source = 'alertmanager' AND name = $9)`

function valuesOf(
  filter: AlertFilter,
  options: { readonly now: Date; readonly heartbeat: string },
): unknown[] {
  return [
    filter.status,
    options.now,
    filter.source ?? null,
    filter.level ?? null,
    filter.acked ?? null,
    filter.quiet ?? null,
    filter.text ?? null,
    filter.name ?? null,
    options.heartbeat,
  ]
}

type GroupRow = {
  readonly name: string
  readonly level: Level
  readonly count: string
  readonly acked: string
  readonly quiet: string
  readonly seen: string
  readonly since: Date
  readonly last_seen_at: Date
  readonly sources: string[]
  readonly summary: string | null
}

/** readGroups gives every group of the filter, most severe and longest first, at most `MAX_GROUPS`; and what lies beyond. */
export async function readGroups(
  pool: pg.Pool,
  filter: AlertFilter,
  options: { readonly now: Date; readonly heartbeat: string },
): Promise<{
  readonly groups: readonly AlertGroup[]
  readonly more: { readonly groups: number; readonly alerts: number }
}> {
  const { rows } = await pool.query<GroupRow>({
    name: 'alert-groups',
    text: `
WITH grouped AS (
  SELECT name, level, count(*) AS count, count(acked_at) AS acked,
    count(*) FILTER (WHERE inhibited OR cardinality(silenced_by) > 0) AS quiet, sum(seen) AS seen,
    min(since_at) AS since, max(last_seen_at) AS last_seen_at, array_agg(DISTINCT source) AS sources, max(id::text) AS sample
  FROM alert WHERE ${WHERE} GROUP BY name, level
)
SELECT grouped.*, sample.annotations ->> 'summary' AS summary
FROM grouped JOIN alert AS sample ON sample.id = grouped.sample::uuid ORDER BY grouped.level, grouped.since, grouped.name`,
    values: valuesOf(filter, options),
  })
  const groups = rows.slice(0, MAX_GROUPS).map((row) => ({
    name: row.name,
    level: row.level,
    count: Number(row.count),
    acked: Number(row.acked),
    quiet: Number(row.quiet),
    seen: Number(row.seen),
    since: row.since,
    lastSeenAt: row.last_seen_at,
    sources: row.sources,
    summary: row.summary ?? '',
  }))
  const beyond = rows.slice(MAX_GROUPS)
  const alerts = beyond.reduce((sum, row) => sum + Number(row.count), 0)
  return { groups, more: { groups: beyond.length, alerts } }
}

/** AlertRow is one episode as the list shows it. */
export type AlertRow = {
  readonly id: string
  readonly source: string
  readonly name: string
  readonly level: Level
  readonly severity: string
  readonly status: AlertStatus
  readonly since: Date
  readonly skew: string
  readonly lastSeenAt: Date
  readonly resolvedAt: Date | null
  readonly resolvedBy: string | null
  readonly seen: number
  readonly via: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly silencedBy: readonly string[]
  readonly inhibited: boolean
  readonly missingSince: Date | null
  readonly promState: string
  readonly ackedAt: Date | null
  readonly ackedBy: string | null
  readonly ackNote: string
}

const ROW = `
  a.id, a.source, a.name, a.level, a.severity, a.status, a.since_at AS since, a.skew, a.last_seen_at AS "lastSeenAt",
  a.resolved_at AS "resolvedAt", a.resolved_by AS "resolvedBy", a.seen, a.via, a.labels, a.annotations,
  a.silenced_by AS "silencedBy", a.inhibited, a.missing_since AS "missingSince", a.prom_state AS "promState",
  a.acked_at AS "ackedAt", coalesce(person.name, a.acked_by) AS "ackedBy", a.ack_note AS "ackNote"`

/** PAGE_ROWS is how many episodes one answer lists. */
export const PAGE_ROWS = 100

/** readRows gives one page of the filter's episodes, most severe and newest first. */
export async function readRows(
  pool: pg.Pool,
  filter: AlertFilter,
  options: { readonly now: Date; readonly heartbeat: string; readonly page: number },
): Promise<{ readonly rows: readonly AlertRow[]; readonly hasMore: boolean }> {
  const { rows } = await pool.query<AlertRow>({
    name: 'alert-rows',
    text: `
SELECT ${ROW} FROM (
  SELECT * FROM alert WHERE ${WHERE} ORDER BY level, since_at DESC, id LIMIT ${PAGE_ROWS + 1} OFFSET $10
) AS a LEFT JOIN person ON person.id::text = a.acked_by ORDER BY a.level, a.since_at DESC, a.id`,
    values: [...valuesOf(filter, options), options.page * PAGE_ROWS],
  })
  return { rows: rows.slice(0, PAGE_ROWS), hasMore: rows.length > PAGE_ROWS }
}

/** AlertDetail is one episode with all that is kept of it. */
export type AlertDetail = AlertRow & {
  readonly fingerprint: string
  readonly startsRaw: string
  readonly endsRaw: string
  readonly link: string
  readonly firstSeenAt: Date
  readonly policyHash: string | null
}

/** SilenceRow is a silence as the alert source listed it last. */
export type SilenceRow = {
  readonly id: string
  readonly createdBy: string
  readonly comment: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly state: string
}

/** readDetail gives an episode, the silences on it, and up to 20 other episodes of the same alert; undefined when there is none. */
export async function readDetail(
  pool: pg.Pool,
  id: string,
): Promise<
  | {
      readonly alert: AlertDetail
      readonly silences: readonly SilenceRow[]
      readonly earlier: readonly Pick<
        AlertRow,
        'id' | 'status' | 'since' | 'resolvedAt' | 'resolvedBy' | 'seen'
      >[]
    }
  | undefined
> {
  const { rows } = await pool.query<AlertDetail>(
    `SELECT ${ROW}, a.fingerprint, a.starts_raw AS "startsRaw", a.ends_raw AS "endsRaw", a.link,
       a.first_seen_at AS "firstSeenAt", a.policy_hash AS "policyHash"
     FROM alert AS a LEFT JOIN person ON person.id::text = a.acked_by WHERE a.id = $1`,
    [id],
  )
  const [alert] = rows
  if (!alert) return undefined
  const [silences, earlier] = await Promise.all([
    pool.query<SilenceRow>(
      `SELECT id, created_by AS "createdBy", comment, starts_at AS "startsAt", ends_at AS "endsAt", state
       FROM alert_silence WHERE id = ANY($1) ORDER BY ends_at DESC`,
      [alert.silencedBy],
    ),
    pool.query<Pick<AlertRow, 'id' | 'status' | 'since' | 'resolvedAt' | 'resolvedBy' | 'seen'>>(
      `SELECT id, status, since_at AS since, resolved_at AS "resolvedAt", resolved_by AS "resolvedBy", seen
       FROM alert WHERE source = $1 AND fingerprint = $2 AND id <> $3 ORDER BY starts_at DESC LIMIT 20`,
      [alert.source, alert.fingerprint, id],
    ),
  ])
  return { alert, silences: silences.rows, earlier: earlier.rows }
}

/** Overview is the state of the alerting itself, beside the alerts. */
export type Overview = {
  readonly notices: readonly { readonly id: string; readonly since: Date; readonly sentence: string }[]
  readonly memories: ReadonlyMap<string, { readonly at: Date; readonly body: unknown }>
  readonly waiting: number
  readonly oldestWaitingAt: Date | null
  readonly held: number
}

/** readOverview reads notices, the job's memories, the inbox's backlog and the size of the quarantine. */
export async function readOverview(pool: pg.Pool): Promise<Overview> {
  const [notices, memories, counts] = await Promise.all([
    pool.query<Overview['notices'][number]>('SELECT id, since, sentence FROM alert_notice ORDER BY since'),
    pool.query<{ id: string; at: Date; body: unknown }>(
      "SELECT id, at, CASE WHEN id = 'triggers' THEN '{}'::jsonb ELSE body END AS body FROM alert_memory",
    ),
    pool.query<{ waiting: string; oldest: Date | null; held: string }>(
      `SELECT (SELECT count(*) FROM hook_inbox WHERE state = 'new') AS waiting,
        (SELECT min(received_at) FROM hook_inbox WHERE state = 'new') AS oldest,
        (SELECT count(*) FROM hook_quarantine WHERE state = 'held') AS held`,
    ),
  ])
  const known = new Map(memories.rows.map((row) => [row.id, { at: row.at, body: row.body }]))
  const [count] = counts.rows
  return {
    notices: notices.rows,
    memories: known,
    waiting: Number(count?.waiting ?? 0),
    oldestWaitingAt: count?.oldest ?? null,
    held: Number(count?.held ?? 0),
  }
}
