import type pg from 'pg'
import type { Reading } from '../sources/reading'
import { API_MINUTE_KEYS, createApiFold } from './api-minutes'
import type { ApiFigures, QueueObservation } from './model'

type Sums = {
  readonly minuteMs: number
  backlogSum: number
  backlogCount: number
  backlogMax: number | null
  oldestSeconds: number | null
  addSum: number
  dispatchSum: number
  rateCount: number
  pollers: number | null
}

/** Minutes folds readings of queues (mean and worst) and of the API (worst) into one row a minute; a minute without readings has no row. */
export type Minutes = {
  readonly note: (queue: QueueObservation, freshPollers: number | undefined) => void
  readonly noteApi: (figures: ApiFigures) => void
  readonly write: (pool: pg.Pool, now: Date, epoch: number) => Promise<void>
}

function numberOf(reading: Reading<number>): number | undefined {
  return reading.kind === 'known' ? reading.value : undefined
}

function worse(before: number | null, value: number | undefined): number | null {
  if (value === undefined) return before
  return before === null ? value : Math.max(before, value)
}

const WRITE = `
INSERT INTO queue_minute (queue, minute_at, backlog_mean, backlog_max, oldest_seconds, add_rate, dispatch_rate, pollers)
SELECT item.* FROM unnest($2::text[], $3::timestamptz[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::int[])
  AS item(queue, minute_at, backlog_mean, backlog_max, oldest_seconds, add_rate, dispatch_rate, pollers)
WHERE EXISTS (SELECT 1 FROM lease WHERE name = 'collector' AND epoch = $1)
ON CONFLICT (queue, minute_at) DO UPDATE SET backlog_mean = excluded.backlog_mean, backlog_max = excluded.backlog_max,
  oldest_seconds = excluded.oldest_seconds, add_rate = excluded.add_rate, dispatch_rate = excluded.dispatch_rate,
  pollers = excluded.pollers`

const WRITE_API = `
INSERT INTO api_minute (minute_at, server_errors, auth_errors, rate_limited, error_ratio, p95, p99)
SELECT item.* FROM unnest($2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[])
  AS item(minute_at, server_errors, auth_errors, rate_limited, error_ratio, p95, p99)
WHERE EXISTS (SELECT 1 FROM lease WHERE name = 'collector' AND epoch = $1)
ON CONFLICT (minute_at) DO UPDATE SET server_errors = greatest(api_minute.server_errors, excluded.server_errors),
  auth_errors = greatest(api_minute.auth_errors, excluded.auth_errors),
  rate_limited = greatest(api_minute.rate_limited, excluded.rate_limited),
  error_ratio = greatest(api_minute.error_ratio, excluded.error_ratio),
  p95 = greatest(api_minute.p95, excluded.p95), p99 = greatest(api_minute.p99, excluded.p99)`

/** createMinutes starts with nothing; a written minute stays open until the next has begun. */
export function createMinutes(): Minutes {
  const open = new Map<string, Sums>()
  const done: (readonly [string, Sums])[] = []
  const api = createApiFold()

  function sumsOf(key: string, minuteMs: number): Sums {
    const current = open.get(key)
    if (current?.minuteMs === minuteMs) return current
    if (current) done.push([key, current])
    const made: Sums = {
      minuteMs,
      backlogSum: 0,
      backlogCount: 0,
      backlogMax: null,
      oldestSeconds: null,
      addSum: 0,
      dispatchSum: 0,
      rateCount: 0,
      pollers: null,
    }
    open.set(key, made)
    return made
  }

  async function writeApi(pool: pg.Pool, now: Date, epoch: number): Promise<void> {
    const rows = api.ended(now)
    if (rows.length === 0) return
    await pool.query(WRITE_API, [
      epoch,
      rows.map((row) => new Date(row.minuteMs)),
      ...API_MINUTE_KEYS.map((key) => rows.map((row) => row.worst[key] ?? null)),
    ])
    api.drop(rows)
  }

  return {
    note(queue, freshPollers) {
      const at = queue.observedAt?.getTime()
      const backlog = numberOf(queue.backlog)
      if (at === undefined || backlog === undefined) return
      const sums = sumsOf(`${queue.type}/${queue.name}`, Math.floor(at / 60_000) * 60_000)
      sums.backlogSum += backlog
      sums.backlogCount += 1
      sums.backlogMax = worse(sums.backlogMax, backlog)
      sums.oldestSeconds = worse(sums.oldestSeconds, numberOf(queue.oldestSeconds))
      const add = numberOf(queue.addPerSecond)
      const dispatch = numberOf(queue.dispatchPerSecond)
      if (add !== undefined && dispatch !== undefined) {
        sums.addSum += add
        sums.dispatchSum += dispatch
        sums.rateCount += 1
      }
      if (freshPollers !== undefined) sums.pollers = freshPollers
    },
    noteApi: api.note,
    async write(pool, now, epoch) {
      await writeApi(pool, now, epoch)
      for (const [key, sums] of open) {
        if (sums.minuteMs + 60_000 > now.getTime()) continue
        done.push([key, sums])
        open.delete(key)
      }
      const rows = done.splice(0)
      if (rows.length === 0) return
      const column = <T>(read: (sums: Sums) => T): T[] => rows.map(([, sums]) => read(sums))
      await pool.query(WRITE, [
        epoch,
        rows.map(([key]) => key),
        column((sums) => new Date(sums.minuteMs)),
        column((sums) => sums.backlogSum / sums.backlogCount),
        column((sums) => sums.backlogMax),
        column((sums) => sums.oldestSeconds),
        column((sums) => (sums.rateCount > 0 ? sums.addSum / sums.rateCount : null)),
        column((sums) => (sums.rateCount > 0 ? sums.dispatchSum / sums.rateCount : null)),
        column((sums) => sums.pollers),
      ])
    },
  }
}
