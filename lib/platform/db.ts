import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { type Prisma, PrismaClient } from '@/prisma/generated/client'
import { AppError } from './errors'

/** Db is the Prisma client over a pool with the time limits of `poolConfig`. */
export type Db = PrismaClient

/** Tx is the client inside an interactive transaction. */
export type Tx = Prisma.TransactionClient

/** TIME_LIMITS keep a hung database from hanging a request: every one is answered within 8 s. */
export const TIME_LIMITS = {
  connectMs: 2_000,
  statementMs: 5_000,
  queryMs: 6_000,
  lockMs: 2_000,
  idleInTransactionMs: 5_000,
} as const

/** poolConfig gives node-postgres settings with time limits for one named pool. */
export function poolConfig(options: {
  readonly url: string
  readonly name: string
  readonly max: number
}): pg.PoolConfig {
  return {
    connectionString: options.url,
    application_name: `watchfloor-${options.name}`,
    max: options.max,
    connectionTimeoutMillis: TIME_LIMITS.connectMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: TIME_LIMITS.statementMs,
    query_timeout: TIME_LIMITS.queryMs,
    lock_timeout: TIME_LIMITS.lockMs,
    idle_in_transaction_session_timeout: TIME_LIMITS.idleInTransactionMs,
    keepAlive: true,
  }
}

/** openPool makes a bounded node-postgres pool; an idle client's failure is reported, never thrown. */
export function openPool(options: {
  readonly url: string
  readonly name: string
  readonly max: number
  readonly onError: (error: Error) => void
}): pg.Pool {
  const pool = new pg.Pool(poolConfig(options))
  pool.on('error', options.onError)
  // A client in somebody's hands between two statements has no listener: its loss would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** openDb makes the Prisma client on a pool of its own. */
export function openDb(options: { readonly url: string; readonly name: string; readonly max: number }): Db {
  return new PrismaClient({ adapter: new PrismaPg(poolConfig(options)), log: [] })
}

const RETRYABLE = new Set(['40001', '40P01', 'P2034'])

function codesOf(error: unknown): string[] {
  const codes: string[] = []
  let current: unknown = error
  for (let depth = 0; depth < 6 && current !== null && typeof current === 'object'; depth += 1) {
    const { code, originalCode, cause } = current as {
      code?: unknown
      originalCode?: unknown
      cause?: unknown
    }
    if (typeof code === 'string') codes.push(code)
    if (typeof originalCode === 'string') codes.push(originalCode)
    current = cause ?? (current as { meta?: { driverAdapterError?: unknown } }).meta?.driverAdapterError
  }
  return codes
}

/** isRetryable tells serialisation failures and deadlocks, which are safe to run again as a whole. */
export function isRetryable(error: unknown): boolean {
  return codesOf(error).some((code) => RETRYABLE.has(code))
}

const GONE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  '57014',
  '55P03',
])

/** isUnavailable tells that the database is away, full or too slow: the caller should answer 503. */
export function isUnavailable(error: unknown): boolean {
  if (codesOf(error).some((code) => GONE.has(code))) return true
  const message = error instanceof Error ? error.message : ''
  return /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Can't reach database/i.test(
    message,
  )
}

/** What Postgres says of a number beyond its column and of a character that no text of it may hold. */
const UNFIT = new Set(['22003', 'P2020', 'P2033', '22021', '22P05'])

/** asAppError makes `unavailable` of what a database that is away throws, and `invalid` of a value that no column takes; the rest stays as it is. */
export function asAppError(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (isUnavailable(error)) {
    const detail = 'The database does not answer. Nothing was lost; try again in a moment.'
    return new AppError('unavailable', detail, { cause: error })
  }
  if (codesOf(error).some((code) => UNFIT.has(code))) {
    const detail = 'A number is too large to be kept, or a text holds a character that can’t be.'
    return new AppError('invalid', detail, { cause: error })
  }
  return error
}
