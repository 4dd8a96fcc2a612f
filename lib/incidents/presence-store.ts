import type { Db, Tx } from '../platform/db'
import { PRESENCE_ENDS_MS, type Present } from './presence'

/** Place is where somebody is seen: an incident or a postmortem by its id, whose sight the caller has checked. */
type Place = { readonly placeId: string; readonly personId: string; readonly now: Date }

/** readOthers gives who else was seen at a place in the last 45 s, by handle. */
export async function readOthers(
  db: Db | Tx,
  { placeId, personId, now }: Place,
): Promise<readonly Present[]> {
  const rows = await db.presence.findMany({
    where: {
      placeId,
      personId: { not: personId },
      seenAt: { gt: new Date(now.getTime() - PRESENCE_ENDS_MS) },
    },
    orderBy: { handle: 'asc' },
  })
  return rows.map(({ personId: id, handle, editing, seenAt }) => ({
    personId: id,
    handle,
    editing,
    seenAtMs: seenAt.getTime(),
  }))
}

/** beatPresence marks somebody as present, wakes the open consoles when they came or changed what they type in, and gives who else is there. */
export async function beatPresence(
  tx: Tx,
  beat: Place & { readonly handle: string; readonly editing: string },
): Promise<readonly Present[]> {
  const { placeId, personId, handle, editing, now } = beat
  const where = { placeId_personId: { placeId, personId } }
  const before = await tx.presence.findUnique({ where })
  await tx.presence.upsert({
    where,
    create: { placeId, personId, handle, editing, seenAt: now },
    update: { handle, editing, seenAt: now },
  })
  const isStill = before !== null && now.getTime() - before.seenAt.getTime() < PRESENCE_ENDS_MS
  if (!isStill || before.editing !== editing)
    await tx.$executeRaw`SELECT pg_notify('watchfloor_live', ${`present:${placeId}`})`
  return readOthers(tx, beat)
}
