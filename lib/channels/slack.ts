import type { Clock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import type { Http, HttpAnswer } from '../platform/http-types'
import {
  joined,
  LOOK_DEADLINE_MS,
  listOf,
  lookOf,
  objectOf,
  SEND_DEADLINE_MS,
  sentOf,
  textOf,
} from './answers'
import type { Channel, Item, Reconciled, Seen, Sent, SlackPayload } from './channel'
import { repairOf, slackClass } from './slack-errors'

const LOOK_BACK_S = 60
const PAGES = 5
const EVENT = 'watchfloor_update'

/** SlackConfig is a bot's way into one channel (its id, not its name); the token needs chat:write and channels:history. */
export type SlackConfig = {
  readonly apiUrl: string
  readonly channel: string
  readonly token: string
  readonly http: Http
  readonly clock: Clock
}

/** createSlack posts one card an incident, keeps it up to date, and answers in its thread. */
export function createSlack(config: SlackConfig): Channel {
  return {
    kind: 'slack-bot',
    lane: `slack:${sha256Hex(config.token).slice(0, 16)}`,
    spacingMs: 1_000,
    send: (item) => send(config, item),
    reconcile: (item) => reconcile(config, item),
    seen: (item) => seen(config, item),
    test: () => test(config),
  }
}

async function call(
  { http, apiUrl, token }: SlackConfig,
  method: string,
  body: Readonly<Record<string, unknown>>,
): Promise<HttpAnswer> {
  return http.request({
    url: joined(apiUrl, method),
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    deadlineMs: SEND_DEADLINE_MS,
    expect: 'json',
  })
}

/** Methods that read take their arguments in the address only. */
async function look(
  { http, apiUrl, token }: SlackConfig,
  method: string,
  query: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  return http.request({
    url: `${joined(apiUrl, method)}?${new URLSearchParams(query)}`,
    headers: { authorization: `Bearer ${token}` },
    deadlineMs: LOOK_DEADLINE_MS,
    expect: 'json',
  })
}

async function send(config: SlackConfig, item: Item): Promise<Sent> {
  const payload = item.payload as SlackPayload
  const isEdit = item.step === 'card' && item.target !== ''
  const method = isEdit ? 'chat.update' : 'chat.postMessage'
  const body = bodyOf(config, item, payload)
  const sent = readSent(await call(config, method, body), item)
  if (sent !== 'malformed') return sent
  // Slack took nothing of it: the same words without blocks are better than none.
  const plain = readSent(await call(config, method, { ...body, attachments: [] }), item)
  if (plain !== 'malformed') return plain
  return { kind: 'refused', code: 'invalid_blocks', text: 'Slack takes this message not even as plain text' }
}

function bodyOf(
  { channel }: SlackConfig,
  item: Item,
  { text, attachments, isBroadcast, incident, seq }: SlackPayload,
): Readonly<Record<string, unknown>> {
  const isEdit = item.step === 'card' && item.target !== ''
  const isReply = item.step === 'post' && item.target !== ''
  return {
    channel,
    text,
    attachments,
    unfurl_links: false,
    unfurl_media: false,
    metadata: {
      event_type: EVENT,
      event_payload: { delivery_id: item.id, incident_id: incident, update_seq: seq },
    },
    ...(isEdit ? { ts: item.target } : {}),
    ...(isReply ? { thread_ts: item.target, reply_broadcast: isBroadcast } : {}),
  }
}

function readSent(answer: HttpAnswer, item: Item): Sent | 'malformed' {
  if (!answer.ok)
    return sentOf(answer) ?? { kind: 'refused', code: `http-${answer.status ?? 0}`, text: answer.detail }
  const json = objectOf(answer.value.json)
  if (json.ok === true) {
    const ts = textOf(json.ts)
    return ts === ''
      ? { kind: 'unknown', code: 'no-ts', text: 'Slack said ok and gave no ts' }
      : { kind: 'delivered', remoteId: ts }
  }
  const code = textOf(json.error) || 'no-word'
  const problem = { code, text: `Slack answered ${code}` }
  switch (slackClass(code)) {
    case 'rate':
      return { kind: 'not-accepted', afterMs: retryAfterOf(answer.value.headers), isLane: true, ...problem }
    case 'ambiguous':
      return { kind: 'unknown', ...problem }
    case 'token':
    case 'channel':
      return { kind: 'down', code, text: `Slack answered ${code}: ${repairOf(code)}` }
    case 'malformed':
      return 'malformed'
    case 'target':
      return item.target === '' ? { kind: 'refused', ...problem } : { kind: 'target-lost', ...problem }
    case 'other':
      return { kind: 'refused', ...problem }
  }
}

function retryAfterOf(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined
}

type Found = { readonly ts: string; readonly deliveryId: string }

async function messages(
  config: SlackConfig,
  target: string,
  oldest: Date,
): Promise<readonly Found[] | Exclude<Reconciled, { kind: 'found' | 'absent' | 'repeat' }>> {
  const found: Found[] = []
  let cursor = ''
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await look(config, target === '' ? 'conversations.history' : 'conversations.replies', {
      channel: config.channel,
      oldest: String(oldest.getTime() / 1_000 - LOOK_BACK_S),
      include_all_metadata: 'true',
      limit: '200',
      ...(target === '' ? {} : { ts: target }),
      ...(cursor === '' ? {} : { cursor }),
    })
    if (!answer.ok) return lookOf(answer) as Exclude<Reconciled, { kind: 'found' | 'absent' | 'repeat' }>
    const json = objectOf(answer.value.json)
    if (json.ok !== true) return lookProblem(textOf(json.error), answer.value.headers)
    for (const message of listOf(json.messages)) {
      const payload = objectOf(objectOf(message.metadata).event_payload)
      found.push({ ts: textOf(message.ts), deliveryId: textOf(payload.delivery_id) })
    }
    cursor = textOf(objectOf(json.response_metadata).next_cursor)
    if (cursor === '') break
  }
  return found
}

function lookProblem(
  code: string,
  headers: Readonly<Record<string, string>>,
): Exclude<Reconciled, { kind: 'found' | 'absent' | 'repeat' }> {
  const problem = { code, text: `Slack answered ${code} to a look` }
  if (code === 'missing_scope')
    return { kind: 'cannot-tell', code, text: 'the bot may not read the channel: give it channels:history' }
  const known = slackClass(code)
  if (known === 'token' || known === 'channel')
    return { kind: 'down', code, text: `${problem.text}: ${repairOf(code)}` }
  return { kind: 'not-now', afterMs: retryAfterOf(headers), ...problem }
}

async function reconcile(config: SlackConfig, item: Item): Promise<Reconciled> {
  if (item.step === 'card' && item.target !== '') return { kind: 'repeat' }
  const found = await messages(config, item.target, item.sentAt)
  if ('kind' in found) return found.code === 'thread_not_found' ? { kind: 'absent' } : found
  const mine = found.find((message) => message.deliveryId === item.id)
  return mine ? { kind: 'found', remoteId: mine.ts } : { kind: 'absent' }
}

async function seen(config: SlackConfig, item: Item & { readonly remoteId: string }): Promise<Seen> {
  const at = Number(item.remoteId)
  const since = Number.isFinite(at) ? new Date(at * 1_000) : item.sentAt
  const found = await messages(config, item.step === 'card' ? '' : item.target, since)
  if ('kind' in found) return { kind: 'not-yet', note: found.text }
  const mine = found.find((message) => message.ts === item.remoteId)
  if (!mine) return { kind: 'not-yet', note: 'it is not in the channel yet' }
  return {
    kind: 'seen',
    note: mine.deliveryId === item.id ? 'read back from the channel' : 'the card shows a newer update',
  }
}

async function test(config: SlackConfig): ReturnType<Channel['test']> {
  const answer = await call(config, 'chat.postMessage', {
    channel: config.channel,
    text: 'Test from Watchfloor: this channel is connected. Nothing is wrong.',
  })
  if (!answer.ok) return { ok: false, sentence: answer.detail }
  const json = objectOf(answer.value.json)
  if (json.ok === true)
    return { ok: true, sentence: `Slack took a test message (${answer.latencyMs.toFixed(0)} ms).` }
  const code = textOf(json.error)
  return { ok: false, sentence: `Slack answered ${code}.`, repair: repairOf(code) }
}
