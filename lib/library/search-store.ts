import { sightOf } from '../access/sight'
import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { MARKS, wordsAsked } from './model'

/** Narrowing is what a search is narrowed to; undefined means everything. */
export type Narrowing = {
  readonly severity?: string | undefined
  readonly state?: string | undefined
  readonly leaf?: string | undefined
  readonly component?: string | undefined
  readonly tag?: string | undefined
  readonly drills: 'with' | 'without' | 'only'
}

/** Found is one postmortem that a search found, best first; snippets hold MARKS around what was searched for. */
export type Found = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly state: string
  readonly severity: string
  readonly isDrill: boolean
  readonly tags: readonly string[]
  readonly leafIds: readonly string[]
  readonly incident: string | null
  readonly startedAtMs: number | null
  readonly titleSnippet: string
  /** section is the text in which the hit stands; null when it stands in the title or in the frozen record. */
  readonly section: string | null
  readonly snippet: string
}

const SELECTION = `StartSel=${MARKS.from}, StopSel=${MARKS.to}`
const TITLE = `${SELECTION}, HighlightAll=true`
const BODY = `${SELECTION}, MaxWords=34, MinWords=16, MaxFragments=2, FragmentDelimiter=" … "`

/** RANKED is how many hits are weighed against each other: beyond it a word is so common that its place says little. */
const RANKED = 300

/** sightParts is a sight as values of a statement. */
export function sightParts(actor: Actor): {
  readonly seesAll: boolean
  readonly personId: string | null
  readonly handle: string | null
} {
  const sight = sightOf(actor)
  const isPerson = actor.kind === 'person' && sight !== 'none'
  return {
    seesAll: sight === 'all',
    personId: isPerson ? actor.id : null,
    handle: isPerson ? actor.handle : null,
  }
}

/**
 * searchPostmortems finds by words in any text, best first, and says how many there are. Words are compared by their stems; the
 * last one counts as the begin of a word too. Only the page's own texts are read for snippets.
 */
export async function searchPostmortems(
  db: Tx,
  asked: {
    readonly text: string
    readonly narrowing: Narrowing
    readonly actor: Actor
    readonly page: number
    readonly pageSize: number
  },
): Promise<{ readonly matching: number; readonly found: readonly Found[] }> {
  const { narrowing, page, pageSize } = asked
  const { seesAll, personId, handle } = sightParts(asked.actor)
  const { whole, before, begun } = wordsAsked(asked.text)
  // A number is one word only where nothing is stemmed: `INC-0142`.
  const name = /^[a-z]{2,5}-\d{1,9}$/i.test(whole.trim()) ? whole.trim() : ''
  const prefix = begun === '' ? null : `${begun}:*`
  const list = (value: string | undefined): string | null =>
    value === undefined ? null : JSON.stringify([value])
  const rows = await db.$queryRaw<(Found & { readonly matching: number })[]>`
    WITH asked AS (
      SELECT websearch_to_tsquery('english', ${whole}) || plainto_tsquery('simple', ${name})
        || CASE WHEN ${prefix}::text IS NULL THEN ''::tsquery
          ELSE websearch_to_tsquery('english', ${before}) && to_tsquery('simple', ${prefix}) END AS q
    ), hits AS MATERIALIZED (
      SELECT s.postmortem_id AS id FROM postmortem_search AS s, asked WHERE s.words @@ asked.q
    ), near AS MATERIALIZED (
      SELECT s.postmortem_id AS id FROM postmortem_search AS s, asked WHERE s.gist @@ asked.q
    ), fit AS MATERIALIZED (
      SELECT p.id, p.number, count(*) OVER ()::int AS matching
      FROM hits JOIN postmortem AS p ON p.id = hits.id LEFT JOIN near ON near.id = hits.id
        LEFT JOIN incident AS i ON i.id = p.incident_id
      WHERE (${seesAll}::boolean OR i.visibility <> 'restricted'
          OR (i.id IS NULL AND (p.visibility <> 'restricted' OR p.created_by = ${handle}::text))
          OR EXISTS (SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = ${personId}::uuid))
        AND (${narrowing.severity ?? null}::text IS NULL OR p.severity = ${narrowing.severity ?? null}::text)
        AND (${narrowing.state ?? null}::text IS NULL OR p.state = ${narrowing.state ?? null}::text)
        AND (${list(narrowing.leaf)}::jsonb IS NULL OR p.leaf_ids @> ${list(narrowing.leaf)}::jsonb)
        AND (${list(narrowing.component)}::jsonb IS NULL OR p.component_ids @> ${list(narrowing.component)}::jsonb)
        AND (${list(narrowing.tag)}::jsonb IS NULL OR p.tags @> ${list(narrowing.tag)}::jsonb)
        AND (${narrowing.drills} = 'with' OR p.is_drill = (${narrowing.drills} = 'only'))
      ORDER BY near.id IS NULL, p.number DESC LIMIT ${Math.max(RANKED, page * pageSize)}::int
    ), seen AS MATERIALIZED (
      SELECT fit.id, fit.number, fit.matching, ts_rank('{0.1, 0.3, 0.6, 1.0}', s.words, asked.q, 1) AS rank
      FROM fit JOIN postmortem_search AS s ON s.postmortem_id = fit.id CROSS JOIN asked
      ORDER BY rank DESC, fit.number DESC LIMIT ${pageSize}::int OFFSET ${(page - 1) * pageSize}::int
    )
    SELECT p.id::text, p.number, p.title, p.state, p.severity, p.is_drill AS "isDrill", p.tags, p.leaf_ids AS "leafIds",
      f.meta->>'incident' AS incident, (f.meta->>'startedAtMs')::float8 AS "startedAtMs",
      ts_headline('english', p.title, asked.q, ${TITLE}) AS "titleSnippet", best.key AS section,
      coalesce(ts_headline('english', best.body, asked.q, ${BODY}), '') AS snippet, seen.matching
    FROM seen JOIN postmortem AS p ON p.id = seen.id JOIN postmortem_search AS f ON f.postmortem_id = p.id CROSS JOIN asked LEFT JOIN LATERAL (
      SELECT t.key, left(t.body, 20000) AS body FROM postmortem_section AS t
      WHERE t.postmortem_id = p.id AND to_tsvector('english', left(t.body, 20000)) @@ asked.q
      ORDER BY ts_rank(to_tsvector('english', left(t.body, 20000)), asked.q) DESC LIMIT 1
    ) AS best ON true
    ORDER BY seen.rank DESC, seen.number DESC`
  return { matching: rows[0]?.matching ?? 0, found: rows.map(({ matching: _, ...row }) => row) }
}
