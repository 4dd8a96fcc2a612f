import { evaluate } from '../promql/evaluate'
import { parseQuery } from '../promql/parse'
import type { Expression, Sample } from '../promql/types'
import type { Storage } from '../series/storage'
import { HISTORY_FROM_MS } from '../world/piecewise'
import type { World } from '../world/world'

export type PrometheusAlert = {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: 'firing' | 'pending'
  readonly activeAt: string
  readonly value: string
}

export type AlertRule = {
  readonly name: string
  readonly query: string
  readonly forSeconds: number
  readonly severity: string
  readonly summary: string
  readonly expression: Expression
}

const EVALUATION_MS = 15_000
const STRIDE_MS = 300_000
const KEPT_EVALUATIONS = 20_000

function rule(parts: Omit<AlertRule, 'expression'>): AlertRule {
  return { ...parts, expression: parseQuery(parts.query) }
}

export const ALERT_RULES: readonly AlertRule[] = [
  rule({
    name: 'Watchdog',
    query: 'vector(1)',
    forSeconds: 0,
    severity: 'none',
    summary: 'Fires always: its absence means that alerting does not work',
  }),
  rule({
    name: 'TargetDown',
    query: 'up{job="integration"} == 0',
    forSeconds: 30,
    severity: 'critical',
    summary: 'The integration is not scraped',
  }),
  rule({
    name: 'GpuXidErrors',
    query: 'DCGM_FI_DEV_XID_ERRORS > 0',
    forSeconds: 0,
    severity: 'warning',
    summary: 'A GPU reports an XID',
  }),
  rule({
    name: 'GpuHot',
    query: 'DCGM_FI_DEV_GPU_TEMP > 85',
    forSeconds: 60,
    severity: 'warning',
    summary: 'A GPU is hot',
  }),
  rule({
    name: 'VastaiServerErrors',
    query: 'sum(rate(vastai_errors_total{status=~"5.."}[1m])) * 60 > 10',
    forSeconds: 0,
    severity: 'critical',
    summary: 'More than 10 server errors of the provider per minute',
  }),
  rule({
    name: 'VastaiAuthFailures',
    query: 'sum(increase(vastai_errors_total{status=~"401|403"}[2m])) > 0',
    forSeconds: 0,
    severity: 'critical',
    summary: 'The provider refuses our credential',
  }),
  rule({
    name: 'VastaiRateLimited',
    query: 'sum(rate(vastai_errors_total{status="429"}[1m])) * 60 > 5',
    forSeconds: 0,
    severity: 'warning',
    summary: 'More than 5 rate-limited calls per minute',
  }),
  rule({
    name: 'VastaiHighLatency',
    query: 'histogram_quantile(0.99, sum by (le) (rate(vastai_request_duration_seconds_bucket[5m]))) > 5',
    forSeconds: 0,
    severity: 'warning',
    summary: 'The slowest hundredth of calls takes more than 5 s',
  }),
]

/** Evaluates the rules at whole evaluation instants; when an alert began is found by looking back. */
export class AlertEvaluator {
  private readonly kept = new Map<string, ReadonlyMap<string, Sample>>()
  private version = -1

  constructor(
    private readonly world: World,
    private readonly storage: Storage,
  ) {}

  lastEvaluationMs(timeMs: number): number {
    return Math.floor(timeMs / EVALUATION_MS) * EVALUATION_MS
  }

  alertsOf(alertRule: AlertRule, timeMs: number): readonly PrometheusAlert[] {
    const evaluatedMs = this.lastEvaluationMs(timeMs)
    const now = this.results(alertRule, evaluatedMs)
    return [...now].map(([key, sample]) => {
      const sinceMs = this.beginning(alertRule, key, evaluatedMs)
      return {
        labels: { ...sample.labels, alertname: alertRule.name, severity: alertRule.severity },
        annotations: { summary: alertRule.summary },
        state: evaluatedMs - sinceMs >= alertRule.forSeconds * 1000 ? 'firing' : 'pending',
        activeAt: new Date(sinceMs).toISOString(),
        value: goExponent(sample.value),
      }
    })
  }

  /** Alerts that the scenario declares, whatever the series say. */
  declared(timeMs: number): readonly PrometheusAlert[] {
    const { startMs, effects } = this.world
    return effects.active('alert', timeMs - startMs).flatMap((effect) => {
      const { name, severity, labels, summary, count } = effect.event
      return Array.from(
        { length: count },
        (_, index): PrometheusAlert => ({
          labels: {
            alertname: name,
            severity,
            job: 'declared',
            ...labels,
            ...(count === 1 ? {} : { item: String(index + 1) }),
          },
          annotations: { summary: summary ?? name },
          state: 'firing',
          activeAt: new Date(startMs + effect.fromMs).toISOString(),
          value: '1e+00',
        }),
      )
    })
  }

  /** First evaluation of the present run of truth: found in wide strides, then narrowed; a day back at most. */
  private beginning(alertRule: AlertRule, key: string, evaluatedMs: number): number {
    const firstMs = this.lastEvaluationMs(this.world.startMs + HISTORY_FROM_MS) + EVALUATION_MS
    const holds = (timeMs: number): boolean => timeMs >= firstMs && this.results(alertRule, timeMs).has(key)
    let sinceMs = evaluatedMs
    while (sinceMs % STRIDE_MS !== 0 && holds(sinceMs - EVALUATION_MS)) sinceMs -= EVALUATION_MS
    if (sinceMs % STRIDE_MS !== 0) return sinceMs
    while (holds(sinceMs - STRIDE_MS)) sinceMs -= STRIDE_MS
    while (holds(sinceMs - EVALUATION_MS)) sinceMs -= EVALUATION_MS
    return sinceMs
  }

  private results(alertRule: AlertRule, timeMs: number): ReadonlyMap<string, Sample> {
    if (this.version !== this.world.effects.version) {
      this.kept.clear()
      this.version = this.world.effects.version
    }
    const cacheKey = `${alertRule.name} ${timeMs}`
    const known = this.kept.get(cacheKey)
    if (known !== undefined) return known
    const value = evaluate(alertRule.expression, { storage: this.storage, timeMs })
    const samples = value.type === 'vector' ? value.samples : []
    const results = new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample]))
    if (this.kept.size > KEPT_EVALUATIONS) this.kept.clear()
    this.kept.set(cacheKey, results)
    return results
  }
}

function goExponent(value: number): string {
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}
