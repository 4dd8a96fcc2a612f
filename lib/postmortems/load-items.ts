import type { Db, Tx } from '../platform/db'
import type { LintItem } from './lint'

/** loadItems gives a document's action items as its linter needs them, and how many are open. */
export async function loadItems(
  db: Db | Tx,
  postmortemId: string,
): Promise<{ readonly items: readonly LintItem[]; readonly open: number }> {
  const rows = await db.actionItem.findMany({ where: { postmortemId }, orderBy: { number: 'asc' } })
  const counted = rows.filter(({ state }) => state !== 'dropped')
  return {
    open: rows.filter(({ state }) => state === 'open').length,
    items: counted.map((row) => ({
      id: row.id,
      title: row.title,
      kind: row.kind,
      owner: row.ownerId,
      dueOn: row.dueOn?.toISOString().slice(0, 10) ?? null,
      doneWhen: row.doneWhen,
    })),
  }
}
