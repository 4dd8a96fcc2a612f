import { createHmac, randomUUID } from 'node:crypto'
import type { Sender } from '../model'

/** SECRETS are long enough for every sender; put them into WATCHFLOOR_HOOK_SECRETS. */
export const SECRETS: Readonly<Record<Sender, readonly [string, string]>> = {
  alertmanager: [
    'am-token-0123456789012345678901234567890123456789',
    'am-token-second-01234567890123456789012345678901',
  ],
  grafana: ['grafana-secret-01234567890123456789', 'grafana-second-01234567890123456789'],
  pagerduty: ['pagerduty-secret-012345678901234567', 'pagerduty-second-012345678901234567'],
  vast: ['vast-secret-0123456789012345678901234', 'vast-second-0123456789012345678901234'],
  generic: [
    `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
  ],
}

/** hookSecretsEnv is the value of WATCHFLOOR_HOOK_SECRETS with two secrets for each sender. */
export const hookSecretsEnv = JSON.stringify(SECRETS)

/** Signing says with what and when a delivery is signed; `id` is the sender's own id of it. */
export type Signing = {
  readonly sender: Sender
  readonly secret: string
  readonly body: string | Uint8Array
  readonly now: Date
  readonly id?: string
}

/** signatureHeaders makes the headers with which a real sender proves itself. */
export function signatureHeaders(signing: Signing): Record<string, string> {
  const { sender, secret, body, now, id = randomUUID() } = signing
  const seconds = String(Math.floor(now.getTime() / 1_000))
  const mac = (prefix: string, key: string | Uint8Array = secret) =>
    createHmac('sha256', key).update(prefix).update(body)
  switch (sender) {
    case 'alertmanager':
      return { authorization: `Bearer ${secret}` }
    case 'grafana':
      return {
        'x-grafana-alerting-timestamp': seconds,
        'x-grafana-alerting-signature': mac(`${seconds}:`).digest('hex'),
      }
    case 'pagerduty':
      return {
        'x-webhook-id': id,
        'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${mac('').digest('hex')}`,
      }
    case 'vast':
      return {
        'x-vast-event-id': id,
        'x-vast-timestamp': seconds,
        'x-vast-signature-256': `sha256=${mac(`${seconds}.`).digest('hex')}`,
      }
    case 'generic': {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
      return {
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} v1,${mac(`${id}.${seconds}.`, key).digest('base64')}`,
      }
    }
  }
}

/** hookRequest is a delivery as it reaches the route. */
export function hookRequest(
  signing: Signing,
  headers: Readonly<Record<string, string>> = signatureHeaders(signing),
): Request {
  return new Request(`http://127.0.0.1:3000/api/hooks/${signing.sender}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: signing.body as BodyInit,
  })
}

/** Firing is one alert of an Alertmanager delivery. */
export type Firing = {
  readonly status?: 'firing' | 'resolved'
  readonly labels: Readonly<Record<string, string>>
  readonly fingerprint?: string
  readonly startsAt: string
  readonly endsAt?: string
}

/** alertmanagerBody is a version 4 webhook with these alerts. */
export function alertmanagerBody(alerts: readonly Firing[], truncatedAlerts = 0): string {
  return JSON.stringify({
    receiver: 'console',
    status: 'firing',
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://am.example',
    alerts: alerts.map((alert) => ({
      status: 'firing',
      annotations: { summary: `${alert.labels.alertname} fires` },
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example/graph?g0.expr=up',
      ...alert,
    })),
  })
}

/** pagerDutyBody is a v3 webhook event about one incident. */
export function pagerDutyBody(event: {
  readonly type: string
  readonly occurredAt: string
  readonly id?: string
  readonly createdAt?: string
}): string {
  return JSON.stringify({
    event: {
      id: randomUUID(),
      event_type: event.type,
      resource_type: 'incident',
      occurred_at: event.occurredAt,
      agent: null,
      client: null,
      data: {
        id: event.id ?? 'PGR0VU2',
        type: 'incident',
        html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
        number: 2,
        status: event.type.slice('incident.'.length),
        incident_key: 'd3640fbd41094207a1c11e58e46b1662',
        created_at: event.createdAt ?? event.occurredAt,
        title: 'A little bump in the road',
        service: { id: 'PF9KMXH', summary: 'API Service', type: 'service_reference' },
        priority: { id: 'PSO75BM', summary: 'P1', type: 'priority_reference' },
        urgency: 'high',
        resolve_reason: null,
      },
    },
  })
}
