import { createHmac } from 'node:crypto'
import type { Clock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import type { Http, HttpAnswer } from '../platform/http-types'
import { SEND_DEADLINE_MS, sentOf } from './answers'
import type { Channel, Sent, WebhookPayload } from './channel'

/** WebhookConfig is a receiver and the key that signs for it: `whsec_` and base64, or any text of its own. */
export type WebhookConfig = {
  readonly url: string
  readonly secret: string
  readonly http: Http
  readonly clock: Clock
}

/** createWebhook posts events signed as Standard Webhooks; the receiver tells repeats by the webhook-id. */
export function createWebhook({ url, secret, http, clock }: WebhookConfig): Channel {
  const post = (id: string, body: WebhookPayload, at: Date): Promise<HttpAnswer> => {
    const text = JSON.stringify(body)
    const seconds = String(Math.floor(at.getTime() / 1_000))
    return http.request({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': signatureOf({ secret, id, seconds, text }),
      },
      body: text,
      deadlineMs: SEND_DEADLINE_MS,
      maxBytes: 65_536,
      cutAtMax: true,
      expect: 'text',
    })
  }
  return {
    kind: 'webhook',
    lane: `webhook:${sha256Hex(url).slice(0, 16)}`,
    spacingMs: 100,
    send: async ({ id, payload, sentAt }) => readSent(await post(id, payload as WebhookPayload, sentAt), id),
    reconcile: async () => ({ kind: 'repeat' }),
    seen: async () => ({
      kind: 'cannot-look',
      note: 'the receiver said that it has it; what it shows can’t be read',
    }),
    test: async () => {
      const now = clock.now()
      const id = `test-${now.getTime()}`
      const data = { text: 'Test from Watchfloor: this address is connected.' }
      const sent = readSent(
        await post(id, { type: 'watchfloor.test', timestamp: now.toISOString(), data }, now),
        id,
      )
      return sent.kind === 'delivered'
        ? { ok: true, sentence: 'The receiver took a signed test event.' }
        : { ok: false, sentence: sent.text, repair: 'Look at the address and at what the receiver logged.' }
    },
  }
}

/** signatureOf is the header webhook-signature: v1 and the base64 of HMAC-SHA256 over id, time in seconds and body. */
export function signatureOf(input: {
  readonly secret: string
  readonly id: string
  readonly seconds: string
  readonly text: string
}): string {
  const { secret, id, seconds, text } = input
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${text}`).digest('base64')}`
}

function readSent(answer: HttpAnswer, id: string): Sent {
  if (answer.ok) return { kind: 'delivered', remoteId: id }
  const known = sentOf(answer)
  if (known) return known
  const status = answer.status ?? 0
  const problem = { code: `http-${status}`, text: answer.detail }
  const isGone = [401, 403, 404, 410].includes(status) || status < 400
  return isGone ? { kind: 'down', ...problem } : { kind: 'refused', ...problem }
}
