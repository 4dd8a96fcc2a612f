import type { Db } from '../platform/db'
import type { SourceChange } from './gaps'
import { readSourceChanges } from './store'

/** readSourceChangesOf gives how the liveness of each source changed in a time, with the last change before it. */
export async function readSourceChangesOf(db: Db, from: Date, to: Date): Promise<readonly SourceChange[]> {
  return readSourceChanges(db, from, to)
}
