import type pg from 'pg'
import { sightOf } from '../access/sight'
import type { Actor } from '../operation'
import { AppError } from '../platform/errors'

const HEAD = `
SELECT next_seq, visibility FROM incident AS i WHERE i.id = $1 AND ($2 OR i.visibility <> 'restricted' OR EXISTS (
  SELECT 1 FROM incident_access AS a WHERE a.incident_id = i.id AND a.person_id = $3::uuid))`

/** RecordHead is the place of the newest entry of a record, and whether the incident is restricted. */
export type RecordHead = { readonly head: number; readonly isRestricted: boolean }

/** readRecordHead gives the head of a record; throws not_found also for who may not know of it. */
export async function readRecordHead(pool: pg.Pool, actor: Actor, incident: string): Promise<RecordHead> {
  const sight = sightOf(actor)
  const person = typeof sight === 'object' ? sight.personId : null
  const { rows } = await pool.query<{ next_seq: number; visibility: string }>({
    name: 'record-head',
    text: HEAD,
    values: [incident, sight === 'all', person],
  })
  const [row] = rows
  if (row === undefined) throw new AppError('not_found', `There is no incident ${incident.slice(0, 60)}.`)
  return { head: row.next_seq, isRestricted: row.visibility === 'restricted' }
}
