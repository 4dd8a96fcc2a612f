import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { keyedHex, type Seal } from '../../platform/crypto'
import { redactText } from '../../platform/redact'
import {
  ORDER_LIFE_MS,
  type Order,
  type OrderKind,
  type OrderResult,
  type OrdersTold,
  ordersKeyPlace,
  ordersTold,
  orderText,
} from './orders'

/** Reach is what an order could find on an instance: whether orders are on here, and what its agent told last. */
export type Reach = {
  readonly switchedOn: boolean
  /** reportedAt is when the newest report came; undefined before the first. */
  readonly reportedAt: Date | undefined
  /** told is undefined when the agent takes no orders. */
  readonly told: OrdersTold | undefined
  /** programs are the supervised programs of the newest report, undefined when they could not be read. */
  readonly programs: readonly ReportedProgram[] | undefined
}

/** ReportedProgram is a supervised program as the agent told it; times are the instance's clock. */
export type ReportedProgram = {
  readonly name: string
  readonly state: string
  readonly startedAt: string | undefined
}

/** OrderState is how far a run's order is; `isOver` says that it was not taken in time and never will be. */
export type OrderState = {
  readonly seq: number
  readonly issuedAt: Date
  readonly takenAt: Date | undefined
  readonly takenWith: number | undefined
  readonly isOver: boolean
  readonly result: OrderResult | undefined
}

/** OrderBook writes orders and tells how they went. */
export type OrderBook = {
  readonly reach: (instanceId: string) => Promise<Reach>
  /** issue writes the order of a run once; false when it was written before. */
  readonly issue: (order: {
    readonly runId: string
    readonly instanceId: string
    readonly kind: OrderKind
    readonly name: string
    readonly now: Date
  }) => Promise<boolean>
  readonly find: (runId: string) => Promise<OrderState | undefined>
}

type ReachRow = {
  readonly switched_on: boolean
  readonly received_at: Date | null
  readonly sequence: unknown
  readonly orders: unknown
  readonly processes: unknown
}
type StateRow = {
  readonly seq: string
  readonly issued_at: Date
  readonly taken_at: Date | null
  readonly taken_with: string | null
  readonly is_over: boolean
  readonly result: OrderResult | null
}

// Nothing hands an order out after its end; what began to just before has ended by then.
const IS_OVER = "taken_at IS NULL AND expires_at < now() - interval '10 seconds'"

/** createOrderBook keeps the orders in `agent_order`. */
export function createOrderBook(pool: pg.Pool): OrderBook {
  return {
    reach: async (instanceId) => {
      const { rows } = await pool.query<ReachRow>(
        `SELECT EXISTS (SELECT 1 FROM agent_token WHERE instance_id = $1 AND revoked_at IS NULL AND orders_key IS NOT NULL)
           AS switched_on, report.received_at, report.body -> 'sequence' AS sequence, report.body -> 'orders' AS orders,
           report.body -> 'supervisor' -> 'processes' AS processes
         FROM (SELECT 1) AS one LEFT JOIN agent_report AS report ON report.instance_id = $1`,
        [instanceId],
      )
      const [row] = rows
      return {
        switchedOn: row?.switched_on ?? false,
        reportedAt: row?.received_at ?? undefined,
        told: ordersTold({ sequence: row?.sequence, orders: row?.orders }),
        programs: programsOf(row?.processes),
      }
    },
    issue: async ({ runId, instanceId, kind, name, now }) => {
      const { rowCount } = await pool.query(
        `INSERT INTO agent_order (id, run_id, instance_id, kind, name, nonce, issued_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (run_id) DO NOTHING`,
        [
          randomUUID(),
          runId,
          instanceId,
          kind,
          name,
          randomBytes(16).toString('hex'),
          now,
          new Date(now.getTime() + ORDER_LIFE_MS),
        ],
      )
      return rowCount === 1
    },
    find: async (runId) => {
      const { rows } = await pool.query<StateRow>(
        `SELECT seq, issued_at, taken_at, taken_with, ${IS_OVER} AS is_over, result FROM agent_order WHERE run_id = $1`,
        [runId],
      )
      const [row] = rows
      if (!row) return undefined
      return {
        seq: Number(row.seq),
        issuedAt: row.issued_at,
        takenAt: row.taken_at ?? undefined,
        takenWith: row.taken_with === null ? undefined : Number(row.taken_with),
        isOver: row.is_over,
        result: row.result ?? undefined,
      }
    },
  }
}

function programsOf(value: unknown): readonly ReportedProgram[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((one: { name?: unknown; state?: unknown; startedAt?: unknown }) => ({
    name: String(one.name),
    state: String(one.state),
    startedAt: typeof one.startedAt === 'string' ? one.startedAt : undefined,
  }))
}

/** instancesWithOrders lists the instances to whose agents orders are allowed, at most 1,000. */
export async function instancesWithOrders(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ instance_id: string }>(
    `SELECT instance_id FROM agent_token WHERE orders_key IS NOT NULL AND revoked_at IS NULL
     ORDER BY instance_id LIMIT 1000`,
  )
  return rows.map((row) => row.instance_id)
}

type HandedRow = {
  readonly id: string
  readonly seq: string
  readonly kind: OrderKind
  readonly name: string
  readonly nonce: string
  readonly issued_at: Date
  readonly expires_at: Date
  readonly orders_key: string
}

/**
 * handOutOrder gives the oldest waiting order of an instance as a signed line and marks it as taken in the same
 * statement, so that it is handed out at most once; undefined when none waits or orders are off.
 */
export async function handOutOrder(
  { hot, seal }: { readonly hot: pg.Pool; readonly seal: Seal },
  report: { readonly instanceId: string; readonly sequence: number; readonly now: Date },
): Promise<string | undefined> {
  const { rows } = await hot.query<HandedRow>(
    `UPDATE agent_order SET taken_at = $2, taken_with = $3
     FROM agent_token AS token
     WHERE agent_order.id = (SELECT id FROM agent_order WHERE instance_id = $1 AND taken_at IS NULL AND expires_at > now()
         ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)
       AND agent_order.taken_at IS NULL
       AND token.instance_id = agent_order.instance_id AND token.revoked_at IS NULL AND token.orders_key IS NOT NULL
     RETURNING agent_order.id, seq, kind, name, nonce, agent_order.issued_at, expires_at, token.orders_key`,
    [report.instanceId, report.now, report.sequence],
  )
  const [row] = rows
  if (!row) return undefined
  const order: Order = {
    id: row.id,
    seq: Number(row.seq),
    instanceId: report.instanceId,
    kind: row.kind,
    name: row.name,
    nonce: row.nonce,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
  }
  return signedOrder(order, seal.open(row.orders_key, ordersKeyPlace(report.instanceId)))
}

/** signedOrder is an order's line with its HMAC-SHA-256 under the key that this instance's orders file holds. */
export function signedOrder(order: Order, key: string): string {
  const text = orderText(order)
  return `${text} sig=${keyedHex(key, text)}`
}

/** keepOrderResult stores the first result that an instance tells of an order that it was handed; later ones change nothing. */
export async function keepOrderResult(
  hot: pg.Pool,
  told: {
    readonly instanceId: string
    readonly id: string
    readonly result: OrderResult
    readonly now: Date
  },
): Promise<void> {
  const { result } = told
  const clean: OrderResult = {
    ...result,
    ...(result.why === undefined ? {} : { why: redactText(result.why) }),
    output: result.output.map((line) => redactText(line)),
  }
  await hot.query(
    `UPDATE agent_order SET result_at = $3, result = $4
     WHERE id = $1 AND instance_id = $2 AND taken_at IS NOT NULL AND result_at IS NULL`,
    [told.id, told.instanceId, told.now, JSON.stringify(clean)],
  )
}
