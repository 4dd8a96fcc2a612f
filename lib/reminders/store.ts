import type { Sql } from '../platform/sql'
import { type Audience, type Due, type Step, stepKey, type Telling } from './promises'

/** TellingRow is an incident as the reminders see it; `done` holds the steps taken, `open` those not cleared yet. */
export type TellingRow = {
  readonly incidentId: string
  readonly number: number
  readonly severity: string
  readonly commander: string
  /** slackUser is the commander's id in Slack, null when nobody knows it. */
  readonly slackUser: string | null
  readonly telling: Telling
  readonly done: ReadonlySet<string>
  /** pageId is the step that paged somebody, for its end. */
  readonly open: readonly { readonly dueAtMs: number; readonly pageId: string | null }[]
}

type Raw = {
  readonly id: string
  readonly number: number
  readonly drill: boolean
  readonly visibility: string
  readonly severity: string
  readonly is_over: boolean
  readonly commander: string
  readonly slack_user: string | null
  readonly told: readonly { readonly audience: Audience; readonly at: number; readonly next: number | null }[]
  readonly steps: readonly {
    readonly id: string
    readonly due: number
    readonly step: Step
    readonly cleared: boolean
    readonly outcome: string
  }[]
}

/** hasPromises tells cheaply whether anything is promised, or was and is not cleared. */
export async function hasPromises(sql: Sql): Promise<boolean> {
  const [row] = await sql.$queryRaw<{ has: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM reminder WHERE cleared_at IS NULL) OR EXISTS (
      SELECT 1 FROM incident AS i JOIN publication AS p ON p.incident_id = i.id
      WHERE i.status <> 'resolved' AND i.merged_into IS NULL AND p.state = 'released' AND p.next_update_at IS NOT NULL
    ) AS has`
  return row?.has ?? false
}

/**
 * readTellings gives the incidents with a promise, or with a step that is not cleared. An update that was only recorded here
 * counts as told, unless it is the record of a publication of the same moment.
 */
export async function readTellings(sql: Sql, incidentId?: string): Promise<readonly TellingRow[]> {
  const only = incidentId ?? null
  const rows = await sql.$queryRaw<Raw[]>`
    WITH near AS (
      SELECT i.* FROM incident AS i WHERE (${only}::uuid IS NULL OR i.id = ${only}::uuid) AND (
        EXISTS (SELECT 1 FROM reminder AS r WHERE r.incident_id = i.id AND r.cleared_at IS NULL)
        OR (i.status <> 'resolved' AND i.merged_into IS NULL AND EXISTS (SELECT 1 FROM publication AS p
          WHERE p.incident_id = i.id AND p.state = 'released' AND p.next_update_at IS NOT NULL)))
    ), told AS (
      SELECT p.incident_id, p.audience, p.released_at AS at, p.next_update_at AS next
      FROM publication AS p JOIN near ON near.id = p.incident_id WHERE p.state = 'released'
      UNION ALL
      SELECT t.incident_id, t.body->>'audience', t.received_at, NULL
      FROM timeline_event AS t JOIN near ON near.id = t.incident_id
      WHERE t.kind = 'update' AND NOT EXISTS (SELECT 1 FROM publication AS p WHERE p.incident_id = t.incident_id
        AND p.audience = t.body->>'audience' AND p.released_at BETWEEN t.received_at - interval '2 seconds'
        AND t.received_at + interval '2 seconds')
    )
    SELECT near.id, near.number, near.drill, near.visibility, near.severity,
      (near.status = 'resolved' OR near.merged_into IS NOT NULL) AS is_over,
      coalesce(c.handle, '') AS commander, s.slack_user,
      coalesce((SELECT jsonb_agg(jsonb_build_object('audience', told.audience,
        'at', round(extract(epoch FROM told.at) * 1000), 'next', round(extract(epoch FROM told.next) * 1000)) ORDER BY told.at)
        FROM told WHERE told.incident_id = near.id), '[]') AS told,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', r.id, 'due', round(extract(epoch FROM r.due_at) * 1000),
        'step', r.step, 'cleared', r.cleared_at IS NOT NULL, 'outcome', r.outcome))
        FROM reminder AS r WHERE r.incident_id = near.id), '[]') AS steps
    FROM near
      LEFT JOIN LATERAL (SELECT a.handle, a.person_id FROM role_assignment AS a
        WHERE a.incident_id = near.id AND a.role = 'commander' AND a.ended_at IS NULL LIMIT 1) AS c ON true
      LEFT JOIN slack_person AS s ON s.person_id = c.person_id
    ORDER BY near.declared_at LIMIT 200`
  return rows.map(rowOf)
}

function rowOf(raw: Raw): TellingRow {
  const open = new Map<number, string | null>()
  for (const { id, due, step, cleared, outcome } of raw.steps) {
    if (cleared) continue
    const pageId = step === 'page' && outcome === 'fired' ? id : null
    open.set(due, pageId ?? open.get(due) ?? null)
  }
  return {
    incidentId: raw.id,
    number: raw.number,
    severity: raw.severity,
    commander: raw.commander,
    slackUser: raw.slack_user,
    telling: {
      isDrill: raw.drill,
      isRestricted: raw.visibility === 'restricted',
      isOver: raw.is_over,
      told: raw.told.map(({ audience, at, next }) => ({ audience, atMs: at, nextAtMs: next })),
    },
    done: new Set(raw.steps.map(({ due, step }) => stepKey(due, step))),
    open: [...open].map(([dueAtMs, pageId]) => ({ dueAtMs, pageId })),
  }
}

/** claimStep writes that a step is taken and gives its id; undefined when it was taken before. */
export async function claimStep(
  tx: Sql,
  claim: { readonly incidentId: string; readonly due: Due; readonly now: Date },
): Promise<string | undefined> {
  const { incidentId, due, now } = claim
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO reminder (incident_id, due_at, step, audiences, fired_at, outcome)
    VALUES (${incidentId}::uuid, ${new Date(due.dueAtMs)}::timestamptz, ${due.step}, ${[...due.audiences]}::text[],
      ${now}::timestamptz, ${due.outcome})
    ON CONFLICT DO NOTHING RETURNING id`
  return row?.id
}

/** clearSteps ends the steps of a promise that was answered; tells whether any was open. */
export async function clearSteps(tx: Sql, incidentId: string, dueAtMs: number, now: Date): Promise<boolean> {
  const rows = await tx.$queryRaw<readonly object[]>`
    UPDATE reminder SET cleared_at = ${now}::timestamptz
    WHERE incident_id = ${incidentId}::uuid AND due_at = ${new Date(dueAtMs)}::timestamptz AND cleared_at IS NULL
    RETURNING id`
  return rows.length > 0
}

/** readSteps gives every step taken in an incident, oldest first. */
export function readSteps(
  sql: Sql,
  incidentId: string,
): PromiseLike<{ dueAtMs: number; step: string; outcome: string; firedAtMs: number }[]> {
  return sql.$queryRaw<{ dueAtMs: number; step: string; outcome: string; firedAtMs: number }[]>`
    SELECT round(extract(epoch FROM due_at) * 1000)::float8 AS "dueAtMs", step, outcome,
      round(extract(epoch FROM fired_at) * 1000)::float8 AS "firedAtMs"
    FROM reminder WHERE incident_id = ${incidentId}::uuid ORDER BY fired_at`
}
