import type { Sql } from '../platform/sql'
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
