import type { Db, Tx } from '../platform/db'
import { PRESENCE_ENDS_MS, type Present } from './presence'

/** readPresent gives who was seen at an incident since an instant, by handle. */
export async function readPresent(db: Db | Tx, incidentId: string, since: Date): Promise<readonly Present[]> {
  const rows = await db.incidentPresence.findMany({
    where: { incidentId, seenAt: { gt: since } },
    orderBy: { handle: 'asc' },
  })
  return rows.map(({ personId, handle, editing, seenAt }) => ({
    personId,
    handle,
    editing,
    seenAtMs: seenAt.getTime(),
  }))
}

/** beatPresence marks somebody as present and wakes the open consoles when they came or changed what they type in. */
export async function beatPresence(
  tx: Tx,
  beat: {
    readonly incidentId: string
    readonly personId: string
    readonly handle: string
    readonly editing: string
    readonly now: Date
  },
): Promise<void> {
  const { incidentId, personId, handle, editing, now } = beat
  const where = { incidentId_personId: { incidentId, personId } }
  const before = await tx.incidentPresence.findUnique({ where })
  await tx.incidentPresence.upsert({
    where,
    create: { incidentId, personId, handle, editing, seenAt: now },
    update: { handle, editing, seenAt: now },
  })
  const isStill = before !== null && now.getTime() - before.seenAt.getTime() < PRESENCE_ENDS_MS
  if (isStill && before.editing === editing) return
  await tx.$executeRaw`SELECT pg_notify('watchfloor_live', ${`present:${incidentId}`})`
}
