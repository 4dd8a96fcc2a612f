import type pg from 'pg'
import type { Sender } from './model'

/** RawDelivery is a signed request as it came. */
export type RawDelivery = {
  readonly sender: Sender
  readonly deliveryId: string | undefined
  readonly receivedAt: Date
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** HookOutcome is how a request was answered, as the tally counts it. */
export type HookOutcome = 'stored' | 'refused' | 'unparsable' | 'too-large' | 'too-slow' | 'not-stored'

/** HookIntake stores deliveries durably: `add` settles once the delivery is committed, or was there already. */
export type HookIntake = {
  readonly add: (delivery: RawDelivery) => Promise<void>
  /** count notes an answer; written with the next flush, at most a second later. */
  readonly count: (sender: Sender, outcome: HookOutcome, at: Date, secretId?: string) => void
  readonly flush: () => Promise<void>
}

type Waiting = {
  readonly delivery: RawDelivery
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const MAX_BATCH = 200
const MAX_BATCH_BYTES = 8 * 1024 * 1024
const TALLY_MS = 1_000

const INSERT = `
WITH stored AS (
  INSERT INTO hook_inbox (sender, delivery_id, received_at, headers, body)
  SELECT item.sender, item.delivery_id, item.received_at, item.headers, item.body
  FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[], $5::bytea[])
    AS item(sender, delivery_id, received_at, headers, body)
  ON CONFLICT (sender, delivery_id) DO NOTHING
  RETURNING sender
), looks AS (
  SELECT DISTINCT sender FROM stored WHERE sender = 'vast'
)
SELECT pg_notify('watchfloor_hooks', '') FROM (SELECT count(*) AS stored FROM stored) AS done WHERE stored > 0
UNION ALL SELECT pg_notify('watchfloor_look', sender) FROM looks`

const TALLY = `
WITH used AS (
  UPDATE hook_secret SET last_used_at = now() WHERE id::text = ANY($5::text[])
)
INSERT INTO hook_tally (sender, minute_at, outcome, count)
SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[])
ON CONFLICT (sender, minute_at, outcome) DO UPDATE SET count = hook_tally.count + excluded.count`

/** createHookIntake commits deliveries in groups: those that arrive while one group is being written form the next. */
export function createHookIntake(pool: pg.Pool, onTallyLost: (error: unknown) => void): HookIntake {
  let waiting: Waiting[] = []
  let isWriting = false
  const tally = new Map<string, { sender: Sender; minute: string; outcome: HookOutcome; count: number }>()
  const used = new Set<string>()
  let tallyTimer: NodeJS.Timeout | undefined

  function takeBatch(): Waiting[] {
    let bytes = 0
    let size = 0
    for (const { delivery } of waiting) {
      bytes += delivery.body.length
      if (size >= MAX_BATCH || (size > 0 && bytes > MAX_BATCH_BYTES)) break
      size += 1
    }
    const batch = waiting.slice(0, size)
    waiting = waiting.slice(size)
    return batch
  }

  async function writeAll(): Promise<void> {
    if (isWriting) return
    isWriting = true
    while (waiting.length > 0) {
      const batch = takeBatch()
      const column = <T>(pick: (delivery: RawDelivery) => T): T[] =>
        batch.map(({ delivery }) => pick(delivery))
      try {
        await pool.query({
          name: 'hook-intake',
          text: INSERT,
          values: [
            column((delivery) => delivery.sender),
            column((delivery) => delivery.deliveryId ?? null),
            column((delivery) => delivery.receivedAt),
            column((delivery) => JSON.stringify(delivery.headers)),
            column((delivery) => Buffer.from(delivery.body)),
          ],
        })
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isWriting = false
  }

  async function flush(): Promise<void> {
    clearTimeout(tallyTimer)
    tallyTimer = undefined
    const rows = [...tally.values()]
    const secrets = [...used]
    tally.clear()
    used.clear()
    if (rows.length === 0) return
    await pool
      .query({
        name: 'hook-tally',
        text: TALLY,
        values: [
          rows.map((row) => row.sender),
          rows.map((row) => row.minute),
          rows.map((row) => row.outcome),
          rows.map((row) => row.count),
          secrets,
        ],
      })
      .catch(onTallyLost)
  }

  return {
    add: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject })
        void writeAll()
      }),
    count: (sender, outcome, at, secretId) => {
      const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString()
      const key = `${sender}|${minute}|${outcome}`
      const row = tally.get(key) ?? { sender, minute, outcome, count: 0 }
      row.count += 1
      tally.set(key, row)
      if (secretId) used.add(secretId)
      tallyTimer ??= setTimeout(() => void flush(), TALLY_MS).unref()
    },
    flush,
  }
}
