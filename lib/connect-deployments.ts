import { allowedTargets } from './connect'
import { placesOf } from './connect-places'
import { DEADLINE_MS, type LookingAround, seen, unseen } from './connect-places-around'
import { imagesIn, registryUrl } from './connect-registry'
import type { Console } from './console'
import type { HealthLook, LimitLook, Looks, Seen, SignalLook } from './deployments/looks'
import type { Environment, ServiceDefinition } from './deployments/model'
import type { LookAsk, Prober } from './deployments/ports'
import { createHttp } from './platform/http'
import { ruleFor } from './platform/ssrf'
import { readSourceConfigs } from './settings/store'
import { createPrometheus } from './sources/prometheus/prometheus'
import { API_QUERIES } from './sources/prometheus/queries'
import type { Prometheus } from './sources/prometheus/types'
import { createServiceHealth } from './sources/service-health/service-health'

const RATE_LIMIT_PER_MINUTE = 5

/** openProber connects what the checklist looks at: the registry, the cluster, health endpoints and Prometheus. */
export async function openProber(console: Console): Promise<Prober> {
  const { env, clock } = console
  const http = createHttp({ allow: [], clock })
  const images = imagesIn({ env, http, clock })

  async function around(now: Date, urls: readonly (string | undefined)[]): Promise<LookingAround> {
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
          ask.images.map(async ({ image, digest, tag }) => ({
            digest,
            look: await images.look(image, digest, now),
            ...(tag === undefined ? {} : { named: await images.digestOf(image, tag, now) }),
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

async function healthsOf(ask: LookAsk, at: LookingAround): Promise<Pick<Looks, 'health' | 'stagingHealth'>> {
  const [health, stagingHealth] = await Promise.all([
    healthLook(ask.service, ask.environment, at),
    healthLook(ask.service, 'staging', at),
  ])
  return { health, stagingHealth }
}

async function healthLook(
  service: ServiceDefinition,
  environment: Environment,
  { configs, http, now }: LookingAround,
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
  { configs, http, console, now }: LookingAround,
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
