import type { Audience, ComponentImpact, Facts, Kind, Severity, Status } from '../comms/model'
import type { Sql } from '../platform/sql'

/** Released is a message as it leaves, whole: whoever tells it further needs nothing else. */
export type Released = {
  readonly id: string
  readonly incidentId: string | null
  readonly seq: number
  readonly kind: Kind
  readonly audience: Audience
  readonly severity: Severity
  readonly status: Status
  readonly title: string
  readonly body: string
  readonly nextUpdateAt: Date | null
  readonly components: readonly ComponentImpact[]
  readonly facts: Facts
  readonly channelIds: readonly string[]
  readonly hash: string
  readonly authorId: string
  readonly author: string
  readonly corrects: string | null
  readonly drill: boolean
  readonly createdAt: Date
}

/** nextHold gives until when the next message is held; undefined when none is. */
export async function nextHold(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql.$queryRaw<{ at: Date | null }[]>`
    SELECT min(hold_until) AS at FROM publication WHERE state = 'holding'`
  return row?.at ?? undefined
}

/** dueMessages names what may leave at `now`, in the order in which it was written. */
export async function dueMessages(
  sql: Sql,
  now: Date,
): Promise<readonly { readonly id: string; readonly incidentId: string | null }[]> {
  return sql.$queryRaw<{ id: string; incidentId: string | null }[]>`
    SELECT id::text AS id, incident_id::text AS "incidentId" FROM publication
    WHERE state = 'holding' AND hold_until <= ${now} ORDER BY incident_id, seq LIMIT 50`
}

/** takeMessage locks incident and message and gives the message while it is still held and due; undefined when it was taken back. */
export async function takeMessage(
  sql: Sql,
  due: { readonly id: string; readonly incidentId: string | null },
  now: Date,
): Promise<Released | undefined> {
  if (due.incidentId !== null)
    await sql.$queryRaw`SELECT 1 FROM incident WHERE id = ${due.incidentId}::uuid FOR UPDATE`
  const [row] = await sql.$queryRaw<Released[]>`
    SELECT id::text AS id, incident_id::text AS "incidentId", seq, kind, audience, severity, status, title, body,
      next_update_at AS "nextUpdateAt", components, facts, channel_ids AS "channelIds", hash, author_id AS "authorId",
      author, corrects::text AS corrects, drill, created_at AS "createdAt"
    FROM publication WHERE id = ${due.id}::uuid AND state = 'holding' AND hold_until <= ${now} FOR UPDATE`
  return row
}

/** markReleased says that a message has left. */
export async function markReleased(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.$queryRaw`
    UPDATE publication SET state = 'released', released_at = ${now} WHERE id = ${id}::uuid`
}
