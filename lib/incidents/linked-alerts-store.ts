import type pg from 'pg'

/** LinkedStatus is an alert's state, or unknown when what was linked is no alert of ours. */
export type LinkedStatus = 'firing' | 'resolved' | 'unknown'

/** LinkedRow is one linked alert; `id` is null when the link leads to no alert of ours. */
export type LinkedRow = {
  readonly ref: string
  readonly title: string
  readonly id: string | null
  readonly name: string | null
  readonly level: string | null
  readonly status: LinkedStatus
  readonly since: Date | null
  readonly resolvedAt: Date | null
  readonly summary: string | null
}

/** LINKED_ROWS is how many linked alerts one page has. */
export const LINKED_ROWS = 20

/** The order does not depend on the status, so that a row stays where the eye is when it ends. */
const LINKED = `
WITH linked AS (
  SELECT link.ref, link.title, alert.id, alert.level, alert.since_at, coalesce(alert.status, 'unknown') AS status
  FROM incident_link AS link LEFT JOIN alert ON alert.id = CASE
    WHEN link.ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN link.ref::uuid END
  WHERE link.incident_id = $1 AND link.kind = 'alert' AND link.state = 'linked'
), page AS (
  SELECT * FROM linked WHERE $2::text IS NULL OR status = $2
  ORDER BY level, since_at DESC, ref LIMIT ${LINKED_ROWS + 1} OFFSET $3
)
SELECT page.ref, page.title, page.id, page.level, page.status, page.since_at AS since, alert.name,
  alert.resolved_at AS "resolvedAt", alert.annotations ->> 'summary' AS summary,
  counts.firing, counts.resolved, counts.unknown
FROM (
  SELECT count(*) FILTER (WHERE status = 'firing')::int AS firing,
    count(*) FILTER (WHERE status = 'resolved')::int AS resolved,
    count(*) FILTER (WHERE status = 'unknown')::int AS unknown FROM linked
) AS counts LEFT JOIN page ON true LEFT JOIN alert ON alert.id = page.id
ORDER BY page.level, page.since_at DESC, page.ref`

/** Linked is one page of an incident's alerts, and how many of them stand how. */
export type Linked = {
  readonly rows: readonly LinkedRow[]
  readonly hasMore: boolean
  readonly counts: Readonly<Record<LinkedStatus, number>>
}

/** readLinkedAlerts gives one page of the alerts that are linked to an incident, most severe and newest first. */
export async function readLinkedAlerts(
  pool: pg.Pool,
  incident: string,
  cut: { readonly status: LinkedStatus | undefined; readonly page: number },
): Promise<Linked> {
  const { rows } = await pool.query<
    Omit<LinkedRow, 'ref'> & Linked['counts'] & { readonly ref: string | null }
  >({
    name: 'incident-alerts',
    text: LINKED,
    values: [incident, cut.status ?? null, cut.page * LINKED_ROWS],
  })
  const [first] = rows
  const found = rows.flatMap(({ firing, resolved, unknown, ref, ...row }) =>
    ref === null ? [] : [{ ref, ...row }],
  )
  return {
    rows: found.slice(0, LINKED_ROWS),
    hasMore: found.length > LINKED_ROWS,
    counts: { firing: first?.firing ?? 0, resolved: first?.resolved ?? 0, unknown: first?.unknown ?? 0 },
  }
}
