import { enqueueMaintenance, type PlannedWork } from '../delivery/enqueue-maintenance-store'
import type { Sql } from '../platform/sql'
import type { MaintenanceRow, MaintenanceStatus } from './model'
import { lockPage, publicIdOf, readComponents, settleComponents } from './store'

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
  // The page's own components settle first: what is told elsewhere is what they show then.
  await settleComponents(sql, { now, cause: `maintenance:${id}` })
  await writeMaintenanceUpdate(sql, { id, status: to, body: move.body, version: row.version, now })
  return true
}

/** writeMaintenanceUpdate writes a window’s text for the public: feeds tell each, and every Statuspage that we speak to. */
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
  await tellElsewhere(sql, update)
}

async function tellElsewhere(
  sql: Sql,
  { id, status, body, version, now }: Parameters<typeof writeMaintenanceUpdate>[1],
): Promise<void> {
  const [row] = await sql.$queryRaw<
    Pick<MaintenanceRow, 'name' | 'scheduledFor' | 'scheduledUntil' | 'componentIds'>[]
  >`
    SELECT name, scheduled_for AS "scheduledFor", scheduled_until AS "scheduledUntil", component_ids AS "componentIds"
    FROM maintenance WHERE id = ${id}`
  if (!row) return
  const listed = await readComponents(sql)
  const work: PlannedWork = {
    id,
    name: row.name,
    status,
    body,
    version,
    scheduledFor: row.scheduledFor.toISOString(),
    scheduledUntil: row.scheduledUntil.toISOString(),
    components: listed
      .filter((component) => row.componentIds.includes(component.id))
      .map(({ id: component, name, state }) => ({ id: component, name, state })),
  }
  await enqueueMaintenance(sql, work, now)
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
