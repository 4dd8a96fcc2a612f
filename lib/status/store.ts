import { createHash } from 'node:crypto'
import type { Sql } from '../platform/sql'
import { DAYS } from './history'
import {
  type ChangeRow,
  type ComponentRow,
  type ComponentState,
  componentStateOf,
  type IncidentRow,
  type MaintenanceRow,
  type PageRow,
  type PublicRows,
  type ShownState,
  type UpdateRow,
} from './model'

const PAST_INCIDENTS = 50
const DAY_MS = 86_400_000

/** publicIdOf derives the public id of a thing from what made it: 12 lower-case base-36 characters, the same for the same seed. */
export function publicIdOf(seed: string): string {
  const bytes = createHash('sha256').update(`status|${seed}`).digest().subarray(0, 10)
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .padStart(12, '0')
    .slice(-12)
}

/** readPage gives the page’s row; `fallbackUrl` stands in for an address that nobody set. */
export async function readPage(
  sql: Sql,
  fallbackUrl: string,
): Promise<PageRow & { readonly version: number }> {
  const [row] = await sql.$queryRaw<(PageRow & { url: string | null; version: number })[]>`
    SELECT name, url, time_zone AS "timeZone", confirmed_at AS "confirmedAt", sequence, version,
      updated_at AS "updatedAt" FROM status_page WHERE id = 1`
  if (!row) throw new Error('The status page has no row: a migration is missing.')
  return { ...row, url: (row.url ?? fallbackUrl).replace(/\/+$/, '') }
}

/** readComponents gives the components in their order, retired ones only when asked for. */
export async function readComponents(
  sql: Sql,
): Promise<(ComponentRow & { readonly version: number; readonly retiredAt: Date | null })[]> {
  return sql.$queryRaw<(ComponentRow & { version: number; retiredAt: Date | null })[]>`
    SELECT id, name, description, position, state, version, created_at AS "createdAt", updated_at AS "updatedAt",
      retired_at AS "retiredAt" FROM status_component ORDER BY position, id`
}

async function readOpen(sql: Sql): Promise<IncidentRow[]> {
  return sql.$queryRaw<IncidentRow[]>`
    SELECT id, name, status, impact, started_at AS "startedAt", created_at AS "createdAt", updated_at AS "updatedAt",
      monitoring_at AS "monitoringAt", resolved_at AS "resolvedAt", next_update_at AS "nextUpdateAt", words
    FROM public_incident WHERE resolved_at IS NULL ORDER BY started_at DESC, id`
}

async function readPast(sql: Sql): Promise<IncidentRow[]> {
  return sql.$queryRaw<IncidentRow[]>`
    SELECT id, name, status, impact, started_at AS "startedAt", created_at AS "createdAt", updated_at AS "updatedAt",
      monitoring_at AS "monitoringAt", resolved_at AS "resolvedAt", next_update_at AS "nextUpdateAt", words
    FROM public_incident WHERE resolved_at IS NOT NULL ORDER BY started_at DESC, id LIMIT ${PAST_INCIDENTS}`
}

/** readMaintenances gives every window that is to come or goes on, and those of the last 90 days. */
export async function readMaintenances(
  sql: Sql,
  since: Date,
): Promise<(MaintenanceRow & { readonly version: number; readonly isAutomatic: boolean })[]> {
  return sql.$queryRaw<(MaintenanceRow & { version: number; isAutomatic: boolean })[]>`
    SELECT id, name, body, status, scheduled_for AS "scheduledFor", scheduled_until AS "scheduledUntil",
      component_ids AS "componentIds", started_at AS "startedAt", completed_at AS "completedAt",
      created_at AS "createdAt", updated_at AS "updatedAt", version, is_automatic AS "isAutomatic"
    FROM maintenance WHERE status IN ('scheduled', 'in_progress') OR updated_at >= ${since}
    ORDER BY scheduled_for DESC, id LIMIT 200`
}

/** readPublicRows gives the public projection: this alone, and nothing else of the database, reaches page, feeds and copies. */
export async function readPublicRows(
  sql: Sql,
  options: { readonly fallbackUrl: string; readonly now: Date },
): Promise<PublicRows> {
  const since = new Date(options.now.getTime() - (DAYS + 1) * DAY_MS)
  const { version: _pageVersion, ...page } = await readPage(sql, options.fallbackUrl)
  const components = (await readComponents(sql))
    .filter(({ retiredAt }) => retiredAt === null)
    .map(({ retiredAt: _retired, version: _version, ...component }) => component)
  const incidents = [...(await readOpen(sql)), ...(await readPast(sql))]
  const maintenances = (await readMaintenances(sql, since)).map(
    ({ version: _version, isAutomatic: _isAutomatic, ...one }) => one,
  )
  const ids = [...incidents, ...maintenances].map(({ id }) => id)
  const updates = await sql.$queryRaw<UpdateRow[]>`
    SELECT id, incident_id AS "incidentId", maintenance_id AS "maintenanceId", status, body, components, corrects, at,
      is_emergency AS "isEmergency" FROM public_update
    WHERE incident_id = ANY(${ids}::text[]) OR maintenance_id = ANY(${ids}::text[]) ORDER BY at DESC, id`
  return { page, components, incidents, maintenances, updates, changes: await readChanges(sql, since) }
}

/** The state in which a component entered the span comes from the last change before it. */
async function readChanges(sql: Sql, since: Date): Promise<ChangeRow[]> {
  return sql.$queryRaw<ChangeRow[]>`
    (SELECT component_id AS "componentId", at, to_state AS "to" FROM status_component_change WHERE at >= ${since})
    UNION ALL
    (SELECT DISTINCT ON (component_id) component_id, at, to_state FROM status_component_change WHERE at < ${since}
      ORDER BY component_id, at DESC, id DESC)
    ORDER BY at`
}

/** lockPage takes the page’s lock, which orders everything that changes it, and counts the change. */
export async function lockPage(sql: Sql, now: Date): Promise<number> {
  const [row] = await sql.$queryRaw<{ sequence: number }[]>`
    UPDATE status_page SET sequence = sequence + 1, updated_at = ${now} WHERE id = 1 RETURNING sequence`
  await sql.$queryRaw`SELECT pg_notify('watchfloor_status', 'changed')::text`
  return row?.sequence ?? 0
}

/** settleComponents gives every component the state that follows from open incidents and maintenance; true when one changed. */
export async function settleComponents(
  sql: Sql,
  options: { readonly now: Date; readonly cause: string },
): Promise<boolean> {
  const { now, cause } = options
  const open = await readOpen(sql)
  const inProgress = await sql.$queryRaw<{ componentIds: string[] }[]>`
    SELECT component_ids AS "componentIds" FROM maintenance WHERE status = 'in_progress'`
  let changed = false
  for (const { id, state } of await readComponents(sql)) {
    const to = componentStateOf(id, { open, inProgress })
    if (to === state) continue
    changed = true
    await writeChange(sql, { componentId: id, at: now, from: state, to, cause })
    await sql.$queryRaw`UPDATE status_component SET state = ${to}, updated_at = ${now} WHERE id = ${id}`
  }
  return changed
}

/** writeChange notes from when a component is in which state. */
export async function writeChange(
  sql: Sql,
  change: {
    readonly componentId: string
    readonly at: Date
    readonly from: ShownState
    readonly to: ShownState | ComponentState
    readonly cause: string
  },
): Promise<void> {
  await sql.$queryRaw`
    INSERT INTO status_component_change (component_id, at, from_state, to_state, cause)
    VALUES (${change.componentId}, ${change.at}, ${change.from}, ${change.to}, ${change.cause})`
}
