import { z } from 'zod'

const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === undefined || value === '' ? undefined : value))

const shape = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' }),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  NEXTAUTH_URL: z.url().default('http://127.0.0.1:3000'),
  NEXTAUTH_SECRET: z.string().min(32, 'must have at least 32 characters'),
  WATCHFLOOR_PUBLIC_URL: optionalText,
  WATCHFLOOR_KEY: z.string().regex(/^[\w-]+:[A-Za-z0-9+/]{43}=$/, 'must be KEY_ID:base64 of 32 bytes'),
  WATCHFLOOR_KEY_PREVIOUS: optionalText,
  WATCHFLOOR_RUNBOOKS: z.string().default('./runbooks'),
  WATCHFLOOR_STATUS_DIR: z.string().default('./.watchfloor/status'),
  WATCHFLOOR_STATUS_S3_ENDPOINT: optionalText,
  WATCHFLOOR_STATUS_S3_BUCKET: optionalText,
  WATCHFLOOR_STATUS_S3_PREFIX: optionalText,
  WATCHFLOOR_STATUS_S3_KEY_ID: optionalText,
  WATCHFLOOR_STATUS_S3_SECRET: optionalText,
  WATCHFLOOR_STATUS_S3_REGION: z.string().default('auto'),
  WATCHFLOOR_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  WATCHFLOOR_SIMULATED: z.stringbool().default(false),
  WATCHFLOOR_SIMULATOR_URL: optionalText,
  WATCHFLOOR_TRUSTED_PROXIES: optionalText,
  WATCHFLOOR_ALLOWED_HOSTS: optionalText,
  WATCHFLOOR_DEMO_SIGN_IN: z.stringbool().default(false),
  FAILPOINT: optionalText,
  OIDC_ISSUER: optionalText,
  OIDC_CLIENT_ID: optionalText,
  OIDC_CLIENT_SECRET: optionalText,
  OIDC_NAME: z.string().default('single sign-on'),
  VAST_API_URL: optionalText,
  VAST_API_KEY: optionalText,
  VAST_PAGE_INTERVAL_MS: z.coerce.number().int().min(0).default(1100),
  PROMETHEUS_URL: optionalText,
  PROMETHEUS_TOKEN: optionalText,
  DCGM_INTERVAL_MS: z.coerce.number().int().min(500).default(15_000),
  TEMPORAL_ADDRESS: optionalText,
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: optionalText,
  STATUSPAGE_URL: optionalText,
  STATUSPAGE_FORMAT: z.enum(['statuspage', 'betterstack', 'instatus', 'reachability']).default('statuspage'),
  HEALTH_URLS: optionalText,
  SUPERVISOR_URLS: optionalText,
  SUPERVISOR_USER: optionalText,
  SUPERVISOR_PASSWORD: optionalText,
  WATCHFLOOR_QUEUES: optionalText,
  WATCHFLOOR_HOOK_SECRETS: optionalText,
  WATCHFLOOR_CHANNELS: optionalText,
  KUBERNETES_URL: optionalText,
  KUBERNETES_TOKEN: optionalText,
  KUBERNETES_CA: optionalText,
  KUBERNETES_NAMESPACE: z.string().default('default'),
  KUBERNETES_DEPLOYMENTS: optionalText,
  KUBERNETES_SECRETS: optionalText,
  DEPLOY_HOOK_SECRET: optionalText,
  FLY_API_URL: z.string().default('https://api.machines.dev'),
  FLY_API_TOKEN: optionalText,
  REGISTRY_URL: optionalText,
  REGISTRY_USER: optionalText,
  REGISTRY_PASSWORD: optionalText,
  ALERTMANAGER_URL: optionalText,
  ALERTMANAGER_TOKEN: optionalText,
  SMTP_URL: optionalText,
  SMTP_FROM: optionalText,
  SMTP_FROM_NAME: z.string().default('Status'),
  SLACK_SIGNING_SECRET: optionalText,
})

/** Env is the validated environment; secrets in it never reach a log (lib/platform/redact.ts knows their names). */
export type Env = z.infer<typeof shape>

let cached: Env | undefined

/** env reads and validates the environment once; throws an Error that names every variable that is wrong. */
export function env(): Env {
  if (cached) return cached
  const parsed = shape.safeParse(process.env)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The environment does not fit:\n${lines.join('\n')}`)
  }
  cached = parsed.data
  return cached
}

/** ENV_NAMES lists every variable that Watchfloor reads, for documentation and deployment checks. */
export const ENV_NAMES: readonly string[] = Object.keys(shape.shape)

/** failpointText is the fault plan of this process, read without the rest of the environment; unset in production. */
export function failpointText(): string | undefined {
  return process.env.FAILPOINT
}
