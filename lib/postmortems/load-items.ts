import type { Db, Tx } from '../platform/db'
import type { LintItem } from './lint'

type Row = LintItem & { readonly state: string }

/** loadItems gives a document's action items as its linter needs them, and how many are open. */
export async function loadItems(
  db: Db | Tx,
  postmortemId: string,
): Promise<{ readonly items: readonly LintItem[]; readonly open: number }> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT id::text, title, kind, owner_id::text AS owner, to_char(due_on, 'YYYY-MM-DD') AS "dueOn",
      done_when AS "doneWhen", state
    FROM action_item WHERE postmortem_id = ${postmortemId}::uuid ORDER BY number`
  return {
    open: rows.filter(({ state }) => state === 'open').length,
    items: rows.filter(({ state }) => state !== 'dropped').map(({ state: _state, ...item }) => item),
  }
}
