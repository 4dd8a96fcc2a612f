import type pg from 'pg'

/** ProposedAlert is an alert that fires and waits for somebody to say whether it belongs to an incident. */
export type ProposedAlert = {
  readonly id: string
  readonly name: string
  readonly level: string
  readonly since: Date
  readonly summary: string | null
  readonly reason: string
}

/** LinkedCounts are how many linked alerts there are, how many fire, and when the last of them ended. */
export type LinkedCounts = {
  readonly linked: number
  readonly firing: number
  readonly lastOverAt: Date | null
}

const IS_ALERT = `a.id = CASE WHEN l.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.ref::uuid END`

/** readProposals gives what is proposed to an incident and fires still, most severe and oldest first; at most 50. */
export async function readProposals(pool: pg.Pool, incident: string): Promise<readonly ProposedAlert[]> {
  const { rows } = await pool.query<ProposedAlert>({
    name: 'incident-proposals',
    text: `SELECT a.id, a.name, a.level, a.since_at AS since, a.annotations ->> 'summary' AS summary, l.reason
      FROM incident_link AS l JOIN alert AS a ON ${IS_ALERT}
      WHERE l.incident_id = $1 AND l.kind = 'alert' AND l.state = 'proposed' AND a.status = 'firing'
      ORDER BY a.level, a.since_at, a.id LIMIT 50`,
    values: [incident],
  })
  return rows
}

/** readLinkedCounts counts an incident's linked alerts. */
export async function readLinkedCounts(pool: pg.Pool, incident: string): Promise<LinkedCounts> {
  const { rows } = await pool.query<LinkedCounts>({
    name: 'incident-linked-counts',
    text: `SELECT count(*)::int AS linked, count(*) FILTER (WHERE a.status = 'firing')::int AS firing,
        max(a.resolved_at) AS "lastOverAt"
      FROM incident_link AS l JOIN alert AS a ON ${IS_ALERT}
      WHERE l.incident_id = $1 AND l.kind = 'alert' AND l.state = 'linked'`,
    values: [incident],
  })
  return rows[0] ?? { linked: 0, firing: 0, lastOverAt: null }
}
