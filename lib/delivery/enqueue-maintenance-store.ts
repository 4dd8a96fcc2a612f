import type { StatuspagePayload } from '../channels/channel'
import { sha256Hex } from '../platform/crypto'
import type { Sql } from '../platform/sql'
import { enqueueInLane } from './enqueue-store'

/** PlannedWork is a window of planned work as one of its updates tells it; instants are ISO, states those that customers see. */
export type PlannedWork = {
  readonly id: string
  readonly name: string
  readonly status: 'scheduled' | 'in_progress' | 'completed' | 'cancelled'
  readonly body: string
  readonly scheduledFor: string
  readonly scheduledUntil: string
  readonly components: StatuspagePayload['components']
  /** version counts the updates of a window. */
  readonly version: number
}

/** enqueueMaintenance writes an update of planned work for every public Statuspage channel, in the caller's transaction. */
export async function enqueueMaintenance(tx: Sql, work: PlannedWork, now: Date): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM channel WHERE kind = 'statuspage' AND audiences ? 'public' AND removed_at IS NULL ORDER BY id`
  if (rows.length === 0) return
  const payload = payloadOf(work)
  const noticeId = noticeOf(work)
  for (const { id } of rows)
    await enqueueInLane(tx, {
      lane: `maintenance-${work.id}`,
      noticeId,
      channel: id,
      step: 'post',
      payload,
      now,
    })
  await tx.$queryRaw`SELECT pg_notify('watchfloor_delivery', ${work.id}::text)::text AS told`
}

/** The same update of the same window is the same notice, whoever writes it. */
function noticeOf({ id, version }: PlannedWork): string {
  const hex = sha256Hex(`maintenance|${id}|${version}`)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** Statuspage has no word for what was called off: it ends there, and the text says so. */
function payloadOf(work: PlannedWork): StatuspagePayload {
  const { name, status, body, components, scheduledFor, scheduledUntil, version } = work
  return {
    name,
    status: status === 'cancelled' ? 'completed' : status,
    body,
    impact: 'maintenance',
    components,
    incident: `maintenance ${work.id}`,
    seq: version,
    window: { scheduledFor, scheduledUntil },
  }
}
