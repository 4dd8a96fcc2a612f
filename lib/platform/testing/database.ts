import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Console, createConsole } from '../../console'
import { type SteppedClock, steppedClock } from '../clock'
import type { Env } from '../env'

/** t0 is the instant at which every test's clock stands at first: a Wednesday, 02:29:41 UTC. */
export const t0 = new Date('2026-11-18T02:29:41.000Z')

/** testDatabase makes a migrated, empty database of its own from the template of global-setup; its URL. */
export async function testDatabase(): Promise<string> {
  const template = process.env.TEST_TEMPLATE_URL
  const prefix = process.env.TEST_DATABASE_PREFIX
  if (!template || !prefix)
    throw new Error('The test database template is missing: run through vitest with its global setup.')
  const name = `${prefix}${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: template.replace(/\/[^/]+$/, '/postgres') })
  await admin.connect()
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`CREATE DATABASE "${name}" TEMPLATE "${template.split('/').at(-1)}"`)
      // What a test commits need not outlive the machine.
      await admin.query(`ALTER DATABASE "${name}" SET synchronous_commit TO off`)
      break
    } catch (error) {
      if (attempt >= 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt))
    }
  }
  await admin.end()
  return template.replace(/\/[^/]+$/, `/${name}`)
}

/** testEnv is a complete environment for a console on this database; silent logs, a fixed key. */
export function testEnv(databaseUrl: string, changes: Partial<Env> = {}): Env {
  return {
    NODE_ENV: 'test',
    PORT: 3000,
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: 'http://127.0.0.1:3000',
    NEXTAUTH_SECRET: 'test-secret-test-secret-test-secret',
    WATCHFLOOR_PUBLIC_URL: undefined,
    WATCHFLOOR_KEY: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    WATCHFLOOR_KEY_PREVIOUS: undefined,
    WATCHFLOOR_RUNBOOKS: './runbooks',
    WATCHFLOOR_STATUS_DIR: './.watchfloor/test-status',
    WATCHFLOOR_STATUS_S3_ENDPOINT: undefined,
    WATCHFLOOR_STATUS_S3_BUCKET: undefined,
    WATCHFLOOR_STATUS_S3_PREFIX: undefined,
    WATCHFLOOR_STATUS_S3_KEY_ID: undefined,
    WATCHFLOOR_STATUS_S3_SECRET: undefined,
    WATCHFLOOR_STATUS_S3_REGION: 'auto',
    WATCHFLOOR_LOG_LEVEL: 'silent',
    WATCHFLOOR_SIMULATED: true,
    WATCHFLOOR_SIMULATOR_URL: undefined,
    WATCHFLOOR_TRUSTED_PROXIES: undefined,
    WATCHFLOOR_ALLOWED_HOSTS: undefined,
    WATCHFLOOR_DEMO_SIGN_IN: false,
    FAILPOINT: undefined,
    OIDC_ISSUER: undefined,
    OIDC_CLIENT_ID: undefined,
    OIDC_CLIENT_SECRET: undefined,
    OIDC_NAME: 'single sign-on',
    VAST_API_URL: undefined,
    VAST_API_KEY: undefined,
    VAST_PAGE_INTERVAL_MS: 1_100,
    PROMETHEUS_URL: undefined,
    PROMETHEUS_TOKEN: undefined,
    DCGM_INTERVAL_MS: 15_000,
    TEMPORAL_ADDRESS: undefined,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_API_KEY: undefined,
    STATUSPAGE_URL: undefined,
    STATUSPAGE_FORMAT: 'statuspage',
    HEALTH_URLS: undefined,
    SUPERVISOR_URLS: undefined,
    SUPERVISOR_USER: undefined,
    SUPERVISOR_PASSWORD: undefined,
    WATCHFLOOR_QUEUES: undefined,
    WATCHFLOOR_HOOK_SECRETS: undefined,
    WATCHFLOOR_CHANNELS: undefined,
    KUBERNETES_URL: undefined,
    KUBERNETES_TOKEN: undefined,
    KUBERNETES_CA: undefined,
    KUBERNETES_NAMESPACE: 'default',
    KUBERNETES_DEPLOYMENTS: undefined,
    KUBERNETES_SECRETS: undefined,
    DEPLOY_HOOK_SECRET: undefined,
    FLY_API_URL: 'https://api.machines.dev',
    FLY_API_TOKEN: undefined,
    REGISTRY_URL: undefined,
    REGISTRY_USER: undefined,
    REGISTRY_PASSWORD: undefined,
    ALERTMANAGER_URL: undefined,
    ALERTMANAGER_TOKEN: undefined,
    SMTP_URL: undefined,
    SMTP_FROM: undefined,
    SMTP_FROM_NAME: 'Status',
    SLACK_SIGNING_SECRET: undefined,
    ...changes,
  }
}

/** testConsole is a console on a fresh database with a clock that stands at t0. */
export async function testConsole(
  changes: Partial<Env> = {},
): Promise<Console & { readonly clock: SteppedClock }> {
  const clock = steppedClock(t0)
  const console = createConsole({
    name: 'test',
    env: testEnv(await testDatabase(), changes),
    clock,
    dbConnections: 4,
  })
  return { ...console, clock }
}
