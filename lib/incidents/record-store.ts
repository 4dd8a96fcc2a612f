import { randomUUID } from 'node:crypto'
import type { Sql } from '../platform/sql'
import { claimOf } from './claims'
import type { EntrySource } from './model'

/** Entry is one line of the record before it has its place; `id` makes a repeat harmless. */
export type Entry = {
  readonly id?: string | undefined
  readonly kind: string
  readonly source: EntrySource
  readonly body: Readonly<Record<string, unknown>>
  readonly claimedAt?: string | undefined
}

/** Author is who writes: the id that stays and the handle that people read. */
export type Author = { readonly actor: string; readonly name: string }

/** Writing is what is appended, by whom and when; `isOverwrite` counts an overwrite of the incident's fields. */
export type Writing = {
  readonly author: Author
  readonly now: Date
  readonly entries: readonly Entry[]
  readonly isOverwrite?: boolean
}

/** appendEntries appends to an incident's record under the row's lock and gives the last number and the row's version; the counter and the rows are one statement. */
export async function appendEntries(
  sql: Sql,
  incidentId: string,
  { author, now, entries, isOverwrite }: Writing,
): Promise<{ readonly seq: number; readonly version: number }> {
  const items = entries.map((entry, place) => ({
    place,
    id: entry.id ?? randomUUID(),
    kind: entry.kind,
    source: entry.source,
    claimed_at: entry.claimedAt?.replace(/\p{Surrogate}/gu, '\uFFFD') ?? null,
    occurred_at: new Date(claimOf(entry.claimedAt, now.getTime()).occurredAtMs).toISOString(),
    body: entry.body,
  }))
  const [moved] = await sql.$queryRaw<{ seq: number; version: number }[]>`
    WITH moved AS (
      UPDATE incident SET next_seq = next_seq + ${entries.length}::int, version = version + ${isOverwrite ? 1 : 0}::int
      WHERE id = ${incidentId}::uuid RETURNING next_seq, version
    ), written AS (
      INSERT INTO timeline_event
        (incident_id, seq, id, kind, source, actor, actor_name, claimed_at, occurred_at, received_at, body)
      SELECT ${incidentId}::uuid, moved.next_seq - ${entries.length}::int + 1 + item.place, item.id, item.kind, item.source,
        ${author.actor}, ${author.name}, item.claimed_at, item.occurred_at, ${now}::timestamptz, item.body
      FROM moved, jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS item(place int, id uuid, kind text,
        source text, claimed_at text, occurred_at timestamptz, body jsonb)
    )
    SELECT next_seq AS seq, version FROM moved`
  if (!moved) throw new Error(`incident ${incidentId} is gone`)
  return moved
}
