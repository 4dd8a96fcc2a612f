import { sha256Hex } from '../platform/crypto'
import type { Http, HttpAnswer } from '../platform/http-types'
import { SEND_DEADLINE_MS, sentOf } from './answers'
import type { Channel, Sent, SlackPayload } from './channel'

/** SlackWebhookConfig holds the address, which is itself the secret. */
export type SlackWebhookConfig = { readonly url: string; readonly http: Http }

/** createSlackWebhook posts to an incoming webhook: no id comes back, so nothing can be edited, answered or found again. */
export function createSlackWebhook({ url, http }: SlackWebhookConfig): Channel {
  const post = (body: Readonly<Record<string, unknown>>): Promise<HttpAnswer> =>
    http.request({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      deadlineMs: SEND_DEADLINE_MS,
      expect: 'text',
    })
  return {
    kind: 'slack-webhook',
    lane: `slack-webhook:${sha256Hex(url).slice(0, 16)}`,
    spacingMs: 1_000,
    send: async ({ payload }) => {
      const { text, attachments } = payload as SlackPayload
      return readSent(await post({ text, attachments }))
    },
    reconcile: async () => ({
      kind: 'cannot-tell',
      code: 'may-have-been-sent',
      text: 'It may have been sent: Slack did not confirm, and a webhook address can’t be read. Look in the channel.',
    }),
    seen: async () => ({ kind: 'cannot-look', note: 'a webhook address can’t be read back' }),
    test: async () => {
      const sent = readSent(
        await post({ text: 'Test from Watchfloor: this address is connected. Nothing is wrong.' }),
      )
      return sent.kind === 'delivered'
        ? { ok: true, sentence: 'Slack took a test message.' }
        : { ok: false, sentence: sent.text, repair: 'Make the webhook anew in Slack and put in its address.' }
    },
  }
}

const GONE = [
  'action_prohibited',
  'invalid_token',
  'channel_not_found',
  'no_service',
  'no_service_id',
  'no_team',
  'no_active_hooks',
  'channel_is_archived',
  'team_disabled',
  'posting_to_general_channel_denied',
]

/** The word in the body counts; its HTTP status is a second guess. */
function readSent(answer: HttpAnswer): Sent {
  if (answer.ok) {
    const word = answer.value.text.trim()
    if (word === 'ok') return { kind: 'delivered', remoteId: '' }
    return { kind: 'unknown', code: 'no-ok', text: `Slack answered “${word.slice(0, 100)}” instead of ok` }
  }
  const known = sentOf(answer)
  if (known) return known
  const word = (answer.body ?? '').trim()
  const problem = {
    code: word === '' ? `http-${answer.status ?? 0}` : word.slice(0, 60),
    text: answer.detail,
  }
  const isGone = GONE.includes(word) || [401, 403, 404, 410].includes(answer.status ?? 0)
  return isGone ? { kind: 'down', ...problem } : { kind: 'refused', ...problem }
}
