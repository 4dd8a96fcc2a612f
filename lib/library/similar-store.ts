import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { sightParts } from './search-store'
import type { Traits } from './similar'

/** Candidate is a postmortem that may be alike, with what it is told apart by. */
export type Candidate = Traits & {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly state: string
  readonly severity: string
  readonly isDrill: boolean
  readonly incident: string | null
  readonly startedAtMs: number | null
  readonly durationMs: number | null
  /** text is what its words come from, as it is written. */
  readonly text: string
}

/** Subject is what others are compared with. */
export type Subject = Traits & { readonly postmortemId: string | null; readonly isDrill: boolean }

/** REACH is how many are weighed by their words: those that share most otherwise, and the newest. */
const REACH = 500
const CANDIDATES = 100
const MOST_WORDS = 40

/** readPostmortemTraits gives what a postmortem is told apart by; undefined when there is none. The caller has checked who asks. */
export async function readPostmortemTraits(db: Tx, id: string): Promise<Subject | undefined> {
  const [row] = await db.$queryRaw<Subject[]>`
    SELECT p.id::text AS "postmortemId", p.is_drill AS "isDrill", p.leaf_ids AS leaves, p.component_ids AS components,
      coalesce(s.meta->'hosts', '[]') AS hosts, tsvector_to_array(s.gist) AS words
    FROM postmortem AS p JOIN postmortem_search AS s ON s.postmortem_id = p.id WHERE p.id = ${id}::uuid`
  return row
}

/**
 * readIncidentTraits gives what an incident is told apart by while nobody has written about it: its last firm diagnosis, the
 * components that were told of, and the words of title, impact and notes.
 */
export async function readIncidentTraits(db: Tx, id: string): Promise<Subject | undefined> {
  const [row] = await db.$queryRaw<Subject[]>`
    SELECT NULL AS "postmortemId", i.drill AS "isDrill",
      coalesce((SELECT jsonb_agg(DISTINCT c->>'leaf')
        FROM jsonb_array_elements((SELECT t.body->'causes' FROM timeline_event AS t
          WHERE t.incident_id = i.id AND t.kind = 'triage' AND jsonb_path_exists(t.body, '$.causes[*] ? (@.state == "certain" || @.state == "likely")')
          ORDER BY t.seq DESC LIMIT 1)) AS c WHERE c->>'state' IN ('certain', 'likely')), '[]') AS leaves,
      coalesce((SELECT jsonb_agg(DISTINCT c->>'componentId') FROM publication AS u, jsonb_array_elements(u.components) AS c
        WHERE u.incident_id = i.id AND u.state = 'released' AND c->>'componentId' IS NOT NULL), '[]') AS components,
      coalesce((SELECT jsonb_agg(DISTINCT r.host_id) FROM incident_link AS l
        JOIN alert AS a ON a.id = CASE WHEN l.kind = 'alert' THEN l.ref::uuid END
        JOIN instance_record AS r ON r.id IN (a.labels->>'instance_id', a.labels->>'instance', a.labels->>'subject')
        WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'linked'), '[]') AS hosts,
      tsvector_to_array(to_tsvector('english', concat_ws(' ', i.title, i.impact))) AS words
    FROM incident AS i WHERE i.id = ${id}::uuid`
  return row
}

/** readCandidates gives the postmortems that share a leaf, a component or most words with a subject, within the actor's sight. */
export async function readCandidates(
  db: Tx,
  asked: { readonly subject: Subject; readonly actor: Actor },
): Promise<readonly Candidate[]> {
  const { subject, actor } = asked
  const { seesAll, personId, handle } = sightParts(actor)
  const words = subject.words.toSorted((a, b) => b.length - a.length).slice(0, MOST_WORDS)
  return db.$queryRaw<Candidate[]>`
    WITH asked AS (
      SELECT string_agg(quote_literal(word), ' | ')::tsquery AS q FROM unnest(${words}::text[]) AS word
    ), reach AS MATERIALIZED (
      SELECT p.id, p.number,
        (p.leaf_ids ?| ${[...subject.leaves]}::text[])::int * 2 + (p.component_ids ?| ${[...subject.components]}::text[])::int AS shared
      FROM postmortem AS p LEFT JOIN incident AS i ON i.id = p.incident_id
      WHERE p.id IS DISTINCT FROM ${subject.postmortemId}::uuid AND p.is_drill = ${subject.isDrill}::boolean
        AND (p.leaf_ids ?| ${[...subject.leaves]}::text[] OR p.component_ids ?| ${[...subject.components]}::text[]
          OR p.id IN (SELECT s.postmortem_id FROM postmortem_search AS s, asked WHERE s.gist @@ asked.q))
        AND (${seesAll}::boolean OR i.visibility <> 'restricted'
          OR (i.id IS NULL AND (p.visibility <> 'restricted' OR p.created_by = ${handle}::text))
          OR EXISTS (SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = ${personId}::uuid))
      ORDER BY shared DESC, p.number DESC LIMIT ${REACH}
    ), near AS MATERIALIZED (
      SELECT reach.id, reach.shared + coalesce(ts_rank(s.gist, asked.q, 2), 0) AS worth
      FROM reach JOIN postmortem_search AS s ON s.postmortem_id = reach.id CROSS JOIN asked
      ORDER BY worth DESC, reach.number DESC LIMIT ${CANDIDATES}
    )
    SELECT p.id::text, p.number, p.title, p.state, p.severity, p.is_drill AS "isDrill", p.leaf_ids AS leaves,
      p.component_ids AS components, coalesce(s.meta->'hosts', '[]') AS hosts, tsvector_to_array(s.gist) AS words,
      s.meta->>'incident' AS incident, (s.meta->>'startedAtMs')::float8 AS "startedAtMs",
      (s.meta->>'durationMs')::float8 AS "durationMs",
      concat_ws(' ', p.title, s.meta->>'errorType', (SELECT string_agg(left(t.body, 4000), ' ') FROM postmortem_section AS t
        WHERE t.postmortem_id = p.id AND t.key IN ('summary', 'causes'))) AS text
    FROM near JOIN postmortem AS p ON p.id = near.id JOIN postmortem_search AS s ON s.postmortem_id = p.id
    ORDER BY near.worth DESC`
}
