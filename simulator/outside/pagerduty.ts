import { json, type Reply, type SimRequest } from '../reply'
import { bodyOf, type Outside, objectOf, shortId } from './outside'

const SEVERITIES = ['critical', 'error', 'warning', 'info']
const SUMMARY_MAX = 1_024

/** PagerDuty's Events API v2: alerts are one for each dedup key while they are open. */
export class PagerDuty {
  private readonly open = new Set<string>()

  constructor(private readonly outside: Outside) {}

  handle(request: SimRequest): Reply {
    if (request.method !== 'POST') return json({ status: 'not found' }, 404)
    if (!['/v2/enqueue', '/v2/change/enqueue'].includes(request.path))
      return json({ status: 'not found' }, 404)
    const body = bodyOf(request)
    const key = String(body.routing_key ?? '')
    if (key.length !== 32 || this.outside.isRevoked('pagerduty')) return invalid("'routing_key' is invalid")
    const accept = (): Reply =>
      request.path === '/v2/enqueue'
        ? this.enqueue(body)
        : json({ status: 'success', message: 'Change event processed' }, 202)
    return this.outside.write('pagerduty', accept, invalid)
  }

  private enqueue(body: Record<string, unknown>): Reply {
    const action = String(body.event_action ?? '')
    const dedup = body.dedup_key === undefined ? shortId() : String(body.dedup_key)
    const payload = objectOf(body.payload)
    if (!['trigger', 'acknowledge', 'resolve'].includes(action)) return invalid("'event_action' is invalid")
    if (action === 'trigger') {
      const summary = String(payload.summary ?? '')
      if (summary === '' || summary.length > SUMMARY_MAX) return invalid("'payload.summary' is invalid")
      if (String(payload.source ?? '') === '') return invalid("'payload.source' is missing or blank")
      if (!SEVERITIES.includes(String(payload.severity))) return invalid("'payload.severity' is invalid")
    }
    const isNew = action === 'trigger' && !this.open.has(dedup)
    if (action === 'trigger') this.open.add(dedup)
    if (action === 'resolve') this.open.delete(dedup)
    this.outside.take({
      target: 'pagerduty',
      what: action === 'trigger' ? (isNew ? 'alert' : 'grouped') : action,
      mark: dedup,
      text: String(payload.summary ?? ''),
    })
    return json({ status: 'success', message: 'Event processed', dedup_key: dedup }, 202)
  }
}

function invalid(problem: string): Reply {
  return json({ status: 'invalid event', message: 'Event object is invalid', errors: [problem] }, 400)
}
