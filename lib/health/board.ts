import { type Reading, WHY_WORDS } from '../sources/reading'
import { epochSeconds } from './evaluate'
import type { QueueObservation, Rating, ServiceObservation, SourceState } from './model'
import type { HealthPolicy } from './policy'
import { apiLimits } from './rules/api'
import type { QueueRating } from './rules/queue'
import type { RatedWorld } from './rules/rated'
import type { ServiceRating } from './rules/service'
import type { Board, Figure, QueueRow, ServiceRow, SourceRow } from './wire'

type FigureOptions = {
  readonly unit: string
  readonly rating: Rating
  readonly limit?: number
  readonly warn?: number
  readonly scale?: number
}

/** figureOf puts a reading on the wire: value or why not, age, source, limit; `scale` converts the unit (60 = per second → per minute). */
export function figureOf(reading: Reading<number>, options: FigureOptions): Figure {
  const scale = options.scale ?? 1
  const shown = (value: number): number => Math.round(value * scale * 100) / 100
  const base = {
    unit: options.unit,
    rating: options.rating,
    source: reading.source,
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.warn === undefined ? {} : { warn: options.warn }),
  }
  if (reading.kind === 'known') {
    return { ...base, value: shown(reading.value), at: epochSeconds(reading.sampleAt ?? reading.observedAt) }
  }
  return {
    ...base,
    value: null,
    at: epochSeconds(reading.last?.observedAt),
    why: reading.detail ? `${WHY_WORDS[reading.why]}: ${reading.detail}` : WHY_WORDS[reading.why],
    ...(reading.last ? { last: shown(reading.last.value) } : {}),
  }
}

function known(reading: Reading<unknown>): Rating {
  return reading.kind === 'known' ? 'clear' : 'unknown'
}

/** queueRow puts a judged queue on the wire. */
export function queueRow(queue: QueueObservation, rating: QueueRating, policy: HealthPolicy): QueueRow {
  const { pollers } = queue
  const fresh: Reading<number> =
    pollers.kind === 'known'
      ? {
          kind: 'known',
          value: rating.freshPollers ?? 0,
          unit: '',
          source: pollers.source,
          observedAt: pollers.observedAt,
        }
      : { kind: 'unknown', why: pollers.why, source: pollers.source, since: pollers.since }
  return {
    name: queue.name,
    type: queue.type,
    rating: rating.verdict.rating,
    state: rating.state,
    reason: rating.verdict.reason,
    ...(rating.verdict.action ? { action: rating.verdict.action } : {}),
    backlog: figureOf(queue.backlog, { unit: 'tasks', rating: known(queue.backlog) }),
    oldestSeconds: figureOf(queue.oldestSeconds, {
      unit: 's',
      rating: queue.oldestSeconds.kind === 'known' ? rating.verdict.rating : 'unknown',
      warn: policy.queue.oldestWarnSeconds,
      limit: policy.queue.oldestBreachSeconds,
    }),
    addPerMinute: figureOf(queue.addPerSecond, {
      unit: '/min',
      rating: known(queue.addPerSecond),
      scale: 60,
    }),
    dispatchPerMinute: figureOf(queue.dispatchPerSecond, {
      unit: '/min',
      rating: known(queue.dispatchPerSecond),
      scale: 60,
    }),
    freshPollers: figureOf(fresh, { unit: 'pollers', rating: known(fresh) }),
    listedPollers: pollers.kind === 'known' ? pollers.value.length : 0,
    rateLimited: queue.rateLimited.kind === 'known' ? queue.rateLimited.value : null,
  }
}

/** serviceRow puts a judged service on the wire. */
export function serviceRow(
  service: ServiceObservation,
  rating: ServiceRating,
  policy: HealthPolicy,
): ServiceRow {
  return {
    id: service.id,
    name: service.name,
    kind: service.kind,
    rating: rating.verdict.rating,
    state: rating.state,
    reason: rating.verdict.reason,
    ...(rating.verdict.action ? { action: rating.verdict.action } : {}),
    latencyMs: figureOf(service.latencyMs, {
      unit: 'ms',
      rating: known(service.latencyMs),
      warn: policy.service.latencyWarnMs,
    }),
    lastSuccessAt: epochSeconds(service.lastSuccessAt),
    misses: service.misses,
    parts: rating.parts.map((part) => ({
      name: part.name,
      status: part.verdict.reason,
      rating: part.verdict.rating,
    })),
  }
}

/** sourceRow puts a source's liveness on the wire. */
export function sourceRow(source: SourceState): SourceRow {
  return {
    id: source.id,
    kind: source.kind,
    title: source.title,
    state: source.state,
    okAt: epochSeconds(source.lastOkAt),
    triedAt: epochSeconds(source.lastTriedAt),
    failures: source.failures,
    detail: source.detail,
    ...(source.wayRound ? { wayRound: source.wayRound } : {}),
    intervalMs: source.intervalMs,
    ...(source.latencyMs === undefined ? {} : { latencyMs: Math.round(source.latencyMs) }),
  }
}

/** apiFigures puts the integration's figures on the wire with their limits. */
export function apiFigures(rated: RatedWorld, policy: HealthPolicy): Board['api'] {
  const limits = apiLimits(policy)
  const { api } = rated.world
  const { figures } = rated.api
  const figure = (key: keyof Board['api'], reading: Reading<number>): Figure =>
    figureOf(reading, { ...limits[key], rating: figures[key].rating })
  return {
    serverErrors: figure('serverErrors', api.serverErrorsPerMinute),
    authErrors: figure('authErrors', api.authErrorsPerMinute),
    rateLimited: figure('rateLimited', api.rateLimitedPerMinute),
    errorRatio: figure('errorRatio', api.errorRatioPercent),
    p95: figure('p95', api.latencyMsP95),
    p99: figure('p99', api.latencyMsP99),
  }
}

/** pageFigure puts the vendor's status page on the wire. */
export function pageFigure(rated: RatedWorld): Board['page'] {
  const page = rated.world.providerPage
  return {
    rating: rated.page.rating,
    sentence: rated.page.reason,
    at:
      page.indicator.kind === 'known'
        ? epochSeconds(page.indicator.observedAt)
        : epochSeconds(page.indicator.last?.observedAt),
    incidents: page.incidents.map((incident) => `${incident.name} (${incident.status})`),
  }
}

/** creditFigure puts credit, burn and runway on the wire. */
export function creditFigure(rated: RatedWorld): Board['credit'] {
  const { creditDollars, burnDollarsPerHour } = rated.world.credit
  const { runwayHours, verdict } = rated.credit
  const at = creditDollars.kind === 'known' ? creditDollars.observedAt : rated.world.at
  const runway: Reading<number> =
    runwayHours === undefined
      ? {
          kind: 'unknown',
          why: creditDollars.kind === 'unknown' ? creditDollars.why : 'not_evaluated',
          source: 'vast',
          since: at,
          detail: verdict.reason,
        }
      : { kind: 'known', value: runwayHours, unit: 'h', source: creditDollars.source, observedAt: at }
  return {
    rating: verdict.rating,
    creditDollars: figureOf(creditDollars, { unit: 'USD', rating: verdict.rating }),
    burnDollarsPerHour: figureOf(burnDollarsPerHour, { unit: 'USD/h', rating: known(burnDollarsPerHour) }),
    runwayHours: figureOf(runway, { unit: 'h', rating: verdict.rating }),
  }
}
