import type { Db, Tx } from '../platform/db'
import type { LintItem } from './lint'

type Row = LintItem & { readonly state: string }

/** loadItems gives the action items of a document and of its incident as the linter needs them, and how many are open. */
export async function loadItems(
  db: Db | Tx,
  { id, incidentId }: { readonly id: string; readonly incidentId: string | null },
): Promise<{ readonly items: readonly LintItem[]; readonly open: number }> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT id::text, title, kind, owner_id::text AS owner, to_char(due_on, 'YYYY-MM-DD') AS "dueOn",
      done_when AS "doneWhen", state
    FROM action_item
    WHERE postmortem_id = ${id}::uuid OR incident_id = ${incidentId}::uuid ORDER BY number`
  return {
    open: rows.filter(({ state }) => state === 'open').length,
    items: rows.filter(({ state }) => state !== 'dropped').map(({ state: _state, ...item }) => item),
  }
}
