import type pg from 'pg'
import { inTransaction } from './inbox-store'

const HINT = `
WITH recent AS (
  SELECT 1 FROM live_hint WHERE topic = 'alerts' AND seq > (SELECT hint_seq - 200 FROM ledger_head WHERE id = 1)
    AND at > $1::timestamptz - interval '1 second' AND at <= $1::timestamptz
), head AS (
  UPDATE ledger_head SET hint_seq = hint_seq + 1 WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM recent) RETURNING hint_seq
), hint AS (
  INSERT INTO live_hint (seq, at, topic, ref) SELECT hint_seq, $1, 'alerts', $2 FROM head RETURNING seq
)
SELECT pg_notify('watchfloor_live', 'hint')::text AS told FROM hint`

/** hintAlerts tells every open console that alerts changed, at most once a second over all processes; false when it is too soon. */
export async function hintAlerts(
  pool: pg.Pool,
  { now, ref }: { readonly now: Date; readonly ref: string },
): Promise<boolean> {
  const rows = await inTransaction(pool, (sql) => sql(HINT, [now.toISOString(), ref]))
  return rows.length === 1
}
