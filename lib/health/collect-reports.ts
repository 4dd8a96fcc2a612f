import type pg from 'pg'

/** Report is an agent's report on its way in: stored as it came, judged later. */
export type Report = { readonly instanceId: string; readonly receivedAt: Date; readonly body: string }

/** Intake stores reports durably; the promise settles once the report is committed. */
export type Intake = { readonly add: (report: Report) => Promise<void> }

type Waiting = {
  readonly report: Report
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const MAX_BATCH = 200

const INSERT = `
WITH stored AS (
  INSERT INTO agent_inbox (instance_id, received_at, body)
  SELECT item.instance_id, item.received_at, item.body
  FROM unnest($1::text[], $2::timestamptz[], $3::jsonb[]) AS item(instance_id, received_at, body)
  RETURNING 1
)
SELECT pg_notify('watchfloor_agent', '') FROM (SELECT count(*) FROM stored) AS done`

/** createIntake commits reports in groups: those that arrive while one group is being written form the next. */
export function createIntake(pool: pg.Pool): Intake {
  let waiting: Waiting[] = []
  let writing = false

  async function write(): Promise<void> {
    if (writing) return
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      waiting = waiting.slice(MAX_BATCH)
      try {
        await pool.query({
          name: 'agent-intake',
          text: INSERT,
          values: [
            batch.map(({ report }) => report.instanceId),
            batch.map(({ report }) => report.receivedAt),
            batch.map(({ report }) => report.body),
          ],
        })
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    writing = false
  }

  return {
    add: (report) =>
      new Promise((resolve, reject) => {
        waiting.push({ report, resolve, reject })
        void write()
      }),
  }
}
