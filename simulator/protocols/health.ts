import { isKeyGood } from '../kubernetes/impact'
import { CLOSED, html, type Instant, json, type Reply, type SimRequest, text } from '../reply'
import { memoryPercentAt } from '../series/integration'
import { isActive } from '../world/effects'
import { latencyAt, p50Ms } from '../world/traffic'
import { programAt } from '../world/workers'
import type { World } from '../world/world'

type Level = 'healthy' | 'degraded' | 'unhealthy'

export function integrationReply(world: World, request: SimRequest, { offsetMs, timeMs }: Instant): Reply {
  if (request.path !== '/health') return text('not found', 404)
  const told = world.effects.active('own-health', offsetMs).map((effect) => effect.event)
  const impact = world.impactAt(offsetMs)
  if (told.some((event) => event.unreachable === true)) return CLOSED
  if (impact !== undefined && (!impact.answers || !impact.reachable)) return CLOSED
  const level = (name: 'status' | 'vastai' | 'database' | 'temporal' | 'minio'): Level | undefined =>
    told
      .map((event) => event[name])
      .filter((value) => value !== undefined)
      .at(-1)
  const vastai = level('vastai') ?? providerLevel(world, offsetMs)
  const names = impact?.names !== false
  const services = {
    vastai: {
      status: vastai,
      connected: vastai !== 'unhealthy',
      latencyMs: vastai === 'unhealthy' ? null : Math.round(p50Ms(latencyAt(world, offsetMs))),
    },
    database: { status: level('database') ?? (names ? 'healthy' : 'unhealthy'), latencyMs: 3 },
    temporal: {
      status: level('temporal') ?? (names && impact?.controlPlane !== false ? 'healthy' : 'unhealthy'),
      latencyMs: 8,
    },
    minio: { status: level('minio') ?? (names ? 'healthy' : 'unhealthy'), latencyMs: 12 },
  }
  const { vastai: provider, ...others } = services
  const worst = worstOf(Object.values(others).map((service) => service.status))
  // With the fallback on, a provider that is away leaves the integration degraded and no worse.
  const withProvider = impact?.fallback === true ? lesser(provider.status) : provider.status
  const status = level('status') ?? worstOf([worst, withProvider])
  return json(
    {
      status,
      version: '4.12.0',
      timestamp: new Date(timeMs).toISOString(),
      memoryPercent: Math.round(memoryPercentAt(world, offsetMs) * 10) / 10,
      services,
    },
    status === 'unhealthy' ? 503 : 200,
  )
}

function lesser(level: Level): Level {
  return level === 'unhealthy' ? 'degraded' : level
}

function worstOf(levels: readonly Level[]): Level {
  if (levels.includes('unhealthy')) return 'unhealthy'
  return levels.includes('degraded') ? 'degraded' : 'healthy'
}

function providerLevel(world: World, offsetMs: number): Level {
  const { effects } = world
  const impact = world.impactAt(offsetMs)
  const isRefused = impact?.keys.every((key) => !isKeyGood(world.scenario, effects, { key, atMs: offsetMs }))
  const cut =
    effects.active('provider-unreachable', offsetMs).length > 0 ||
    effects.active('access-blocked', offsetMs).length > 0 ||
    isRefused === true ||
    impact?.providerShare === 0
  if (cut) return 'unhealthy'
  const share = effects
    .active('provider-errors', offsetMs)
    .reduce((sum, effect) => sum + effect.event.share, 0)
  if (share >= 0.5) return 'unhealthy'
  const isPartly = (impact?.errors.length ?? 0) > 0 || (impact?.providerShare ?? 1) < 1
  return isPartly || share > 0.02 || latencyAt(world, offsetMs).p95Ms > 1000 ? 'degraded' : 'healthy'
}

export function servicesReply(world: World, request: SimRequest, { offsetMs }: Instant): Reply {
  const match = /^\/([^/]+)\/health$/.exec(request.path)
  const name = match?.[1] === undefined ? undefined : decodeURIComponent(match[1])
  if (name === undefined || !world.scenario.world.services.includes(name)) return html('<h1>404</h1>', 404)
  const told = world.effects.active('service', offsetMs).filter((effect) => effect.event.service === name)
  const impact = world.cluster.impactAt(name, offsetMs)
  if (impact !== undefined && (!impact.answers || !impact.reachable)) return CLOSED
  const state = told.at(-1)?.event.state ?? 'ok'
  if (state === 'unreachable') return CLOSED
  if (state === 'down')
    return json({ status: 'unhealthy', service: name, error: 'dependency unavailable' }, 503)
  return json({
    status: state,
    service: name,
    version: '1.8.2',
    uptimeSeconds: Math.round((offsetMs + 86_400_000) / 1000),
  })
}

export function modelReply(
  world: World,
  kind: 'llama' | 'whisper',
  request: SimRequest,
  { offsetMs }: Instant,
): Reply {
  const match = /^\/(\d+)(\/health|\/v1\/health|\/v1\/models|\/api\/ps)$/.exec(request.path)
  const instance = match?.[1] === undefined ? undefined : world.instance(Number(match[1]))
  if (instance === undefined) return html('<h1>404</h1>', 404)
  if (!world.instanceAt(instance, offsetMs).serving) return CLOSED
  if (kind === 'llama' && !programAt(world, instance, 'llama', offsetMs).working) return CLOSED
  const state = world.effects
    .ofInstance(instance.index)
    .flatMap(({ event, ...effect }) =>
      event.event === 'model' && event.program === kind && isActive(effect, offsetMs) ? [event.state] : [],
    )
    .at(-1)
  if (match?.[2] === '/v1/models' || match?.[2] === '/api/ps')
    return json({
      object: 'list',
      models: state === 'missing' ? [] : [kind === 'llama' ? 'chat-8b-q6' : 'whisper-large-v3'],
    })
  return kind === 'llama' ? llamaHealth(state) : whisperHealth(state)
}

function llamaHealth(state: 'loading' | 'busy' | 'missing' | undefined): Reply {
  if (state === 'missing') return CLOSED
  if (state === 'loading')
    return json({ error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }, 503)
  if (state === 'busy')
    return json({ error: { code: 503, message: 'no slot available', type: 'unavailable_error' } }, 503)
  return json({ status: 'ok' })
}

function whisperHealth(state: 'loading' | 'busy' | 'missing' | undefined): Reply {
  if (state === 'missing') return text('model files not found', 500)
  if (state === 'loading') return text('loading model', 503)
  if (state === 'busy') return text('busy: active transcriptions at maximum', 503)
  return text('OK')
}

export function minioReply(world: World, request: SimRequest, { offsetMs }: Instant): Reply {
  const down = world.effects
    .active('own-health', offsetMs)
    .some((effect) => effect.event.minio === 'unhealthy')
  switch (request.path) {
    case '/minio/health/live':
    case '/minio/health/ready':
      return text('')
    case '/minio/health/cluster':
    case '/minio/health/cluster/read':
      return text('', down ? 503 : 200)
    default:
      return text('', 404)
  }
}
