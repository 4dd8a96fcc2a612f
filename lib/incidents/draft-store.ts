import type { Db, Tx } from '../platform/db'
import { type DraftSlot, mergeSlots, superseded } from './drafts'

/** KEYS_LIMIT is under how many keys one person may keep drafts. */
export const KEYS_LIMIT = 200

type Row = {
  readonly writer: string
  readonly rev: number
  readonly text: string | null
  readonly seen: unknown
  readonly editedAt: Date
}

function slotOf(row: Row): DraftSlot {
  return {
    writer: row.writer,
    rev: row.rev,
    text: row.text,
    editedAtMs: row.editedAt.getTime(),
    seen: row.seen as DraftSlot['seen'],
  }
}

/** readDrafts gives every slot of a person, or those under one key. */
export async function readDrafts(
  db: Db | Tx,
  personId: string,
  key?: string,
): Promise<readonly (DraftSlot & { readonly key: string })[]> {
  const rows = await db.incidentDraft.findMany({
    where: { personId, ...(key === undefined ? {} : { key }) },
    orderBy: [{ key: 'asc' }, { writer: 'asc' }],
  })
  return rows.map((row) => ({ key: row.key, ...slotOf(row) }))
}

/** countDraftKeys counts the keys under which a person keeps text that was not sent, other than `key`. */
export async function countDraftKeys(tx: Tx, personId: string, key: string): Promise<number> {
  const rows = await tx.incidentDraft.findMany({
    where: { personId, key: { not: key }, text: { not: null } },
    distinct: ['key'],
    select: { key: true },
  })
  return rows.length
}

/** writeDrafts stores slots under a key, never an older change over a newer one, and drops what others were built upon. */
export async function writeDrafts(
  tx: Tx,
  given: {
    readonly personId: string
    readonly key: string
    readonly slots: readonly DraftSlot[]
    readonly now: Date
  },
): Promise<readonly DraftSlot[]> {
  const { personId, key, now } = given
  // Two tabs save the same key at once; the second waits and sees what the first wrote.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`draft:${personId}:${key}`}, 0))`
  const known = await readDrafts(tx, personId, key)
  const all = mergeSlots(known, given.slots)
  const gone = superseded(all)
  const kept = all.filter((slot) => !gone.includes(slot))
  for (const slot of kept) {
    if (known.some((one) => one.writer === slot.writer && one.rev >= slot.rev)) continue
    const fields = {
      rev: slot.rev,
      text: slot.text,
      seen: slot.seen as object,
      editedAt: new Date(slot.editedAtMs),
      savedAt: now,
    }
    await tx.incidentDraft.upsert({
      where: { personId_key_writer: { personId, key, writer: slot.writer } },
      create: { personId, key, writer: slot.writer, ...fields },
      update: fields,
    })
  }
  const writers = gone.map(({ writer }) => writer)
  if (writers.length > 0)
    await tx.incidentDraft.deleteMany({ where: { personId, key, writer: { in: writers } } })
  return kept.map(({ writer, rev, text, editedAtMs, seen }) => ({ writer, rev, text, editedAtMs, seen }))
}
