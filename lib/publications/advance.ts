import type pg from 'pg'
import { followTold, recordByMachine } from '../incidents/commands-record'
import { failpoint } from '../platform/failpoint'
import { holdsLease } from '../platform/fence'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import { writeHints } from '../run'
import { dueMessages, markReleased, type Released, takeMessage } from './release-store'

/** Told is one way on which a released message goes further, in the transaction of its release. */
export type Told = (sql: Sql, message: Released, now: Date) => Promise<void>

/** Releasing is what a release needs; `ways` are the public page, the channels and the mails. */
export type Releasing = {
  readonly pool: pg.Pool
  readonly lease: { readonly name: string; readonly epoch: number }
  readonly ways: readonly Told[]
}

/**
 * advancePublications lets everything out whose undo is over, each in one transaction: message, public page, deliveries,
 * mails, the entry of the incident's record, the hint. Gives how many left; one that can't holds up no other incident's.
 */
export async function advancePublications(
  releasing: Releasing,
  now: Date,
): Promise<{ readonly released: number; readonly failed: readonly unknown[] }> {
  const due = await dueMessages(sqlOf(releasing.pool), now)
  const failed: unknown[] = []
  const stuck = new Set<string>()
  let released = 0
  for (const one of due) {
    const lane = one.incidentId ?? one.id
    if (stuck.has(lane)) continue
    try {
      if (await inSql(releasing.pool, (sql) => release(sql, one, { releasing, now }))) released += 1
    } catch (error) {
      stuck.add(lane)
      failed.push(error)
    }
  }
  return { released, failed }
}

async function release(
  sql: Sql,
  due: { readonly id: string; readonly incidentId: string | null },
  { releasing, now }: { readonly releasing: Releasing; readonly now: Date },
): Promise<boolean> {
  if (!(await holdsLease(sql, releasing.lease))) return false
  const message = await takeMessage(sql, due, now)
  if (message === undefined) return false
  await markReleased(sql, message.id, now)
  for (const tell of releasing.ways) await tell(sql, message, now)
  if (message.incidentId !== null) await record(sql, { ...message, incidentId: message.incidentId }, now)
  await failpoint('publications.release.before-commit')
  const refs = message.incidentId === null ? [] : [message.incidentId]
  await writeHints(
    sql,
    refs.flatMap((ref) => [
      { topic: 'publications', ref },
      { topic: 'incidents', ref },
    ]),
    now,
  )
  return true
}

/** The entry meets the clock of its audience as an update that somebody recorded does. */
async function record(
  sql: Sql,
  message: Released & { readonly incidentId: string },
  now: Date,
): Promise<void> {
  const author = { actor: message.authorId, name: message.author }
  await followTold(sql, { incidentId: message.incidentId, author, now, status: message.status })
  await recordByMachine(sql, {
    incidentId: message.incidentId,
    author,
    now,
    entries: [
      {
        id: message.id,
        kind: 'update',
        source: 'comms',
        body: {
          audience: message.audience,
          status: message.status,
          text: `${message.title}\n${message.body}`,
          where: message.kind === 'correction' ? 'correction' : '',
          publication: message.id,
          next: message.nextUpdateAt?.toISOString() ?? null,
        },
      },
    ],
  })
}
