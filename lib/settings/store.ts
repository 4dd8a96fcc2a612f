import type { Console } from '../console'
import type { Env } from '../platform/env'
import { SOURCE_SCHEMAS, type SourceConfigs, type SourceId, secretNameOf } from './sources'

type Raw = Partial<
  Record<
    SourceId,
    {
      readonly value: unknown
      readonly secret: string | undefined
      readonly origin: 'environment' | 'settings'
      readonly version: number
    }
  >
>

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function servicesFrom(text: string | undefined): unknown {
  const parsed = parseJson(text)
  if (parsed === null || typeof parsed !== 'object') return undefined
  const services = Object.entries(parsed).map(([id, entry]) => {
    const detail = typeof entry === 'string' ? { url: entry } : { ...(entry as object) }
    return { id, name: id, kind: id === 'integration' ? 'integration' : 'http', ...detail }
  })
  return { services }
}

function listed(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function clusterFrom(env: Env): unknown {
  return {
    url: env.KUBERNETES_URL,
    namespace: env.KUBERNETES_NAMESPACE,
    deployments: listed(env.KUBERNETES_DEPLOYMENTS),
    secrets: listed(env.KUBERNETES_SECRETS),
    ...(env.KUBERNETES_CA ? { caData: env.KUBERNETES_CA } : {}),
  }
}

function fromEnvironment(env: Env): Raw {
  const entry = (value: unknown, secret?: string) => ({
    value,
    secret,
    origin: 'environment' as const,
    version: 0,
  })
  const services = servicesFrom(env.HEALTH_URLS)
  return {
    ...(env.VAST_API_URL && env.VAST_API_KEY
      ? {
          vast: entry(
            { apiUrl: env.VAST_API_URL, pageIntervalMs: Math.max(500, env.VAST_PAGE_INTERVAL_MS) },
            env.VAST_API_KEY,
          ),
        }
      : {}),
    ...(env.PROMETHEUS_URL
      ? {
          prometheus: entry(
            { url: env.PROMETHEUS_URL, dcgmIntervalMs: env.DCGM_INTERVAL_MS },
            env.PROMETHEUS_TOKEN,
          ),
        }
      : {}),
    ...(env.ALERTMANAGER_URL
      ? { alertmanager: entry({ url: env.ALERTMANAGER_URL }, env.ALERTMANAGER_TOKEN) }
      : {}),
    ...(env.TEMPORAL_ADDRESS
      ? {
          temporal: entry(
            {
              address: env.TEMPORAL_ADDRESS,
              namespace: env.TEMPORAL_NAMESPACE,
              queues: parseJson(env.WATCHFLOOR_QUEUES) ?? [],
            },
            env.TEMPORAL_API_KEY,
          ),
        }
      : {}),
    ...(env.STATUSPAGE_URL
      ? { statuspage: entry({ url: env.STATUSPAGE_URL, format: env.STATUSPAGE_FORMAT }) }
      : {}),
    ...(env.KUBERNETES_URL ? { kubernetes: entry(clusterFrom(env), env.KUBERNETES_TOKEN) } : {}),
    ...(services ? { services: entry(services) } : {}),
  }
}

/** readRawSources gives each source's settings with their origin: a setting made in the browser wins over the environment. */
export async function readRawSources(console: Console): Promise<Raw> {
  const raw: Raw = fromEnvironment(console.env)
  const { rows } = await console.hot.query<{
    key: string
    value: unknown
    sealed: string | null
    version: number
  }>("SELECT key, value, sealed, version FROM setting WHERE starts_with(key, 'source:')")
  for (const row of rows) {
    const id = row.key.slice('source:'.length) as SourceId
    if (!(id in SOURCE_SCHEMAS)) continue
    const secret = row.sealed ? console.seal.open(row.sealed, `setting|${row.key}|sealed`) : undefined
    raw[id] = { value: row.value, secret, origin: 'settings', version: row.version }
  }
  return raw
}

/** SourceProblem is a configured source that cannot be used, in words. */
export type SourceProblem = { readonly id: SourceId; readonly sentence: string }

/** readSourceConfigs validates every configured source; one that does not fit is left out and named. */
export async function readSourceConfigs(
  console: Console,
): Promise<{ readonly configs: SourceConfigs; readonly problems: readonly SourceProblem[] }> {
  const raw = await readRawSources(console)
  const configs: Record<string, unknown> = {}
  const problems: SourceProblem[] = []
  for (const id of Object.keys(raw) as SourceId[]) {
    const entry = raw[id]
    if (!entry || (entry.value !== null && typeof entry.value === 'object' && 'off' in entry.value)) continue
    const parsed = SOURCE_SCHEMAS[id].safeParse(entry.value)
    if (!parsed.success) {
      problems.push({
        id,
        sentence: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      })
      continue
    }
    configs[id] = { ...parsed.data, ...(entry.secret ? { [secretNameOf(id)]: entry.secret } : {}) }
  }
  return { configs: configs as SourceConfigs, problems }
}
