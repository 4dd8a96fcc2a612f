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
import type { Channel, Item, Reconciled, Seen, Sent, StatuspagePayload } from './channel'

const LOOK_BACK_MS = 60_000
const KEY = 'watchfloor'

/** StatuspageConfig is one page of Statuspage.io; `map` goes from our component ids to its own; `publicUrl` is what readers open. */
export type StatuspageConfig = {
  readonly apiUrl: string
  readonly pageId: string
  readonly publicUrl?: string
  readonly isNotifying: boolean
  readonly map: Readonly<Record<string, string>>
  readonly apiKey: string
  readonly http: Http
}

/** createStatuspage opens one incident there for each of ours, a scheduled maintenance for planned work, and adds every update to it. */
export function createStatuspage(config: StatuspageConfig): Channel {
  return {
    kind: 'statuspage',
    lane: `statuspage:${sha256Hex(config.apiKey).slice(0, 16)}`,
    spacingMs: 1_000,
    send: (item) => send(config, item),
    reconcile: (item) => reconcile(config, item),
    seen: (item) => seen(config, item),
    test: () => test(config),
  }
}

function call(
  { http, apiUrl, pageId, apiKey }: StatuspageConfig,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<HttpAnswer> {
  return http.request({
    url: joined(apiUrl, `pages/${encodeURIComponent(pageId)}/${path}`),
    method,
    headers: { authorization: `OAuth ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    deadlineMs: method === 'GET' ? LOOK_DEADLINE_MS : SEND_DEADLINE_MS,
    expect: 'json',
  })
}

async function send(config: StatuspageConfig, item: Item): Promise<Sent> {
  const payload = item.payload as StatuspagePayload
  const unknown = payload.components.filter((it) => idOf(config, it) === undefined)
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(', ')
    return {
      kind: 'ask',
      code: 'unmapped-component',
      text: `Nobody has said what ${names} is called on this status page.`,
    }
  }
  const { target } = item
  const body = bodyOf(config, item, payload)
  const answer =
    target === ''
      ? await call(config, 'POST', 'incidents', body)
      : await call(config, 'PATCH', `incidents/${encodeURIComponent(target)}`, body)
  return readSent(answer, item)
}

/** The map names our components by id; where it comes from the environment, by their exact names. */
function idOf(
  { map }: StatuspageConfig,
  { id, name }: StatuspagePayload['components'][number],
): string | undefined {
  return map[id] ?? map[name]
}

function bodyOf(
  config: StatuspageConfig,
  item: Item,
  { name, status, body, impact, components, incident, seq, window }: StatuspagePayload,
): unknown {
  const ids = components.map((it) => idOf(config, it) ?? '')
  const isNew = item.target === ''
  return {
    incident: {
      ...(isNew ? { name, impact_override: impact } : {}),
      ...(isNew && window ? windowOf(window) : {}),
      status,
      body,
      ...(components.length > 0 && isNew ? { component_ids: ids } : {}),
      // States count there at once: work that is only announced changes none.
      ...(components.length > 0 && status !== 'scheduled'
        ? { components: statesOf(config, components) }
        : {}),
      deliver_notifications: config.isNotifying,
      metadata: { [KEY]: { incident_id: incident, delivery_id: item.id, update_seq: seq } },
    },
  }
}

/** We start and end the work; the page doing it by its own clock would tell its subscribers twice. */
function windowOf({
  scheduledFor,
  scheduledUntil,
}: NonNullable<StatuspagePayload['window']>): Readonly<Record<string, unknown>> {
  return {
    scheduled_for: scheduledFor,
    scheduled_until: scheduledUntil,
    scheduled_auto_in_progress: false,
    scheduled_auto_completed: false,
  }
}

function statesOf(
  config: StatuspageConfig,
  components: StatuspagePayload['components'],
): Readonly<Record<string, string>> {
  const known = components.filter(({ state }) => state !== 'unknown')
  return Object.fromEntries(known.map((it) => [idOf(config, it) ?? '', it.state]))
}

function readSent(answer: HttpAnswer, { target }: Item): Sent {
  if (answer.ok) {
    const id = textOf(objectOf(answer.value.json).id)
    return id === ''
      ? { kind: 'unknown', code: 'no-id', text: 'the status page answered without an id' }
      : { kind: 'delivered', remoteId: id }
  }
  const known = sentOf(answer)
  if (known) return known
  const code = `http-${answer.status ?? 0}`
  const text = wordsOf(answer.body) || answer.detail
  switch (answer.status) {
    case 401:
    case 403:
      return { kind: 'down', code, text: `the status page refuses the key: ${text}` }
    case 404:
      if (target !== '')
        return { kind: 'target-lost', code, text: 'the incident is gone from the status page' }
      return { kind: 'down', code, text: `the status page does not know this page id: ${text}` }
    default:
      return { kind: 'refused', code, text: `the status page does not take this: ${text}` }
  }
}

/** The key is `error` or `message`, the value a text or a list of texts. */
function wordsOf(body: string | undefined): string {
  try {
    const json = objectOf(JSON.parse(body ?? ''))
    const word = json.error ?? json.message
    return Array.isArray(word) ? word.map(String).join('; ') : textOf(word)
  } catch {
    return ''
  }
}

async function reconcile(config: StatuspageConfig, item: Item): Promise<Reconciled> {
  const { target } = item
  const answer =
    target === ''
      ? await call(config, 'GET', 'incidents?limit=100&page=1')
      : await call(config, 'GET', `incidents/${encodeURIComponent(target)}`)
  if (!answer.ok) return answer.status === 404 && target !== '' ? { kind: 'absent' } : lookOf(answer)
  const incidents = target === '' ? listOf(answer.value.json) : [objectOf(answer.value.json)]
  const mine = incidents.find((incident) => carries(incident, item))
  return mine ? { kind: 'found', remoteId: textOf(mine.id) } : { kind: 'absent' }
}

/** By our mark; and where somebody overwrote that, by the newest words since then. */
function carries(incident: Readonly<Record<string, unknown>>, item: Item): boolean {
  const mark = objectOf(objectOf(incident.metadata)[KEY])
  if (mark.delivery_id === item.id) return true
  if (mark.incident_id !== (item.payload as StatuspagePayload).incident) return false
  const [newest] = listOf(incident.incident_updates)
  if (!newest) return false
  const at = Date.parse(textOf(newest.created_at))
  return (
    newest.body === (item.payload as StatuspagePayload).body && at >= item.sentAt.getTime() - LOOK_BACK_MS
  )
}

async function seen(config: StatuspageConfig, item: Item & { readonly remoteId: string }): Promise<Seen> {
  const { body, window } = item.payload as StatuspagePayload
  if (config.publicUrl === undefined) {
    const answer = await call(config, 'GET', `incidents/${encodeURIComponent(item.remoteId)}`)
    if (!answer.ok) return { kind: 'not-yet', note: answer.detail }
    return shows(objectOf(answer.value.json), body)
      ? { kind: 'seen', note: 'read back from the page’s own API' }
      : { kind: 'not-yet', note: 'the page does not show it yet' }
  }
  const answer = await config.http.request({
    url: joined(config.publicUrl, `api/v2/${window ? 'scheduled-maintenances' : 'incidents'}.json`),
    deadlineMs: LOOK_DEADLINE_MS,
    expect: 'json',
    redirects: 2,
  })
  if (!answer.ok) return { kind: 'not-yet', note: answer.detail }
  const page = objectOf(answer.value.json)
  const listed = listOf(window ? page.scheduled_maintenances : page.incidents)
  const incident = listed.find(({ id }) => id === item.remoteId)
  return incident && shows(incident, body)
    ? { kind: 'seen', note: 'read back from the public page' }
    : { kind: 'not-yet', note: 'the public page does not show it yet' }
}

function shows(incident: Readonly<Record<string, unknown>>, body: string): boolean {
  return listOf(incident.incident_updates).some((update) => textOf(update.body).trim() === body.trim())
}

async function test(config: StatuspageConfig): ReturnType<Channel['test']> {
  const answer = await call(config, 'GET', 'components?page=1&per_page=100')
  if (!answer.ok)
    return {
      ok: false,
      sentence: answer.detail,
      repair: 'Look at the key, and at the page id in its address.',
    }
  const known = new Set(listOf(answer.value.json).map(({ id }) => textOf(id)))
  const lost = Object.entries(config.map).filter(([, id]) => !known.has(id))
  if (lost.length > 0)
    return {
      ok: false,
      sentence: `The page has no component ${lost.map(([, id]) => id).join(', ')}.`,
      repair: 'Correct the list of components below.',
    }
  return {
    ok: true,
    sentence: `The page answers with ${known.size} components; nothing was posted, because that would tell its subscribers.`,
  }
}
