import type { Actor } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { postmortemSight } from '../postmortems/sight-queries'

/** readTags counts the tags in use within a sight, most used first. */
export function readTags(
  db: Tx,
  sight: { readonly seesAll: boolean; readonly personId: string | null; readonly handle: string | null },
): Promise<{ readonly tag: string; readonly count: number }[]> {
  return db.$queryRaw<{ tag: string; count: number }[]>`
    SELECT tag, count(*)::int AS count
    FROM postmortem AS p LEFT JOIN incident AS i ON i.id = p.incident_id, jsonb_array_elements_text(p.tags) AS tag
    WHERE ${sight.seesAll}::boolean OR i.visibility <> 'restricted'
      OR (i.id IS NULL AND (p.visibility <> 'restricted' OR p.created_by = ${sight.handle}::text))
      OR EXISTS (SELECT 1 FROM incident_access AS x WHERE x.incident_id = i.id AND x.person_id = ${sight.personId}::uuid)
    GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 500`
}

/**
 * writeTags overwrites a postmortem's tags and gives the former ones. An approval is of the tags too: while it waits to be
 * published nothing changes, and before it the document's version rises. Throws not_found and conflict.
 */
export async function writeTags(
  { tx, actor }: { readonly tx: Tx; readonly actor: Actor },
  wanted: { readonly postmortemId: string; readonly tags: readonly string[]; readonly now: Date },
): Promise<{
  readonly before: readonly string[]
  readonly incidentId: string | null
  readonly number: number
}> {
  await tx.$queryRaw`SELECT 1 FROM postmortem WHERE id = ${wanted.postmortemId}::uuid FOR UPDATE`
  const row = await tx.postmortem.findFirst({
    where: { AND: [{ id: wanted.postmortemId }, postmortemSight(actor)] },
    select: { id: true, tags: true, incidentId: true, number: true, state: true },
  })
  if (row === null) throw new AppError('not_found', 'There is no such postmortem.')
  if (row.state === 'approved')
    throw new AppError('conflict', 'It is approved as it stands: publish it first, then change its tags.')
  const isOut = row.state === 'published' || row.state === 'closed'
  await tx.postmortem.update({
    where: { id: row.id },
    data: { tags: [...wanted.tags], updatedAt: wanted.now, ...(isOut ? {} : { version: { increment: 1 } }) },
  })
  return { before: row.tags as string[], incidentId: row.incidentId, number: row.number }
}
