import { claimedTime, endTime } from './claimed-time'
import type { Delivery, ItemResult } from './delivery'
import { fingerprintOf } from './fingerprint'
import { levelOf } from './level'
import type { AlertMessage, AlertSource, Parsed, ParseFault } from './model'
import { isShape, textField, textMap, webLink } from './text'

const MAX_ALERTS = 10_000
const MAX_FINGERPRINT = 200

/** parseAlertList reads the webhook shape that Alertmanager (v4) and Grafana share: a list of alerts with labels. */
export function parseAlertList(delivery: Delivery, source: AlertSource): Parsed {
  const { body, only } = delivery
  if (!isShape(body)) return whole('the body is not an object')
  if (!Array.isArray(body.alerts)) return whole('there is no list `alerts`')
  if (source === 'alertmanager' && body.version !== '4') return whole('this is not version 4 of the webhook')
  if (body.alerts.length > MAX_ALERTS) return whole(`more than ${MAX_ALERTS} alerts in one delivery`)
  const messages: AlertMessage[] = []
  const faults: ParseFault[] = []
  for (const [position, item] of body.alerts.entries()) {
    if (only !== undefined && only >= 0 && only !== position) continue
    const result = parseSafely(item, delivery, source)
    if (result.kind === 'message') messages.push(result.message)
    if (result.kind === 'fault') faults.push({ position, reason: result.reason })
  }
  const left = body.truncatedAlerts
  const truncated = typeof left === 'number' && left > 0 && Number.isFinite(left) ? Math.floor(left) : 0
  return { messages, faults, truncated: Math.min(truncated, 1_000_000) }
}

function whole(reason: string): Parsed {
  return { messages: [], faults: [{ position: -1, reason }], truncated: 0 }
}

function parseSafely(item: unknown, delivery: Delivery, source: AlertSource): ItemResult {
  try {
    return parseAlert(item, delivery, source)
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : 'failed'
    return { kind: 'fault', reason: `the parser failed: ${reason}` }
  }
}

function fault(reason: string): ItemResult {
  return { kind: 'fault', reason }
}

function parseAlert(item: unknown, delivery: Delivery, source: AlertSource): ItemResult {
  if (!isShape(item)) return fault('the alert is not an object')
  const { status } = item
  if (status !== 'firing' && status !== 'resolved') return fault('its status is neither firing nor resolved')
  const labels = textMap(item.labels)
  if (!labels.ok) return fault(`labels: ${labels.at} is not text`)
  const annotations = textMap(item.annotations)
  if (!annotations.ok) return fault(`annotations: ${annotations.at} is not text`)
  const starts = claimedTime(item.startsAt)
  if (!starts) return fault('startsAt is not an instant')
  const given = textField(item, 'fingerprint', MAX_FINGERPRINT + 1)
  if (given === undefined || given.length > MAX_FINGERPRINT)
    return fault(`fingerprint is not a text of at most ${MAX_FINGERPRINT} characters`)
  if (given === '' && Object.keys(labels.map).length === 0)
    return fault('it has neither fingerprint nor labels')
  const ends = status === 'resolved' ? endTime(item.endsAt) : undefined
  const severity = (labels.map.severity ?? '').slice(0, 60)
  return {
    kind: 'message',
    message: {
      source,
      fingerprint: given === '' ? fingerprintOf(labels.map) : given,
      status,
      startsAt: starts.at,
      startsRaw: starts.raw,
      endsAt: ends?.at,
      endsRaw: ends?.raw ?? '',
      name: (labels.map.alertname || 'alert without a name').slice(0, 200),
      severity,
      level: levelOf(severity, delivery.policy.severity),
      labels: labels.map,
      annotations: annotations.map,
      link: webLink(item.generatorURL),
      via: 'webhook',
      receivedAt: delivery.receivedAt,
    },
  }
}
