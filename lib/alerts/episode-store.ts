import type { Tx } from '../platform/db'
import { skewOf } from './claimed-time'
import { type Episode, foldMessages } from './fold'
import type { AlertState } from './hint-states'
import type { AlertMessage } from './model'

/** Statements runs one statement, as text and values, in a transaction of the caller’s and gives its rows. */
export type Statements = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>

/** statementsOfTx runs statements in a command's transaction. */
export function statementsOfTx(tx: Tx): Statements {
  return <Row>(text: string, values: readonly unknown[]) => tx.$queryRawUnsafe<Row[]>(text, ...values)
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtext('watchfloor.alerts'))::text AS locked"

/** A newer episode of an alert ends the open one before it. */
const SUPERSEDE = `
UPDATE alert SET status = 'resolved', resolved_by = 'superseded', resolved_at = $4::timestamptz
FROM (
  SELECT source, fingerprint, max(starts_at) AS newest
  FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS item(source, fingerprint, starts_at) GROUP BY 1, 2
) AS item
WHERE alert.status = 'firing' AND alert.source = item.source AND alert.fingerprint = item.fingerprint
  AND alert.starts_at < item.newest`

/** PagerDuty resolves an incident as a whole: an episode that began before that end is over too. */
const CLOSE_UNTIL = `
UPDATE alert SET status = 'resolved', resolved_by = 'sender', resolved_at = $4::timestamptz
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS item(source, fingerprint, ends_at)
WHERE item.source = 'pagerduty' AND alert.status = 'firing' AND alert.source = item.source
  AND alert.fingerprint = item.fingerprint AND alert.starts_at <= item.ends_at`

const UPSERT = `
WITH item AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS item(
    source text, fingerprint text, starts_at timestamptz, starts_raw text, ends_at timestamptz, ends_raw text,
    since_at timestamptz, skew text, status text, name text, severity text, level text, labels jsonb, annotations jsonb,
    link text, seen int, via text, first_seen_at timestamptz, last_seen_at timestamptz, resolved_by text, policy_hash text
  )
), judged AS (
  SELECT item.*, CASE
    WHEN item.status = 'resolved' THEN item.resolved_by
    WHEN EXISTS (SELECT 1 FROM alert AS n WHERE n.source = item.source AND n.fingerprint = item.fingerprint
      AND n.starts_at > item.starts_at) THEN 'superseded'
    WHEN item.source = 'pagerduty' AND EXISTS (SELECT 1 FROM alert AS n WHERE n.source = item.source
      AND n.fingerprint = item.fingerprint AND n.ends_at >= item.starts_at) THEN 'sender'
  END AS over_by
  FROM item
)
INSERT INTO alert AS a (
  source, fingerprint, starts_at, starts_raw, ends_at, ends_raw, since_at, skew,
  status, name, severity, level, labels, annotations, link, seen, via,
  first_seen_at, last_seen_at, resolved_by, resolved_at, policy_hash
)
SELECT source, fingerprint, starts_at, starts_raw, ends_at, ends_raw, since_at, skew,
  CASE WHEN over_by IS NULL THEN 'firing' ELSE 'resolved' END, name, severity, level, labels, annotations,
  link, seen, via, first_seen_at, last_seen_at, over_by, CASE WHEN over_by IS NOT NULL THEN $2::timestamptz END, policy_hash
FROM judged ORDER BY source, fingerprint, starts_at
ON CONFLICT (source, fingerprint, starts_at) DO UPDATE SET
  seen = a.seen + excluded.seen,
  first_seen_at = least(a.first_seen_at, excluded.first_seen_at),
  last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
  annotations = CASE WHEN excluded.last_seen_at >= a.last_seen_at THEN excluded.annotations ELSE a.annotations END,
  missing_since = NULL,
  ends_at = greatest(a.ends_at, excluded.ends_at),
  ends_raw = CASE WHEN excluded.ends_at > coalesce(a.ends_at, '-infinity') THEN excluded.ends_raw ELSE a.ends_raw END,
  status = CASE WHEN a.status = 'resolved' OR excluded.status = 'resolved' THEN 'resolved' ELSE 'firing' END,
  resolved_by = CASE WHEN excluded.resolved_by IS NOT NULL AND excluded.resolved_by <> 'superseded'
    THEN excluded.resolved_by ELSE coalesce(a.resolved_by, excluded.resolved_by) END,
  resolved_at = coalesce(a.resolved_at, excluded.resolved_at)
RETURNING id, (xmax = 0) AS created, status`

/** Applied is what a batch of messages changed: episodes new to us, all that were touched, and how those stand now. */
export type Applied = {
  readonly created: number
  readonly touched: number
  readonly states: readonly AlertState[]
}

/**
 * applyMessages folds messages into the stored episodes inside the caller's transaction, under the one lock of all
 * writers of episodes; applying the same messages in any order and any split gives the same episodes.
 */
export async function applyMessages(
  sql: Statements,
  messages: readonly AlertMessage[],
  now: Date,
): Promise<Applied> {
  if (messages.length === 0) return { created: 0, touched: 0, states: [] }
  await sql(LOCK, [])
  const episodes = foldMessages(messages)
  const at = now.toISOString()
  const column = <T>(pick: (episode: Episode) => T): T[] => episodes.map(pick)
  const iso = (date: Date | undefined): string | null => date?.toISOString() ?? null
  const sources = column(({ newest }) => newest.source)
  const fingerprints = column(({ newest }) => newest.fingerprint)
  const starts = column(({ newest }) => newest.startsAt.toISOString())
  const ends = column(({ endsAt }) => iso(endsAt))
  await sql(SUPERSEDE, [sources, fingerprints, starts, at])
  if (sources.includes('pagerduty')) await sql(CLOSE_UNTIL, [sources, fingerprints, ends, at])
  const rows = await sql<AlertState & { readonly created: boolean }>(UPSERT, [
    JSON.stringify(episodes.map(itemOf)),
    at,
  ])
  return {
    created: rows.filter((row) => row.created).length,
    touched: rows.length,
    states: rows.map(({ id, status }) => ({ id, status })),
  }
}

/** An episode as one object of the statement's JSON, which costs a fraction of an array for each column. */
function itemOf({ newest, seen, status, firstAt, endsAt, endsRaw, resolvedBy }: Episode) {
  const skew = skewOf(newest.startsAt, firstAt)
  return {
    source: newest.source,
    fingerprint: newest.fingerprint,
    starts_at: newest.startsAt,
    starts_raw: newest.startsRaw,
    ends_at: endsAt ?? null,
    ends_raw: endsRaw,
    since_at: skew === '' ? newest.startsAt : firstAt,
    skew,
    status,
    name: newest.name,
    severity: newest.severity,
    level: newest.level,
    labels: newest.labels,
    annotations: newest.annotations,
    link: newest.link,
    seen,
    via: newest.via,
    first_seen_at: firstAt,
    last_seen_at: newest.receivedAt,
    resolved_by: resolvedBy ?? null,
    policy_hash: newest.policyHash ?? null,
  }
}
