import type { Sql } from '../platform/sql'
import { phaseOf, type Status } from './model'
import { type Author, appendEntries, type Entry } from './record-store'

/** MachineRecord is what the console's own machinery writes into an incident's record, in whose name. */
export type MachineRecord = {
  readonly incidentId: string
  readonly author: Author
  readonly now: Date
  readonly entries: readonly Entry[]
}

/** recordByMachine appends entries to an incident's record in the caller's transaction and gives the last one's number; an incident that is gone is left alone. */
export async function recordByMachine(sql: Sql, record: MachineRecord): Promise<number | undefined> {
  if (record.entries.length === 0) return undefined
  // The console's own machinery writes into restricted incidents too: it shows nobody what it knows.
  const found = await sql.$queryRaw<readonly object[]>`
    SELECT 1 FROM incident WHERE id = ${record.incidentId}::uuid AND merged_into IS NULL FOR UPDATE`
  return found.length === 1 ? (await appendEntries(sql, record.incidentId, record)).seq : undefined
}

/**
 * followTold moves an incident to the phase that a published update told, in the caller's transaction, with an entry of
 * its record; a resolved incident and the phase resolved are left alone: resolving is a step of its own.
 */
export async function followTold(
  sql: Sql,
  told: { readonly incidentId: string; readonly author: Author; readonly now: Date; readonly status: Status },
): Promise<void> {
  const { incidentId, author, now, status } = told
  if (status === 'resolved') return
  const [row] = await sql.$queryRaw<{ status: Status; version: number; acked: boolean }[]>`
    SELECT status, version, acknowledged_at IS NOT NULL AS acked FROM incident
    WHERE id = ${incidentId}::uuid AND merged_into IS NULL FOR UPDATE`
  if (row === undefined || row.status === 'resolved' || row.status === status) return
  const mark = { version: row.version + 1, by: author.name, atMs: now.getTime() }
  await sql.$queryRaw`
    UPDATE incident SET status = ${status}, phase = ${phaseOf(status, row.acked)},
      field_marks = jsonb_set(field_marks, '{status}', ${JSON.stringify(mark)}::jsonb)
    WHERE id = ${incidentId}::uuid`
  const body = { from: row.status, to: status, reason: 'told in an update' }
  await appendEntries(sql, incidentId, {
    author,
    now,
    isOverwrite: true,
    entries: [{ kind: 'status', source: 'comms', body }],
  })
}
