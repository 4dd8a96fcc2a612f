import type { Tx } from '../platform/db'
import { type Author, type Entry, type IncidentRow, writeEntries } from './store'

/** MachineRecord is what the console's own machinery writes into an incident's record, in whose name. */
export type MachineRecord = {
  readonly incidentId: string
  readonly author: Author
  readonly now: Date
  readonly entries: readonly Entry[]
}

/** recordByMachine appends entries to an incident's record in the caller's transaction; an incident that is gone is left alone. */
export async function recordByMachine(tx: Tx, record: MachineRecord): Promise<void> {
  const incident = await lockAny(tx, record.incidentId)
  if (!incident || incident.mergedInto !== null || record.entries.length === 0) return
  await writeEntries(tx, incident, { author: record.author, now: record.now, entries: record.entries })
}

// The console's own machinery writes into restricted incidents too: it shows nobody what it knows.
async function lockAny(tx: Tx, id: string): Promise<IncidentRow | null> {
  await tx.$queryRaw`SELECT 1 FROM incident WHERE id = ${id}::uuid FOR UPDATE`
  return tx.incident.findUnique({ where: { id } })
}
