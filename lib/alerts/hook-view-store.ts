import type pg from 'pg'

/** QuarantineRow is something signed that could not be understood. */
export type QuarantineRow = {
  readonly id: string
  readonly sender: string
  readonly receivedAt: Date
  readonly position: number
  readonly reason: string
  readonly state: string
  readonly sizeBytes: number
}

/** readQuarantine gives at most 200 entries of a state, newest first. */
export async function readQuarantine(pool: pg.Pool, state: string): Promise<readonly QuarantineRow[]> {
  const { rows } = await pool.query<QuarantineRow>(
    `SELECT q.id, q.sender, q.received_at AS "receivedAt", q.position, q.reason, q.state,
       coalesce(octet_length(inbox.body), 0) AS "sizeBytes"
     FROM hook_quarantine AS q LEFT JOIN hook_inbox AS inbox ON inbox.id = q.inbox_id
     WHERE q.state = $1 ORDER BY q.received_at DESC, q.id LIMIT 200`,
    [state],
  )
  return rows
}

/** readRaw gives the bytes and headers behind a quarantined entry; undefined when they are past retention. */
export async function readRaw(
  pool: pg.Pool,
  id: string,
): Promise<
  | { readonly body: Buffer; readonly headers: Readonly<Record<string, string>>; readonly position: number }
  | undefined
> {
  const { rows } = await pool.query<{ body: Buffer; headers: Record<string, string>; position: number }>(
    `SELECT inbox.body, inbox.headers, q.position FROM hook_quarantine AS q JOIN hook_inbox AS inbox ON inbox.id = q.inbox_id
     WHERE q.id = $1`,
    [id],
  )
  return rows[0]
}

/** HookRow is what is known of one sender's hook, without its secrets. */
export type HookRow = {
  readonly sender: string
  readonly secrets: readonly {
    readonly id: string
    readonly name: string
    readonly createdAt: Date
    readonly createdBy: string
    readonly lastUsedAt: Date | null
  }[]
  readonly day: Readonly<Record<string, number>>
  readonly lastStoredAt: Date | null
}

/** readHooks gives the secrets in force and the answers of the last 24 hours, by sender. */
export async function readHooks(pool: pg.Pool, now: Date): Promise<ReadonlyMap<string, HookRow>> {
  const [secrets, tallies, newest] = await Promise.all([
    pool.query<{ sender: string } & HookRow['secrets'][number]>(
      `SELECT s.sender, s.id, s.name, s.created_at AS "createdAt", coalesce(person.name, s.created_by) AS "createdBy",
         s.last_used_at AS "lastUsedAt"
       FROM hook_secret AS s LEFT JOIN person ON person.id::text = s.created_by
       WHERE s.revoked_at IS NULL ORDER BY s.created_at`,
    ),
    pool.query<{ sender: string; outcome: string; count: string }>(
      "SELECT sender, outcome, sum(count) AS count FROM hook_tally WHERE minute_at > $1::timestamptz - interval '24 hours' GROUP BY 1, 2",
      [now],
    ),
    pool.query<{ sender: string; at: Date }>(
      'SELECT sender, max(minute_at) AS at FROM hook_tally WHERE outcome = $1 GROUP BY 1',
      ['stored'],
    ),
  ])
  const senders = new Set([...secrets.rows, ...tallies.rows, ...newest.rows].map((row) => row.sender))
  return new Map(
    [...senders].map((sender) => {
      const days = tallies.rows.filter((row) => row.sender === sender)
      return [
        sender,
        {
          sender,
          secrets: secrets.rows
            .filter((row) => row.sender === sender)
            .map(({ sender: _sender, ...secret }) => secret),
          day: Object.fromEntries(days.map((row) => [row.outcome, Number(row.count)])),
          lastStoredAt: newest.rows.find((row) => row.sender === sender)?.at ?? null,
        },
      ]
    }),
  )
}
