import { allowedTargets } from './connect'
import { openKubernetes, pemOf } from './connect-cluster'
import { imagesIn, registryUrl } from './connect-registry'
import type { Console } from './console'
import type { HealthLook, LimitLook, Looks, PlaceLook, Seen, SignalLook } from './deployments/looks'
import type { Environment, ServiceDefinition, Target } from './deployments/model'
import type { LookAsk, Prober } from './deployments/ports'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import { ruleFor } from './platform/ssrf'
import type { SourceConfigs } from './settings/sources'
import { readSourceConfigs } from './settings/store'
import { quantityOf } from './sources/kubernetes/quantity'
import { createPrometheus } from './sources/prometheus/prometheus'
import { API_QUERIES } from './sources/prometheus/queries'
import type { Prometheus } from './sources/prometheus/types'
import { createServiceHealth } from './sources/service-health/service-health'

type Around = {
  readonly console: Console
  readonly http: Http
  readonly configs: SourceConfigs
  readonly now: Date
}

type KubernetesTarget = Extract<Target, { provider: 'kubernetes' }>

const DEADLINE_MS = 5_000
const RATE_LIMIT_PER_MINUTE = 5

/** openProber connects what the checklist looks at: the registry, the cluster, health endpoints and Prometheus. */
export async function openProber(console: Console): Promise<Prober> {
  const { env, clock } = console
  const http = createHttp({ allow: [], clock })
  const images = imagesIn({ env, http, clock })

  async function around(now: Date, urls: readonly (string | undefined)[]): Promise<Around> {
    const { configs } = await readSourceConfigs(console)
    const own = urls.filter((url) => url !== undefined).map(ruleFor)
    http.allow([
      ...allowedTargets(configs, env),
      ...(env.REGISTRY_URL ? [ruleFor(env.REGISTRY_URL)] : []),
      ...own,
    ])
    return { console, http, configs, now }
  }

  return {
    look: async (ask, now) => {
      const { service } = ask
      const urls = [service.environments.staging.healthUrl, service.environments.production.healthUrl]
      const at = await around(now, urls)
      const [found, rollback, places, health, metrics] = await Promise.all([
        Promise.all(
          ask.images.map(async ({ image, digest }) => ({
            digest,
            look: await images.look(image, digest, now),
          })),
        ),
        ask.rollback
          ? images.look(ask.rollback.image, ask.rollback.digest, now)
          : unseen('no way back is named', 'registry', now),
        placesOf(ask, at),
        healthsOf(ask, at),
        metricsOf(ask, at),
      ])
      return { images: found, rollback, ...places, ...health, ...metrics } satisfies Looks
    },
    digestOf: async (image, tag, now) => {
      await around(now, [registryUrl(image, env)])
      return images.digestOf(image, tag, now)
    },
    signals: async (service, now) => {
      const { configs } = await around(now, [])
      if (!configs.prometheus) return unseen('Prometheus is not connected', 'prometheus', now)
      const { url, token } = configs.prometheus
      const prometheus = createPrometheus({ baseUrl: url, token, http, clock })
      return signalLook(prometheus, service.environments.production.signals, now)
    },
    close: () => http.close(),
  }
}

function unseen(why: string, source: string, now: Date): Extract<Seen<never>, { kind: 'unknown' }> {
  return { kind: 'unknown', why, source, atMs: now.getTime() }
}

function seen<Value>(value: Value, source: string, now: Date): Seen<Value> {
  return { kind: 'known', value, source, atMs: now.getTime() }
}

async function placesOf(ask: LookAsk, at: Around): Promise<Pick<Looks, 'place' | 'staging' | 'secrets'>> {
  const here = at.now
  if (ask.service.provider !== 'kubernetes') {
    const nothing = unseen(
      `nothing connected reads ${ask.service.provider} for deployments`,
      ask.service.provider,
      here,
    )
    return { place: nothing, staging: nothing, secrets: nothing }
  }
  const [own, staging] = await Promise.all([
    clusterLook(ask.service, ask.environment, at),
    clusterLook(ask.service, 'staging', at),
  ])
  return { place: own.place, secrets: own.secrets, staging: staging.place }
}

type Cluster = { readonly place: Seen<PlaceLook>; readonly secrets: Seen<readonly string[]> }

async function clusterLook(
  service: ServiceDefinition,
  environment: Environment,
  at: Around,
): Promise<Cluster> {
  const config = at.configs.kubernetes
  const { targets, secrets, secretObject } = service.environments[environment]
  const mine = targets.filter((it): it is KubernetesTarget => it.provider === 'kubernetes')
  const [first] = mine
  if (!config || !first) {
    const nothing = unseen('Kubernetes is not connected', 'kubernetes', at.now)
    return { place: nothing, secrets: nothing }
  }
  const opened = openKubernetes(
    {
      ...config,
      namespace: first.namespace,
      deployments: mine.map(({ deployment }) => deployment),
      secrets: secretObject ? secrets.map((name) => `${secretObject}/${name}`) : [],
    },
    { http: at.http, allow: allowedTargets(at.configs, at.console.env), clock: at.console.clock },
  )
  try {
    const [answer, size] = await Promise.all([
      opened.kubernetes.look({ deadlineMs: DEADLINE_MS }),
      sizeOf(first, config, at),
    ])
    if (!answer.ok) {
      const nothing = unseen(answer.detail, 'kubernetes', at.now)
      return { place: nothing, secrets: nothing }
    }
    const { deployments, pods, secrets: keys } = answer.value
    const place: Seen<PlaceLook> =
      deployments.kind === 'known' && deployments.value.length > 0
        ? seen(
            {
              names: deployments.value.map(({ name }) => name),
              units: deployments.value.reduce((sum, it) => sum + it.desired, 0),
              size,
              digests:
                pods.kind === 'known'
                  ? [
                      ...new Set(
                        pods.value.flatMap((it) => (it.ready && it.digest !== '' ? [it.digest] : [])),
                      ),
                    ]
                  : [],
            },
            'kubernetes',
            at.now,
          )
        : unseen(
            deployments.kind === 'unknown'
              ? (deployments.detail ?? deployments.why)
              : `the cluster has no deployment ${first.deployment}`,
            'kubernetes',
            at.now,
          )
    return {
      place,
      secrets:
        keys.kind === 'known'
          ? seen(
              keys.value.filter(({ present }) => present).map(({ key }) => key),
              'kubernetes',
              at.now,
            )
          : unseen(keys.detail ?? keys.why, 'kubernetes', at.now),
    }
  } finally {
    await opened.close()
  }
}

async function sizeOf(
  target: KubernetesTarget,
  config: NonNullable<SourceConfigs['kubernetes']>,
  { console, http }: Around,
): Promise<PlaceLook['size']> {
  const own = config.caData
    ? createHttp({ allow: [ruleFor(config.url)], clock: console.clock, ca: pemOf(config.caData) })
    : undefined
  const answer = await (own ?? http).request({
    url: `${config.url}/apis/apps/v1/namespaces/${target.namespace}/deployments/${target.deployment}`,
    headers: { authorization: `Bearer ${config.token ?? ''}` },
    deadlineMs: DEADLINE_MS,
    expect: 'json',
  })
  await own?.close()
  if (!answer.ok) return undefined
  const body = answer.value.json as DeploymentBody | null
  const containers = body?.spec?.template?.spec?.containers ?? []
  const container = containers.find(({ name }) => name === target.container) ?? containers[0]
  const cpus = quantityOf(container?.resources?.limits?.cpu)
  const memory = quantityOf(container?.resources?.limits?.memory)
  if (cpus === undefined || memory === undefined) return undefined
  return { cpus, memoryMb: Math.round(memory / 1024 ** 2) }
}

type DeploymentBody = {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly name?: string
          readonly resources?: { readonly limits?: { readonly cpu?: string; readonly memory?: string } }
        }[]
      }
    }
  }
}

async function healthsOf(ask: LookAsk, at: Around): Promise<Pick<Looks, 'health' | 'stagingHealth'>> {
  const [health, stagingHealth] = await Promise.all([
    healthLook(ask.service, ask.environment, at),
    healthLook(ask.service, 'staging', at),
  ])
  return { health, stagingHealth }
}

async function healthLook(
  service: ServiceDefinition,
  environment: Environment,
  { configs, http, now }: Around,
): Promise<Seen<HealthLook>> {
  const { healthUrl, healthService } = service.environments[environment]
  const watched = configs.services?.services.find(({ id }) => id === healthService)
  const url = healthUrl ?? watched?.url
  if (url === undefined) return unseen(`no health address of ${environment} is written down`, 'health', now)
  const look = await createServiceHealth({ http }).probe({ id: service.id, kind: 'integration', url }, now)
  if (look.outcome.kind === 'unknown') return unseen(look.outcome.detail ?? look.outcome.why, 'health', now)
  const outcome = look.outcome.value
  if (outcome.kind === 'no-answer') return unseen(`it does not answer (${outcome.cause})`, 'health', now)
  const parts = look.parts.map((part) => ({
    name: part.name,
    status: part.status.kind === 'known' ? part.status.value : 'unknown',
    latencyMs: part.latencyMs,
  }))
  const isWorn = parts.some(({ status }) => status !== 'healthy' && status !== 'ok')
  const status = outcome.kind === 'ok' ? (isWorn ? 'degraded' : 'healthy') : 'unhealthy'
  return seen({ status, parts }, 'health', now)
}

async function metricsOf(
  ask: LookAsk,
  { configs, http, console, now }: Around,
): Promise<Pick<Looks, 'rules' | 'limits' | 'signals' | 'stagingSignals'>> {
  const config = configs.prometheus
  if (!config) {
    const nothing = unseen('Prometheus is not connected', 'prometheus', now)
    return { rules: nothing, limits: nothing, signals: nothing, stagingSignals: nothing }
  }
  const prometheus = createPrometheus({
    baseUrl: config.url,
    token: config.token,
    http,
    clock: console.clock,
  })
  const { environments } = ask.service
  const [rules, limits, signals, stagingSignals] = await Promise.all([
    prometheus.rules({ deadlineMs: DEADLINE_MS }),
    limitLook(prometheus, now),
    signalLook(prometheus, environments[ask.environment].signals, now),
    signalLook(prometheus, environments.staging.signals, now),
  ])
  return {
    rules: rules.ok
      ? seen([...new Set(rules.value.flatMap(({ name, group }) => [name, group]))], 'prometheus', now)
      : unseen(rules.detail, 'prometheus', now),
    limits,
    signals,
    stagingSignals,
  }
}

/** The provider tells no limit of its own: how often it refuses calls for their number is what can be seen. */
async function limitLook(prometheus: Prometheus, now: Date): Promise<Seen<LimitLook>> {
  const answer = await prometheus.value(API_QUERIES.rateLimitedPerMinute.expr, { deadlineMs: DEADLINE_MS })
  if (!answer.ok) return unseen(answer.detail, 'prometheus', now)
  const { value: rate } = answer
  if (rate.kind === 'unknown') return unseen('429 answers are not counted', 'prometheus', now)
  const freePercent = Math.max(0, 100 * (1 - rate.value / RATE_LIMIT_PER_MINUTE))
  return seen(
    { freePercent, endpoint: `429 answers, ${rate.value.toFixed(1)} a minute of ${RATE_LIMIT_PER_MINUTE}` },
    'prometheus',
    now,
  )
}

async function signalLook(
  prometheus: Prometheus,
  queries: ServiceDefinition['environments']['production']['signals'],
  now: Date,
): Promise<Seen<SignalLook>> {
  const asked = await Promise.all(
    Object.entries(queries).map(async ([name, expr]) => {
      const answer = await prometheus.value(expr, { deadlineMs: DEADLINE_MS })
      return answer.ok && answer.value.kind === 'known' ? ([name, answer.value.value] as const) : undefined
    }),
  )
  return seen(Object.fromEntries(asked.filter((it) => it !== undefined)) as SignalLook, 'prometheus', now)
}
