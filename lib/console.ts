import type pg from 'pg'
import type { Actuators } from './actions/executor'
import type { InstanceTelemetry } from './connect'
import type { Hands } from './connect-actions'
import type { ChannelSetup } from './connect-channels'
import type { Deploying } from './connect-deploy'
import type { GpuSpan, RecordedGpu } from './connect-history'
import type { LinkProblems } from './connect-links'
import type { Prober } from './deployments/ports'
import type { Reach } from './drills/ports'
import { type Clock, systemClock } from './platform/clock'
import { createSeal, type Seal } from './platform/crypto'
import { type Db, openDb, openPool } from './platform/db'
import { type Env, env } from './platform/env'
import { createLog, type Log } from './platform/log'
import { rememberSecret } from './platform/redact'
import type { Sql } from './platform/sql'
import type { SourceId } from './settings/sources'
import { readSourceConfigs } from './settings/store'
import type { TestVerdict } from './sources/source'
import type { SmtpSettings } from './subscribers/smtp-settings'

/** Console is the composition root: what web, worker and tests are built from, once per process. */
export type Console = {
  readonly env: Env
  readonly clock: Clock
  readonly log: Log
  /** db is opened at first use: the worker mostly does without it. */
  readonly db: Db
  /** hot is a small pool for audited raw SQL on hot paths (ingest, deltas, sessions): apart from the screens' pool. */
  readonly hot: pg.Pool
  readonly seal: Seal
  /** testSource looks at a source once with these settings: for "test now". */
  readonly testSource: (id: SourceId, settings: unknown, secret: string | undefined) => Promise<TestVerdict>
  /** testChannel tries a channel once with these settings: for "send a test". */
  readonly testChannel: (setup: ChannelSetup) => Promise<TestVerdict>
  /** linkProblems opens links to public addresses and says of those that do not answer 200 why. */
  readonly linkProblems: (urls: readonly string[]) => Promise<LinkProblems>
  /** telemetryOf asks the connected Prometheus for all DCGM values of one instance; undefined when none is connected. */
  readonly telemetryOf: (instanceId: string) => Promise<InstanceTelemetry | undefined>
  /** gpuHistoryOf asks the connected Prometheus for one GPU's past; undefined when none is connected. */
  readonly gpuHistoryOf: (span: GpuSpan) => Promise<RecordedGpu | undefined>
  /** actuators are the executors of actions as configured now, made at first use. */
  readonly actuators: () => Promise<Actuators>
  /** prober looks at registry, cluster and health endpoints for the checklist of deployments, as configured now. */
  readonly prober: () => Promise<Prober>
  /** deployers steers the targets of rollouts, reads their figures and the registry, as configured now; made at first use. */
  readonly deployers: () => Promise<Deploying>
  /** reachWorld gives the way to the simulated world, or why there is none; close it after use. */
  readonly reachWorld: () => Promise<Reach & { readonly close: () => Promise<void> }>
  /** sendTestMail hands one mail to this mail server now and says what came of it. */
  readonly sendTestMail: (test: {
    readonly settings: SmtpSettings
    readonly password: string | undefined
    readonly to: string
  }) => Promise<{ readonly ok: boolean; readonly sentence: string }>
  /** isNoticeOpen tells whether the public page still shows an incident as open, in the caller's transaction. */
  readonly isNoticeOpen: (sql: Sql, incidentId: string) => Promise<boolean>
  readonly close: () => Promise<void>
}

/** createConsole builds a console; `name` tells its connections and log lines apart. */
export function createConsole(options: {
  readonly name: string
  readonly env?: Env
  readonly clock?: Clock
  readonly dbConnections?: number
}): Console {
  const environment = options.env ?? env()
  for (const secret of [
    environment.NEXTAUTH_SECRET,
    environment.WATCHFLOOR_KEY,
    environment.VAST_API_KEY,
    environment.PROMETHEUS_TOKEN,
    environment.ALERTMANAGER_TOKEN,
    environment.TEMPORAL_API_KEY,
    environment.KUBERNETES_TOKEN,
    environment.FLY_API_TOKEN,
    environment.REGISTRY_PASSWORD,
    environment.DEPLOY_HOOK_SECRET,
    environment.OIDC_CLIENT_SECRET,
    environment.SUPERVISOR_PASSWORD,
    environment.WATCHFLOOR_STATUS_S3_SECRET,
    environment.SMTP_URL,
    environment.SLACK_SIGNING_SECRET,
  ]) {
    rememberSecret(secret)
  }
  const log = createLog({ name: options.name, level: environment.WATCHFLOOR_LOG_LEVEL })
  let db: Db | undefined
  let hands: Promise<Hands> | undefined
  let prober: Promise<Prober> | undefined
  let deploying: Promise<Deploying> | undefined
  const hot = openPool({
    url: environment.DATABASE_URL,
    name: `${options.name}-hot`,
    max: 4,
    onError: (error) => log.warn({ err: error }, 'an idle database connection failed'),
  })
  const keys = [environment.WATCHFLOOR_KEY, environment.WATCHFLOOR_KEY_PREVIOUS].filter(
    (key) => key !== undefined,
  )
  const console: Console = {
    env: environment,
    clock: options.clock ?? systemClock,
    log,
    get db() {
      db ??= openDb({ url: environment.DATABASE_URL, name: options.name, max: options.dbConnections ?? 8 })
      return db
    },
    hot,
    seal: createSeal(keys),
    testSource: async (id, settings, secret) =>
      (await import('./connect')).testSource({ id, settings, secret, env: environment }),
    testChannel: async (setup) => {
      const { connectChannel } = await import('./connect-channels')
      const { channel, close } = connectChannel(setup, { env: environment, clock: console.clock })
      return channel.test().finally(close)
    },
    linkProblems: async (urls) => (await import('./connect-links')).linkProblems(console, urls),
    telemetryOf: async (instanceId) => {
      const { configs } = await readSourceConfigs(console)
      return (await import('./connect')).telemetryOf(configs, instanceId, environment)
    },
    gpuHistoryOf: async (span) => {
      const { configs } = await readSourceConfigs(console)
      return (await import('./connect-history')).gpuHistoryOf(configs, span, environment)
    },
    actuators: async () => {
      hands ??= import('./connect-actions').then(({ openHands }) => openHands(console))
      const opened = await hands
      return opened.current()
    },
    prober: () => {
      prober ??= import('./connect-deployments').then(({ openProber }) => openProber(console))
      return prober
    },
    deployers: async () => {
      deploying ??= import('./connect-deploy').then(({ openDeploying }) => openDeploying(console))
      return deploying
    },
    reachWorld: async () => (await import('./connect-world')).worldOf(console),
    sendTestMail: async (test) => (await import('./connect-mail')).sendTestMail(console, test),
    isNoticeOpen: async (sql, incidentId) =>
      (await import('./status/apply-store')).openPublicNotice({ db: sql, incidentId }),
    close: async () => {
      const opened = await hands?.catch(() => undefined)
      const looking = await prober?.catch(() => undefined)
      const steering = await deploying?.catch(() => undefined)
      await Promise.allSettled([
        opened?.close(),
        looking?.close(),
        steering?.close(),
        db?.$disconnect(),
        hot.end(),
      ])
    },
  }
  return console
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
