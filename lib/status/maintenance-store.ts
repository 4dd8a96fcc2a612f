import type { Sql } from '../platform/sql'
import type { MaintenanceRow, MaintenanceStatus } from './model'
import { lockPage, publicIdOf, settleComponents } from './store'

/** moveMaintenance brings a window into another state with its text for the public, under the page’s lock; false when another was faster. */
export async function moveMaintenance(
  sql: Sql,
  move: {
    readonly id: string
    readonly from: MaintenanceStatus
    readonly to: MaintenanceStatus
    readonly body: string
    readonly now: Date
  },
): Promise<boolean> {
  const { id, from, to, now } = move
  await lockPage(sql, now)
  const startedAt = to === 'in_progress' ? now : null
  const completedAt = to === 'completed' || to === 'cancelled' ? now : null
  const moved = await sql.$queryRaw<{ version: number }[]>`
    UPDATE maintenance SET status = ${to}, updated_at = ${now}, version = version + 1,
      started_at = COALESCE(${startedAt}, started_at), completed_at = COALESCE(${completedAt}, completed_at)
    WHERE id = ${id} AND status = ${from} RETURNING version`
  const [row] = moved
  if (!row) return false
  await writeMaintenanceUpdate(sql, { id, status: to, body: move.body, version: row.version, now })
  await settleComponents(sql, { now, cause: `maintenance:${id}` })
  return true
}

/** writeMaintenanceUpdate writes a window’s text for the public: feeds tell each. */
export async function writeMaintenanceUpdate(
  sql: Sql,
  update: {
    readonly id: string
    readonly status: MaintenanceStatus
    readonly body: string
    readonly version: number
    readonly now: Date
  },
): Promise<void> {
  const updateId = publicIdOf(`maintenance|${update.id}|${update.version}`)
  await sql.$queryRaw`
    INSERT INTO public_update (id, maintenance_id, status, body, at)
    VALUES (${updateId}, ${update.id}, ${update.status}, ${update.body}, ${update.now}) ON CONFLICT DO NOTHING`
}

/** readDueMaintenances gives the automatic windows whose start or end has come. */
export async function readDueMaintenances(
  sql: Sql,
  now: Date,
): Promise<Pick<MaintenanceRow, 'id' | 'status' | 'name' | 'scheduledUntil'>[]> {
  return sql.$queryRaw<Pick<MaintenanceRow, 'id' | 'status' | 'name' | 'scheduledUntil'>[]>`
    SELECT id, status, name, scheduled_until AS "scheduledUntil" FROM maintenance WHERE is_automatic
      AND ((status = 'scheduled' AND scheduled_for <= ${now}) OR (status = 'in_progress' AND scheduled_until <= ${now}))
    ORDER BY scheduled_for`
}
