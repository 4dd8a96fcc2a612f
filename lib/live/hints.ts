import type pg from 'pg'

/** HintRow is one hint as the stream sends it. */
export type HintRow = { readonly seq: number; readonly topic: string; readonly ref: string }

/** readHints gives at most 1,000 hints after `seq`, in commit order. */
export async function readHints(pool: pg.Pool, seq: number): Promise<HintRow[]> {
  const { rows } = await pool.query<{ seq: string; topic: string; ref: string }>(
    'SELECT seq, topic, ref FROM live_hint WHERE seq > $1 ORDER BY seq LIMIT 1000',
    [seq],
  )
  return rows.map((row) => ({ seq: Number(row.seq), topic: row.topic, ref: row.ref }))
}

/** lastHintSeq is the number of the newest hint, 0 when there is none. */
export async function lastHintSeq(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ hint_seq: string }>('SELECT hint_seq FROM ledger_head WHERE id = 1')
  return Number(rows[0]?.hint_seq ?? 0)
}
