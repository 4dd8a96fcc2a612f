import type pg from 'pg'
import { type Traits, traitsOf } from '../alerts/traits'
import type { Candidate, OpenIncident } from './alert-match'
import { incidentName } from './model'

/** How many linked alerts of one incident, and how many alerts that fire, one look reads; the newest count. */
const LINKED_READ = 200
const CANDIDATES_READ = 5_000

const OPEN = `
SELECT i.id, i.number, i.drill, i.visibility, i.declared_at,
  coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_object('name', a.name, 'labels', a.labels)) FROM (
    SELECT a.name, a.labels FROM incident_link AS l JOIN alert AS a ON a.id = CASE
      WHEN l.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.ref::uuid END
    WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'linked' ORDER BY l.at DESC LIMIT ${LINKED_READ}
  ) AS a), '[]') AS linked,
  coalesce((SELECT array_agg(DISTINCT a.source || ' ' || a.fingerprint) FROM incident_link AS l JOIN alert AS a ON a.id = CASE
      WHEN l.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.ref::uuid END
    WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'unlinked'), '{}') AS refused,
  coalesce((SELECT array_agg(l.ref) FROM incident_link AS l
    WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'proposed'
      AND EXISTS (SELECT 1 FROM alert AS a WHERE a.status = 'firing' AND a.id = CASE
        WHEN l.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.ref::uuid END)), '{}') AS proposed
FROM incident AS i
WHERE i.status <> 'resolved' AND i.merged_into IS NULL AND NOT i.drill
  AND EXISTS (SELECT 1 FROM incident_link AS l WHERE l.incident_id = i.id AND l.kind = 'alert' AND l.state = 'linked')`

type OpenRow = {
  readonly id: string
  readonly number: number
  readonly drill: boolean
  readonly visibility: string
  readonly declared_at: Date
  readonly linked: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[]
  readonly refused: readonly string[]
  readonly proposed: readonly string[]
}

function distinct(traits: readonly Traits[]): readonly Traits[] {
  return [...new Map(traits.map((one) => [JSON.stringify(one), one])).values()]
}

/** readOpenIncidents gives the incidents that go on and hold at least one alert; drills hold none by machine. */
export async function readOpenIncidents(pool: pg.Pool): Promise<readonly OpenIncident[]> {
  const { rows } = await pool.query<OpenRow>({ name: 'alert-links-open', text: OPEN })
  return rows.map((row) => ({
    id: row.id,
    name: row.visibility === 'restricted' ? undefined : incidentName(row.number, row.drill),
    declaredAtMs: row.declared_at.getTime(),
    linked: distinct(row.linked.map(traitsOf)),
    refused: new Set(row.refused),
    proposed: new Set(row.proposed),
  }))
}

const CANDIDATES = `
SELECT a.id, a.source, a.fingerprint, a.name, a.level, a.labels, a.since_at FROM alert AS a
WHERE a.status = 'firing' AND a.since_at >= $1 AND NOT a.inhibited AND cardinality(a.silenced_by) = 0 AND a.name <> $2
  AND NOT EXISTS (SELECT 1 FROM incident_link AS l JOIN incident AS i ON i.id = l.incident_id
    WHERE l.kind = 'alert' AND l.ref = a.id::text AND l.state = 'linked' AND i.status <> 'resolved')
ORDER BY a.first_seen_at DESC, a.id LIMIT ${CANDIDATES_READ}`

/** FiringAlert is a candidate with what the record says of it. */
export type FiringAlert = Candidate & { readonly name: string; readonly level: string }

/** readCandidates gives the newest alerts that fire since `since`, are told to people, and are in no open incident. */
export async function readCandidates(
  pool: pg.Pool,
  options: { readonly since: Date; readonly heartbeat: string },
): Promise<readonly FiringAlert[]> {
  const { rows } = await pool.query<{
    readonly id: string
    readonly source: string
    readonly fingerprint: string
    readonly name: string
    readonly level: string
    readonly labels: Readonly<Record<string, string>>
    readonly since_at: Date
  }>({ name: 'alert-links-candidates', text: CANDIDATES, values: [options.since, options.heartbeat] })
  return rows.map((row) => ({
    id: row.id,
    key: `${row.source} ${row.fingerprint}`,
    name: row.name,
    level: row.level,
    sinceMs: row.since_at.getTime(),
    traits: traitsOf(row),
  }))
}
