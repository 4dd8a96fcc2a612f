import type { Sql } from '../platform/sql'
import { nextHold } from './release-store'

/** nextRelease gives when the next message leaves; undefined when none is held. */
export function nextRelease(sql: Sql): Promise<Date | undefined> {
  return nextHold(sql)
}
