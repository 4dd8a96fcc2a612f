import type pg from 'pg'

/** Report is an agent's report on its way in: stored as it came, judged later. */
export type Report = {
  readonly instanceId: string
  readonly receivedAt: Date
  readonly body: string
  /** takesOrders is that the agent said so in this report. */
  readonly takesOrders?: boolean
}

/** Intake stores reports durably; the promise settles once the report is committed, and tells whether an order waits for it. */
export type Intake = { readonly add: (report: Report) => Promise<boolean> }

type Waiting = {
  readonly report: Report
  readonly resolve: (orderWaits: boolean) => void
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
SELECT pg_notify('watchfloor_agent', '')`

const PLAIN = `${INSERT} FROM (SELECT count(*) FROM stored) AS done`
const WITH_ORDERS = `${INSERT}, (SELECT array_agg(DISTINCT instance_id) FROM agent_order
  WHERE taken_at IS NULL AND expires_at > now() AND instance_id = ANY($4::text[])) AS waiting
FROM (SELECT count(*) FROM stored) AS done`

// Only agents that take orders are asked about, in the write's own round trip.
async function store(pool: pg.Pool, reports: readonly Report[]): Promise<ReadonlySet<string>> {
  const listening = reports.filter((report) => report.takesOrders).map((report) => report.instanceId)
  const values = [
    reports.map((report) => report.instanceId),
    reports.map((report) => report.receivedAt),
    reports.map((report) => report.body),
  ]
  const { rows } = await pool.query<{ waiting?: readonly string[] | null }>(
    listening.length === 0
      ? { name: 'agent-intake', text: PLAIN, values }
      : { name: 'agent-intake-orders', text: WITH_ORDERS, values: [...values, listening] },
  )
  return new Set(rows[0]?.waiting ?? [])
}

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
        const waits = await store(
          pool,
          batch.map(({ report }) => report),
        )
        for (const { report, resolve } of batch)
          resolve(report.takesOrders === true && waits.has(report.instanceId))
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
