import { claimedTime, endTime } from './claimed-time'
import type { Delivery, ItemResult } from './delivery'
import { fingerprintOf } from './fingerprint'
import { levelOf } from './level'
import { isShape, textField, textMap, webLink } from './text'

const STATUS = { 'alert.firing': 'firing', 'alert.resolved': 'resolved' } as const

/**
 * parseGeneric reads a Standard Webhooks payload: `type` alert.firing or alert.resolved, and `data` with `name`,
 * `startsAt` and, as far as the sender knows them, id, severity, summary, labels, endsAt and url.
 */
export function parseGeneric(delivery: Delivery): ItemResult {
  const { body, receivedAt, policy } = delivery
  if (!isShape(body)) return { kind: 'fault', reason: 'the body is not an object' }
  const { type } = body
  if (type !== 'alert.firing' && type !== 'alert.resolved')
    return { kind: 'fault', reason: 'its type is neither alert.firing nor alert.resolved' }
  const { data } = body
  if (!isShape(data)) return { kind: 'fault', reason: 'there is no object `data`' }
  const name = textField(data, 'name', 200)
  if (!name) return { kind: 'fault', reason: 'data.name is not text' }
  const labels = textMap(data.labels)
  if (!labels.ok) return { kind: 'fault', reason: `data.labels: ${labels.at} is not text` }
  const id = textField(data, 'id', 201)
  if (id === undefined || id.length > 200)
    return { kind: 'fault', reason: 'data.id is not a text of at most 200 characters' }
  const starts = claimedTime(data.startsAt)
  if (!starts) return { kind: 'fault', reason: 'data.startsAt is not an instant' }
  const status = STATUS[type]
  const ends = status === 'resolved' ? endTime(data.endsAt) : undefined
  const severity = textField(data, 'severity', 60) || labels.map.severity || ''
  const summary = textField(data, 'summary') || ''
  return {
    kind: 'message',
    message: {
      source: 'generic',
      fingerprint: id || fingerprintOf({ ...labels.map, alertname: name }),
      status,
      startsAt: starts.at,
      startsRaw: starts.raw,
      endsAt: ends?.at,
      endsRaw: ends?.raw ?? '',
      name,
      severity,
      level: levelOf(severity, policy.severity),
      labels: labels.map,
      annotations: summary === '' ? {} : { summary },
      link: webLink(data.url),
      via: 'webhook',
      receivedAt,
    },
  }
}
