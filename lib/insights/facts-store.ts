import type { Db } from '../platform/db'
import type { Post } from '../reminders/score'
import type { Milestones, RawFact } from './facts'
import type { Turn } from './model'

const TURNS: readonly string[] = [
  'impact',
  'detected',
  'acknowledged',
  'mitigated',
  'resolved',
] satisfies Turn[]

type Marked = readonly { readonly key: string; readonly at: number | null }[]
type Stored = Omit<RawFact, 'posts' | 'approved' | 'corrected'> & {
  readonly posts: readonly (Omit<Post, 'overrides'> & { readonly nextAtMs: number | null })[]
  readonly approved: Marked
  readonly corrected: Marked
}

/**
 * readFacts reads what is counted of incidents. Leaves, components and hosts are the postmortem's where there is one; else
 * the last firm diagnosis of the record, the components that were told of, and the hosts of the linked alerts.
 */
export async function readFacts(db: Db, ids: readonly string[]): Promise<readonly RawFact[]> {
  if (ids.length === 0) return []
  const rows = await db.$queryRaw<Stored[]>`
    SELECT i.id::text, i.number, i.drill AS "isDrill", i.title, i.severity, i.visibility = 'public' AS "isPublic",
      (extract(epoch FROM i.impact_started_at) * 1000)::float8 AS "impactAtMs", (extract(epoch FROM i.declared_at) * 1000)::float8 AS "declaredAtMs",
      (extract(epoch FROM i.acknowledged_at) * 1000)::float8 AS "acknowledgedAtMs",
      CASE WHEN i.status = 'resolved' THEN (extract(epoch FROM i.resolved_at) * 1000)::float8 END AS "resolvedAtMs",
      (extract(epoch FROM (SELECT min(a.first_seen_at) FROM incident_link AS l JOIN alert AS a ON a.id = CASE WHEN l.kind = 'alert' THEN l.ref::uuid END
        WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'linked')) * 1000)::float8 AS "firstAlertAtMs",
      (extract(epoch FROM (SELECT min(a.since_at) FROM incident_link AS l JOIN alert AS a ON a.id = CASE WHEN l.kind = 'alert' THEN l.ref::uuid END
        WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'linked')) * 1000)::float8 AS "alertBeganAtMs",
      coalesce((SELECT jsonb_agg(jsonb_build_object('atMs', (extract(epoch FROM t.received_at) * 1000)::float8, 'to', t.body->>'to') ORDER BY t.seq)
        FROM timeline_event AS t WHERE t.incident_id = i.id AND t.kind = 'status'), '[]') AS statuses,
      coalesce(nullif(p.leaf_ids, '[]'), (SELECT jsonb_agg(DISTINCT c->>'leaf')
        FROM jsonb_array_elements((SELECT t.body->'causes' FROM timeline_event AS t
          WHERE t.incident_id = i.id AND t.kind = 'triage' AND jsonb_path_exists(t.body, '$.causes[*] ? (@.state == "certain" || @.state == "likely")')
          ORDER BY t.seq DESC LIMIT 1)) AS c WHERE c->>'state' IN ('certain', 'likely')), '[]') AS leaves,
      coalesce(nullif(p.component_ids, '[]'), (SELECT jsonb_agg(DISTINCT c->>'componentId')
        FROM publication AS u, jsonb_array_elements(u.components) AS c
        WHERE u.incident_id = i.id AND u.state = 'released' AND c->>'componentId' IS NOT NULL), '[]') AS components,
      coalesce(nullif(p.record #> '{meta,hosts}', '[]'), (SELECT jsonb_agg(DISTINCT r.host_id)
        FROM incident_link AS l JOIN alert AS a ON a.id = CASE WHEN l.kind = 'alert' THEN l.ref::uuid END
        JOIN instance_record AS r ON r.id IN (a.labels->>'instance_id', a.labels->>'instance', a.labels->>'subject')
        WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'linked'), '[]') AS hosts,
      coalesce((SELECT jsonb_agg(jsonb_build_object('audience', u.audience, 'atMs', (extract(epoch FROM u.released_at) * 1000)::float8,
          'nextAtMs', (extract(epoch FROM u.next_update_at) * 1000)::float8, 'components', '[]'::jsonb) ORDER BY u.released_at)
        FROM publication AS u WHERE u.incident_id = i.id AND u.state = 'released'), '[]') AS posts,
      CASE WHEN p.state IN ('approved', 'published', 'closed') THEN coalesce((SELECT jsonb_agg(jsonb_build_object(
          'key', m->>'key', 'at', m->'atMs')) FROM jsonb_array_elements(p.record->'milestones') AS m), '[]')
        ELSE '[]' END AS approved,
      coalesce((SELECT jsonb_agg(jsonb_build_object('key', m->>'key', 'at', m->'value'))
        FROM jsonb_array_elements(p.corrections) AS m WHERE m->>'of' = 'milestone'), '[]') AS corrected
    FROM incident AS i LEFT JOIN postmortem AS p ON p.incident_id = i.id
    WHERE i.id = ANY(${[...ids]}::uuid[]) ORDER BY i.declared_at DESC`
  return rows.map((row) => ({
    ...row,
    posts: row.posts.map((post) => ({ ...post, overrides: 0 })),
    approved: milestonesOf(row.approved),
    corrected: milestonesOf(row.corrected),
  }))
}

function milestonesOf(marks: Marked): Milestones {
  return Object.fromEntries(marks.filter(({ key }) => TURNS.includes(key)).map(({ key, at }) => [key, at]))
}
