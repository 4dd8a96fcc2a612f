import type { Clock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import type { Http, HttpAnswer } from '../platform/http-types'
import { objectOf, SEND_DEADLINE_MS, sentOf, textOf } from './answers'
import type { Channel, PagerDutyPayload, Sent } from './channel'

/** PagerDutyConfig is one integration of Events API v2; `url` ends in /v2/enqueue. */
export type PagerDutyConfig = {
  readonly url: string
  readonly routingKey: string
  readonly http: Http
  readonly clock: Clock
}

/** createPagerDuty sends events; the dedup key makes a repeat harmless. */
export function createPagerDuty({ url, routingKey, http, clock }: PagerDutyConfig): Channel {
  const post = (to: string, body: Readonly<Record<string, unknown>>): Promise<HttpAnswer> =>
    http.request({
      url: to,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ routing_key: routingKey, ...body }),
      deadlineMs: SEND_DEADLINE_MS,
      expect: 'json',
    })
  return {
    kind: 'pagerduty',
    lane: `pagerduty:${sha256Hex(routingKey).slice(0, 16)}`,
    spacingMs: 100,
    send: async ({ payload }) => {
      const event = payload as PagerDutyPayload
      return readSent(await post(url, event), event.dedup_key)
    },
    reconcile: async () => ({ kind: 'repeat' }),
    seen: async () => ({
      kind: 'cannot-look',
      note: 'PagerDuty accepted it; an event can’t be read back with a routing key',
    }),
    test: async () => {
      // A change event shows in the service and wakes nobody.
      const sent = readSent(
        await post(url.replace(/\/enqueue\/?$/, '/change/enqueue'), {
          payload: {
            summary: 'Test from Watchfloor: this integration is connected',
            source: 'watchfloor',
            timestamp: clock.now().toISOString(),
          },
        }),
        'test',
      )
      return sent.kind === 'delivered'
        ? { ok: true, sentence: 'PagerDuty took a change event, which wakes nobody.' }
        : { ok: false, sentence: sent.text, repair: 'Look at the routing key of the service’s integration.' }
    },
  }
}

function readSent(answer: HttpAnswer, dedupKey: string): Sent {
  if (answer.ok) {
    const given = textOf(objectOf(answer.value.json).dedup_key)
    return { kind: 'delivered', remoteId: given === '' ? dedupKey : given }
  }
  const known = sentOf(answer)
  if (known) return known
  const problem = { code: `http-${answer.status ?? 0}`, text: answer.detail }
  const isKey = /routing[_ ]key/i.test(answer.body ?? '') || [401, 403, 404].includes(answer.status ?? 0)
  return isKey ? { kind: 'down', ...problem } : { kind: 'refused', ...problem }
}
