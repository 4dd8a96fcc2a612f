import { evaluate } from '../promql/evaluate'
import { parseQuery, promDurationMs } from '../promql/parse'
import { instantData, matrixData } from '../promql/serialise'
import { type Expression, QueryError, type RangeSeries, type Sample, type Value } from '../promql/types'
import { type Instant, json, type Reply, type SimRequest, text } from '../reply'
import type { Storage } from '../series/storage'
import type { World } from '../world/world'
import { ALERT_RULES, AlertEvaluator, type PrometheusAlert } from './prometheus-rules'
import { targetsData } from './prometheus-targets'

const MAX_POINTS = 11_000

export class Prometheus {
  private readonly alerts: AlertEvaluator

  constructor(
    private readonly world: World,
    private readonly storage: Storage,
  ) {
    this.alerts = new AlertEvaluator(world, storage)
  }

  handle(request: SimRequest, at: Instant): Reply {
    if (request.path === '/-/healthy') return text('Prometheus Server is Healthy.\n')
    if (request.path === '/-/ready') return text('Prometheus Server is Ready.\n')
    if (!request.path.startsWith('/api/v1/')) return text('404 page not found\n', 404)
    try {
      return this.api(request, at)
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
      return json(
        { status: 'error', errorType: error.errorType, error: error.message },
        error.errorType === 'bad_data' ? 400 : 422,
      )
    }
  }

  private api(request: SimRequest, at: Instant): Reply {
    const parameters = parametersOf(request)
    switch (request.path.slice('/api/v1/'.length)) {
      case 'query':
        return success(this.query(parameters, at))
      case 'query_range':
        return success(this.queryRange(parameters))
      case 'alerts':
        return success(JSON.stringify({ alerts: this.allAlerts(at.timeMs) }))
      case 'rules':
        return success(JSON.stringify({ groups: [this.ruleGroup(at.timeMs)] }))
      case 'targets':
        return success(JSON.stringify(targetsData(this.world, this.storage, at)))
      case 'status/buildinfo':
        return success(JSON.stringify({ version: '2.42.0', revision: 'simulated', goVersion: 'go1.19.8' }))
      default:
        return text('404 page not found\n', 404)
    }
  }

  private query(parameters: URLSearchParams, at: Instant): string {
    const timeMs = timeOf(parameters, 'time') ?? at.timeMs
    const value = evaluate(parseQuery(required(parameters, 'query')), { storage: this.storage, timeMs })
    return instantData(value, timeMs)
  }

  private queryRange(parameters: URLSearchParams): string {
    const startMs = requiredTime(parameters, 'start')
    const endMs = requiredTime(parameters, 'end')
    const stepMs = stepOf(required(parameters, 'step'))
    if (endMs < startMs) throw badParameter('end', 'end timestamp must not be before start time')
    if ((endMs - startMs) / stepMs > MAX_POINTS)
      throw new QueryError(
        'bad_data',
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      )
    return matrixData(this.steps(parseQuery(required(parameters, 'query')), startMs, endMs, stepMs))
  }

  private steps(expression: Expression, startMs: number, endMs: number, stepMs: number): RangeSeries[] {
    const series = new Map<string, RangeSeries>()
    for (let timeMs = startMs; timeMs <= endMs; timeMs += stepMs) {
      for (const point of pointsOf(evaluate(expression, { storage: this.storage, timeMs }))) {
        const key = `${point.name ?? ''} ${JSON.stringify(point.labels)}`
        const one: RangeSeries = series.get(key) ?? {
          name: point.name,
          labels: point.labels,
          times: [],
          values: [],
        }
        one.times.push(timeMs)
        one.values.push(point.value)
        series.set(key, one)
      }
    }
    return [...series.values()]
  }

  private allAlerts(timeMs: number): readonly PrometheusAlert[] {
    return [
      ...ALERT_RULES.flatMap((rule) => this.alerts.alertsOf(rule, timeMs)),
      ...this.alerts.declared(timeMs),
    ]
  }

  private ruleGroup(timeMs: number): Record<string, unknown> {
    const lastEvaluation = new Date(this.alerts.lastEvaluationMs(timeMs)).toISOString()
    const rules = ALERT_RULES.map((rule) => {
      const alerts = this.alerts.alertsOf(rule, timeMs)
      const firing = alerts.some((alert) => alert.state === 'firing')
      return {
        state: firing ? 'firing' : alerts.length > 0 ? 'pending' : 'inactive',
        name: rule.name,
        query: rule.query,
        duration: rule.forSeconds,
        keepFiringFor: 0,
        labels: { severity: rule.severity },
        annotations: { summary: rule.summary },
        alerts,
        health: 'ok',
        evaluationTime: 0.0004,
        lastEvaluation,
        type: 'alerting',
      }
    })
    const declared = this.alerts.declared(timeMs)
    return {
      name: 'watchfloor',
      file: 'rules.yml',
      rules: declared.length === 0 ? rules : [...rules, declaredRule(declared, lastEvaluation)],
      interval: 15,
      limit: 0,
      evaluationTime: 0.002,
      lastEvaluation,
    }
  }
}

function declaredRule(alerts: readonly PrometheusAlert[], lastEvaluation: string): Record<string, unknown> {
  return {
    state: 'firing',
    name: 'Declared',
    query: 'declared_by_scenario > 0',
    duration: 0,
    keepFiringFor: 0,
    labels: {},
    annotations: {},
    alerts,
    health: 'ok',
    evaluationTime: 0.0001,
    lastEvaluation,
    type: 'alerting',
  }
}

function pointsOf(value: Value): readonly Pick<Sample, 'name' | 'labels' | 'value'>[] {
  if (value.type === 'vector') return value.samples
  if (value.type === 'scalar') return [{ name: undefined, labels: EMPTY_LABELS, value: value.value }]
  throw new QueryError(
    'bad_data',
    'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  )
}

const EMPTY_LABELS = {}

function success(data: string | Reply): Reply {
  if (typeof data !== 'string') return data
  return { status: 200, type: 'application/json', body: `{"status":"success","data":${data}}` }
}

function parametersOf(request: SimRequest): URLSearchParams {
  if (request.method !== 'POST') return request.query
  const merged = new URLSearchParams(request.body)
  for (const [key, value] of request.query) merged.append(key, value)
  return merged
}

function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name)
  if (value === null || value === '')
    throw badParameter(name, 'unknown position: parse error: no expression found in input')
  return value
}

function timeOf(parameters: URLSearchParams, name: string): number | undefined {
  const value = parameters.get(name)
  if (value === null || value === '') return undefined
  const seconds = Number(value)
  const timeMs = Number.isNaN(seconds) ? Date.parse(value) : Math.round(seconds * 1000)
  if (Number.isNaN(timeMs)) throw badParameter(name, `cannot parse "${value}" to a valid timestamp`)
  return timeMs
}

function requiredTime(parameters: URLSearchParams, name: string): number {
  const timeMs = timeOf(parameters, name)
  if (timeMs === undefined) throw badParameter(name, 'cannot parse "" to a valid timestamp')
  return timeMs
}

function stepOf(written: string): number {
  const seconds = Number(written)
  const stepMs = Number.isNaN(seconds) ? promDurationMs(written) : seconds * 1000
  if (!(stepMs > 0))
    throw badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    )
  return stepMs
}

function badParameter(name: string, reason: string): QueryError {
  return new QueryError('bad_data', `invalid parameter "${name}": ${reason}`)
}
