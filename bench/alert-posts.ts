import { randomBytes } from 'node:crypto'
import { fingerprintOf } from '../lib/alerts/fingerprint'

/** BenchAlert is one alert as a sender knows it. */
export type BenchAlert = {
  readonly labels: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly fingerprint: string
}

/** HOOK_TOKEN is what the bench's Alertmanager proves itself with. */
export const HOOK_TOKEN = `am-${randomBytes(24).toString('hex')}`

/** HOOK_ENVIRONMENT lets deliveries with `HOOK_TOKEN` in. */
export const HOOK_ENVIRONMENT = {
  WATCHFLOOR_HOOK_SECRETS: JSON.stringify({ alertmanager: [HOOK_TOKEN] }),
}

/** HOOK_HEADERS are the headers of a delivery. */
export const HOOK_HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'Alertmanager/0.25.0',
  authorization: `Bearer ${HOOK_TOKEN}`,
}

/** benchAlert makes the alert of a number: `rules` different rules, one instance and GPU each. */
export function benchAlert(
  number: number,
  options: { readonly rules: number; readonly startMs: number },
): BenchAlert {
  const labels = {
    alertname: `Rule${String(number % options.rules).padStart(3, '0')}`,
    cluster: 'rented',
    gpu: String(number % 8),
    instance: `10.1.${(number >> 8) % 256}.${number % 256}:9400`,
    job: 'dcgm-exporter',
    number: String(number),
    severity: number % 7 === 0 ? 'critical' : 'warning',
  }
  return {
    labels,
    startsAt: new Date(options.startMs + number).toISOString(),
    fingerprint: fingerprintOf(labels),
  }
}

function annotationsOf({ labels }: BenchAlert): Readonly<Record<string, string>> {
  return {
    summary: `GPU ${labels.gpu} of ${labels.instance} is out of bounds`,
    description: `The value of ${labels.alertname} has been above its threshold for five minutes on ${labels.instance}.`,
    runbook_url: `https://runbooks.example/${labels.alertname}`,
  }
}

function linkOf({ labels }: BenchAlert): string {
  return `http://prometheus.example:9090/graph?g0.expr=${labels.alertname}&g0.tab=1`
}

/** webhookBody is a delivery as Alertmanager posts it (version 4 of the webhook). */
export function webhookBody(
  alerts: readonly {
    readonly alert: BenchAlert
    readonly status: 'firing' | 'resolved'
    readonly endsAt?: string
  }[],
): string {
  const [first] = alerts
  const name = first?.alert.labels.alertname ?? ''
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{alertname="${name}"}`,
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'watchfloor',
    groupLabels: { alertname: name },
    commonLabels: { alertname: name, cluster: 'rented', job: 'dcgm-exporter' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: alerts.map(({ alert, status, endsAt }) => ({
      status,
      labels: alert.labels,
      annotations: annotationsOf(alert),
      startsAt: alert.startsAt,
      endsAt: endsAt ?? '0001-01-01T00:00:00Z',
      generatorURL: linkOf(alert),
      fingerprint: alert.fingerprint,
    })),
  })
}

/** apiBody is the same alerts as Prometheus posts them to Alertmanager's API v2. */
export function apiBody(alerts: readonly BenchAlert[]): string {
  return JSON.stringify(
    alerts.map((alert) => ({
      labels: alert.labels,
      annotations: annotationsOf(alert),
      startsAt: alert.startsAt,
      generatorURL: linkOf(alert),
    })),
  )
}
