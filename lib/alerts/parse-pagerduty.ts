import { claimedTime } from './claimed-time'
import type { Delivery, ItemResult } from './delivery'
import { levelOf } from './level'
import { isShape, type Shape, textField, webLink } from './text'

const OLD_MS = 24 * 3_600_000
/** Events that carry nothing about whether the incident is open. */
const OF_NO_INTEREST =
  /^(pagey\.ping|service\..+|incident\.(annotated|custom_field_values\.updated|responder\..+|status_update_published|conference_bridge\..+|workflow\..+|role\..+|action_invocation\..+))$/
const OPEN =
  /^incident\.(triggered|acknowledged|unacknowledged|escalated|delegated|reassigned|reopened|priority_updated|incident_type\.changed|service_updated)$/

/** parsePagerDuty reads one event of a v3 webhook: an incident's state, as an episode of that incident. */
export function parsePagerDuty(delivery: Delivery): ItemResult {
  const { body, receivedAt } = delivery
  const event = isShape(body) ? body.event : undefined
  if (!isShape(event)) return { kind: 'fault', reason: 'there is no object `event`' }
  const type = textField(event, 'event_type', 100)
  if (!type) return { kind: 'fault', reason: 'event.event_type is not text' }
  if (OF_NO_INTEREST.test(type)) return { kind: 'ignored' }
  if (!OPEN.test(type) && type !== 'incident.resolved')
    return { kind: 'fault', reason: `the event ${type} is not known` }
  const occurred = claimedTime(event.occurred_at)
  if (!occurred) return { kind: 'fault', reason: 'event.occurred_at is not an instant' }
  if (receivedAt.getTime() - occurred.at.getTime() > OLD_MS)
    return { kind: 'fault', reason: 'the event is older than 24 hours: it may be a replay' }
  const { data } = event
  if (!isShape(data)) return { kind: 'fault', reason: 'there is no object `event.data`' }
  return incident({ delivery, data, occurred, type })
}

function incident(options: {
  readonly delivery: Delivery
  readonly data: Shape
  readonly occurred: { readonly at: Date; readonly raw: string }
  readonly type: string
}): ItemResult {
  const { delivery, data, occurred, type } = options
  const id = textField(data, 'id', 200)
  if (!id) return { kind: 'fault', reason: 'event.data.id is not text' }
  const isOver = type === 'incident.resolved'
  const created = claimedTime(data.created_at)
  // A reopened incident keeps its created_at, and a closed episode never opens again: it is a new one.
  const starts = type === 'incident.reopened' ? occurred : (created ?? occurred)
  const title = textField(data, 'title', 200) || 'PagerDuty incident'
  const severity = priorityOf(data)
  return {
    kind: 'message',
    message: {
      source: 'pagerduty',
      fingerprint: id,
      status: isOver ? 'resolved' : 'firing',
      startsAt: starts.at,
      startsRaw: starts.raw,
      endsAt: isOver ? occurred.at : undefined,
      endsRaw: isOver ? occurred.raw : '',
      name: title,
      severity,
      level: levelOf(severity, delivery.policy.severity),
      labels: labelsOf(data),
      annotations: { summary: title, event: type },
      link: webLink(data.html_url),
      via: 'webhook',
      receivedAt: delivery.receivedAt,
    },
  }
}

function nameIn(data: Shape, key: string): string {
  const value = data[key]
  return isShape(value) ? textField(value, 'summary', 200) || '' : ''
}

function priorityOf(data: Shape): string {
  const priority = nameIn(data, 'priority')
  return (priority || textField(data, 'urgency', 60) || '').slice(0, 60)
}

function labelsOf(data: Shape): Readonly<Record<string, string>> {
  const entries = [
    ['status', textField(data, 'status', 60)],
    ['urgency', textField(data, 'urgency', 60)],
    ['service', nameIn(data, 'service')],
    ['escalation_policy', nameIn(data, 'escalation_policy')],
    ['incident_key', textField(data, 'incident_key', 200)],
    ['number', typeof data.number === 'number' ? String(data.number) : ''],
  ] as const
  return Object.fromEntries(entries.flatMap(([key, value]) => (value ? [[key, value]] : [])))
}
