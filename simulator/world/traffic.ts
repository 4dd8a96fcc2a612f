import { isKeyGood } from '../kubernetes/impact'
import { boundariesOf, countAt, integrate, type RateSegment } from './piecewise'
import type { World } from './world'

export const TRAFFIC_ROUTES = ['instances', 'instance', 'users', 'mutate', 'logs'] as const
export type TrafficRoute = (typeof TRAFFIC_ROUTES)[number]

export const DURATION_BUCKETS_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

export type RouteCounter = {
  readonly route: TrafficRoute
  readonly status: string
  at(offsetMs: number): number
}
export type ErrorCounter = {
  readonly status: string
  readonly errorType: string
  at(offsetMs: number): number
}

export type Traffic = {
  readonly requests: readonly RouteCounter[]
  readonly errors: readonly ErrorCounter[]
  /** Cumulative count of requests of one route at or below a bound in seconds (Infinity for all). */
  bucketAt(route: TrafficRoute, upperSeconds: number, offsetMs: number): number
  sumSecondsAt(route: TrafficRoute, offsetMs: number): number
}

type Latency = { readonly p95Ms: number; readonly p99Ms: number }

const ROUTE_SHARES: Readonly<Record<TrafficRoute, number>> = {
  instances: 0.55,
  instance: 0.25,
  users: 0.1,
  mutate: 0.06,
  logs: 0.04,
}
const ERROR_STATUSES = ['401', '403', '429', '500', '502', '503', '504', 'timeout'] as const
const BACKGROUND_SHARE: Readonly<Record<string, number>> = { '500': 0.0006, '503': 0.0004 }
const QUEUED_SHARE = 0.1
const SLOW_REVISION: Latency = { p95Ms: 2400, p99Ms: 4200 }
const CALM_LATENCY: Latency = { p95Ms: 310, p99Ms: 720 }

export function buildTraffic(world: World): Traffic {
  const { effects } = world
  const causes = [
    ...effects.ofKind('provider-errors'),
    ...effects.ofKind('provider-unreachable'),
    ...effects.ofKind('key-revoked'),
    ...effects.ofKind('key-scope'),
    ...effects.ofKind('access-blocked'),
    ...effects.ofKind('errors'),
    ...world.cluster.impactChanges(world.cluster.main),
  ]
  const boundaries = boundariesOf(causes)
  const rates = ratesOf(world)
  const requests = TRAFFIC_ROUTES.flatMap((route) =>
    ['200', ...ERROR_STATUSES].map((status) =>
      counter({ route, status, segments: integrate(boundaries, (at) => rates(route, at)[status] ?? 0) }),
    ),
  )
  const errors = ERROR_STATUSES.map((status) => {
    const parts = requests.filter((request) => request.status === status)
    return {
      status,
      errorType: errorTypeOf(status),
      at: (offsetMs: number) => parts.reduce((sum, part) => sum + part.at(offsetMs), 0),
    }
  })
  return { requests, errors, ...durations(world) }
}

function counter({
  route,
  status,
  segments,
}: {
  readonly route: TrafficRoute
  readonly status: string
  readonly segments: readonly RateSegment[]
}): RouteCounter {
  return { route, status, at: (offsetMs) => Math.floor(countAt(segments, offsetMs)) }
}

function errorTypeOf(status: string): string {
  if (status === '401') return 'authentication'
  if (status === '403') return 'permission'
  if (status === '429') return 'rate_limit'
  return status === 'timeout' || status === '504' ? 'timeout' : 'provider'
}

function requestsPerSecond(world: World, route: TrafficRoute): number {
  return (world.scenario.world.requestsPerMinute / 60) * ROUTE_SHARES[route]
}

type Rates = Readonly<Record<string, number>>

/** Requests per second by status; every status asks for the same instants, so they are computed together. */
function ratesOf(world: World): (route: TrafficRoute, offsetMs: number) => Rates {
  const known = new Map<string, Rates>()
  return (route, offsetMs) => {
    const key = `${route} ${offsetMs}`
    const rates = known.get(key) ?? statusRates(world, route, offsetMs)
    known.set(key, rates)
    return rates
  }
}

function statusRates(world: World, route: TrafficRoute, offsetMs: number): Rates {
  const impact = world.impactAt(offsetMs)
  const perSecond = impact === undefined || impact.answers ? requestsPerSecond(world, route) : 0
  const shares = errorShares(world, route, offsetMs)
  const failed = Object.values(shares).reduce((sum, share) => sum + share, 0)
  const rates: Record<string, number> = { '200': perSecond * Math.max(0, 1 - failed) }
  for (const status of ERROR_STATUSES)
    rates[status] =
      perSecond * (shares[status] ?? 0) + (perSecond > 0 ? extraErrors(world, route, status, offsetMs) : 0)
  return rates
}

/** Share of the route's requests that end with each status; the causes divide what earlier ones left. */
export function errorShares(world: World, route: TrafficRoute, offsetMs: number): Rates {
  const shares: Record<string, number> = {}
  let left = 1
  for (const { status, share } of causesAt(world, route, offsetMs)) {
    shares[status] = (shares[status] ?? 0) + left * share
    left -= left * share
  }
  // A client that queues its calls is refused only for what others spend.
  if (world.impactAt(offsetMs)?.queueMode === true && shares['429'] !== undefined)
    shares['429'] *= QUEUED_SHARE
  for (const [status, share] of Object.entries(BACKGROUND_SHARE))
    shares[status] = (shares[status] ?? 0) + left * share
  return shares
}

type Cause = { readonly status: string; readonly share: number }

function causesAt(world: World, route: TrafficRoute, offsetMs: number): readonly Cause[] {
  const { effects } = world
  const met = (routes: readonly string[] | undefined): boolean =>
    routes === undefined || routes.includes(route)
  return [
    ...effects.active('provider-unreachable', offsetMs).map(() => ({ status: 'timeout', share: 1 })),
    ...effects.active('access-blocked', offsetMs).map(() => ({ status: '403', share: 1 })),
    ...ownCauses(world, offsetMs),
    ...effects
      .active('key-scope', offsetMs)
      .filter((effect) => met(effect.event.routes))
      .map(() => ({ status: '403', share: 1 })),
    ...effects
      .active('provider-errors', offsetMs)
      .filter((effect) => met(effect.event.routes))
      .map((effect) => ({ status: String(effect.event.status), share: effect.event.share })),
  ]
}

/** What the pods of our own integration add: what they can't reach, keys that are refused, a bad revision. */
function ownCauses(world: World, offsetMs: number): readonly Cause[] {
  const impact = world.impactAt(offsetMs)
  if (impact === undefined || !impact.answers) return []
  const { keys, providerShare, errors } = impact
  const refused = keys.filter(
    (key) => !isKeyGood(world.scenario, world.effects, { key, atMs: offsetMs }),
  ).length
  return [
    { status: 'timeout', share: 1 - providerShare },
    { status: '401', share: refused / Math.max(1, keys.length) },
    ...errors.map(({ status, share }) => ({ status: String(status), share })),
  ].filter(({ share }) => share > 0)
}

function extraErrors(world: World, route: TrafficRoute, status: string, offsetMs: number): number {
  if (route !== 'instances') return 0
  return world.effects
    .active('errors', offsetMs)
    .filter((effect) => String(effect.event.status) === status)
    .reduce((sum, effect) => sum + effect.event.perMinute / 60, 0)
}

function durations(world: World): Pick<Traffic, 'bucketAt' | 'sumSecondsAt'> {
  const slow = [...world.effects.ofKind('latency'), ...world.effects.ofKind('provider-latency')]
  const boundaries = boundariesOf([
    ...slow,
    ...world.effects.ofKind('provider-unreachable'),
    ...world.cluster.impactChanges(world.cluster.main),
  ])
  const buckets = new Map<number, readonly RateSegment[]>()
  const bounds: readonly number[] = [...DURATION_BUCKETS_SECONDS, Number.POSITIVE_INFINITY]
  for (const upper of bounds)
    buckets.set(
      upper,
      integrate(boundaries, (at) => answering(world, at) * shareBelow(latencyAt(world, at), upper)),
    )
  const means = integrate(boundaries, (at) => answering(world, at) * meanSeconds(latencyAt(world, at)))
  return {
    bucketAt: (route, upper, offsetMs) =>
      Math.floor(countAt(buckets.get(upper) ?? [], offsetMs) * requestsPerSecond(world, route)),
    sumSecondsAt: (route, offsetMs) =>
      Math.round(countAt(means, offsetMs) * requestsPerSecond(world, route) * 1000) / 1000,
  }
}

function answering(world: World, offsetMs: number): number {
  return world.impactAt(offsetMs)?.answers === false ? 0 : 1
}

export function latencyAt(world: World, offsetMs: number): Latency {
  const own = world.effects.active('latency', offsetMs).at(-1)?.event
  const provider = world.effects.active('provider-latency', offsetMs).at(-1)?.event
  if (world.effects.active('provider-unreachable', offsetMs).length > 0)
    return { p95Ms: 10_000, p99Ms: 10_500 }
  if (world.impactAt(offsetMs)?.isSlow === true) return SLOW_REVISION
  return own ?? provider ?? CALM_LATENCY
}

function spreadOf({ p95Ms, p99Ms }: Latency): { readonly mu: number; readonly sigma: number } {
  const sigma = Math.max(0.05, (Math.log(p99Ms) - Math.log(p95Ms)) / (2.3263 - 1.6449))
  return { mu: Math.log(p95Ms) - 1.6449 * sigma, sigma }
}

/** Share of requests at or below a bound, with latencies log-normal through the two given percentiles. */
function shareBelow(latency: Latency, upperSeconds: number): number {
  if (!Number.isFinite(upperSeconds)) return 1
  const { mu, sigma } = spreadOf(latency)
  const z = (Math.log(upperSeconds * 1000) - mu) / sigma
  return normalShare(z)
}

/** Standard normal distribution function by the rational approximation 26.2.17 of Abramowitz and Stegun. */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return z >= 0 ? 1 - tail : tail
}

function meanSeconds(latency: Latency): number {
  const { mu, sigma } = spreadOf(latency)
  return Math.min(30, Math.exp(mu + (sigma * sigma) / 2) / 1000)
}

export function p50Ms(latency: Latency): number {
  return Math.exp(spreadOf(latency).mu)
}
