import { randomUUID } from 'node:crypto'
import type { Sql } from '../platform/sql'

/** AlertTarget says which firing alerts are meant: by id, or every one of a rule and level. */
export type AlertTarget =
  | { readonly ids: readonly string[] }
  | { readonly group: { readonly name: string; readonly level: string } }

/** LinkedAlert is an alert as the record names it. */
export type LinkedAlert = { readonly id: string; readonly name: string; readonly level: string }

/** MAX_LINKED is how many alerts one request links. */
export const MAX_LINKED = 10_000

/** findTargets gives the alerts that are meant: by id also those that are over, by group only those that fire. */
export async function findTargets(sql: Sql, target: AlertTarget): Promise<readonly LinkedAlert[]> {
  const ids = 'ids' in target ? [...target.ids] : []
  const group = 'group' in target ? target.group : { name: '', level: '' }
  return sql.$queryRaw<LinkedAlert[]>`
    SELECT id::text AS id, name, level FROM alert
    WHERE id = ANY(${ids}::uuid[])
      OR (${'group' in target} AND status = 'firing' AND name = ${group.name} AND level = ${group.level})
    ORDER BY level, since_at, id LIMIT ${MAX_LINKED}`
}

/** setLinks gives alerts of an incident a state; those that have it already are left alone. Gives which changed. */
export async function setLinks(
  sql: Sql,
  incident: { readonly id: string },
  change: {
    readonly alerts: readonly LinkedAlert[]
    readonly state: 'linked' | 'proposed' | 'unlinked'
    readonly reasons?: ReadonlyMap<string, string>
    /** isMachine never overrules what stands already. */
    readonly isMachine: boolean
    readonly by: string
    readonly now: Date
  },
): Promise<readonly LinkedAlert[]> {
  const { alerts, state, reasons, isMachine, by, now } = change
  if (alerts.length === 0) return []
  const rows = await sql.$queryRaw<{ ref: string }[]>`
    INSERT INTO incident_link AS l (id, incident_id, kind, ref, title, state, reason, at, by)
    SELECT item.id, ${incident.id}::uuid, 'alert', item.ref, item.title, ${state}, item.reason, ${now}, ${by}
    FROM unnest(${alerts.map(() => randomUUID())}::uuid[], ${alerts.map(({ id }) => id)}::text[],
      ${alerts.map(({ name }) => name)}::text[], ${alerts.map(({ id }) => reasons?.get(id) ?? '')}::text[])
      AS item(id, ref, title, reason)
    ON CONFLICT (incident_id, kind, ref) DO UPDATE SET state = excluded.state, reason = excluded.reason,
      at = excluded.at, by = excluded.by
    WHERE l.state <> excluded.state AND NOT ${isMachine}
    RETURNING ref`
  const changed = new Set(rows.map(({ ref }) => ref))
  return alerts.filter(({ id }) => changed.has(id))
}

/** namesOf writes which alerts an entry of the record is about: their rules, and the first twenty by id. */
export function namesOf(alerts: readonly LinkedAlert[]): Readonly<Record<string, unknown>> {
  return {
    count: alerts.length,
    rules: [...new Set(alerts.map(({ name }) => name))].slice(0, 5),
    alerts: alerts.slice(0, 20).map(({ id, name }) => ({ id, name })),
  }
}
