import type pg from 'pg'
import { type Clock, systemClock } from './platform/clock'
import { createSeal, type Seal } from './platform/crypto'
import { type Db, openDb, openPool } from './platform/db'
import { type Env, env } from './platform/env'
import { createLog, type Log } from './platform/log'
import { rememberSecret } from './platform/redact'

/** Console is the composition root: what web, worker and tests are built from, once per process. */
export type Console = {
  readonly env: Env
  readonly clock: Clock
  readonly log: Log
  readonly db: Db
  /** hot is a small pool for audited raw SQL on hot paths (ingest, deltas, sessions): apart from the screens' pool. */
  readonly hot: pg.Pool
  readonly seal: Seal
  readonly close: () => Promise<void>
}

/** createConsole builds a console; `name` tells its connections and log lines apart. */
export function createConsole(options: {
  readonly name: string
  readonly env?: Env
  readonly clock?: Clock
  readonly dbConnections?: number
}): Console {
  const settings = options.env ?? env()
  for (const secret of [
    settings.NEXTAUTH_SECRET,
    settings.WATCHFLOOR_KEY,
    settings.VAST_API_KEY,
    settings.PROMETHEUS_TOKEN,
    settings.TEMPORAL_API_KEY,
    settings.OIDC_CLIENT_SECRET,
    settings.SUPERVISOR_PASSWORD,
  ]) {
    rememberSecret(secret)
  }
  const log = createLog({ name: options.name, level: settings.WATCHFLOOR_LOG_LEVEL })
  const db = openDb({ url: settings.DATABASE_URL, name: options.name, max: options.dbConnections ?? 8 })
  const hot = openPool({
    url: settings.DATABASE_URL,
    name: `${options.name}-hot`,
    max: 4,
    onError: (error) => log.warn({ err: error }, 'an idle database connection failed'),
  })
  const keys = [settings.WATCHFLOOR_KEY, settings.WATCHFLOOR_KEY_PREVIOUS].filter((key) => key !== undefined)
  return {
    env: settings,
    clock: options.clock ?? systemClock,
    log,
    db,
    hot,
    seal: createSeal(keys),
    close: async () => {
      await Promise.allSettled([db.$disconnect(), hot.end()])
    },
  }
}

const holder = globalThis as typeof globalThis & { watchfloorConsole?: Console }

/** getConsole gives this process's console, made at first use; bundles of one process share it through globalThis. */
export function getConsole(): Console {
  holder.watchfloorConsole ??= createConsole({ name: 'web' })
  return holder.watchfloorConsole
}

/** setConsole installs a console made by the caller (worker, tests) as this process's one. */
export function setConsole(console: Console): void {
  holder.watchfloorConsole = console
}
