import { json, type Reply, type SimRequest, text } from '../reply'
import { bodyOf, type Outside, objectOf } from './outside'

type Message = {
  ts: string
  thread_ts?: string
  text: string
  attachments: unknown
  metadata: Record<string, unknown>
  edits: number
  isBroadcast: boolean
}

const TOKEN = /^Bearer xoxb-/
const CHANNEL = /^[CG][A-Z0-9]{2,}$/
const BLOCKS_MAX = 13_200

/** The part of Slack's Web API that a console speaks, and its incoming webhooks. */
export class Slack {
  private readonly channels = new Map<string, Message[]>()
  private readonly triggers = new Set<string>()
  private lastMs = 0
  private count = 0

  constructor(private readonly outside: Outside) {}

  handle(request: SimRequest): Reply {
    if (request.path.startsWith('/services/')) return this.hook(request)
    const method = request.path.replace(/^\/api\//, '')
    if (!TOKEN.test(request.headers.authorization ?? '')) return no('not_authed')
    if (this.outside.isRevoked('slack')) return no('token_revoked')
    switch (method) {
      case 'auth.test':
        return json({
          ok: true,
          url: 'https://northlight.slack.example/',
          team: 'Northlight',
          team_id: teamOf(request),
          user: 'watchfloor',
        })
      case 'chat.postMessage':
        return this.outside.write('slack', () => this.post(bodyOf(request)), no)
      case 'chat.update':
        return this.outside.write('slack', () => this.update(bodyOf(request)), no)
      case 'views.open':
        return this.outside.write('slack', () => this.open(bodyOf(request), teamOf(request)), no)
      case 'conversations.history':
        return this.history(request.query)
      case 'conversations.replies':
        return this.history(request.query, request.query.get('ts') ?? '')
      default:
        return no('unknown_method')
    }
  }

  private post(body: Record<string, unknown>): Reply {
    const problem = problemOf(body)
    if (problem !== undefined) return no(problem)
    const channel = String(body.channel)
    const ts = this.nextTs()
    const metadata = objectOf(body.metadata)
    const message: Message = {
      ts,
      ...(typeof body.thread_ts === 'string' ? { thread_ts: body.thread_ts } : {}),
      text: String(body.text ?? ''),
      attachments: body.attachments ?? [],
      metadata,
      edits: 0,
      isBroadcast: body.reply_broadcast === true,
    }
    const list = this.channels.get(channel) ?? []
    this.channels.set(channel, [...list, message])
    this.note('chat.postMessage', metadata, message.text)
    return json({ ok: true, channel, ts, message: { type: 'message', text: message.text, ts } })
  }

  private update(body: Record<string, unknown>): Reply {
    const problem = problemOf(body)
    if (problem !== undefined) return no(problem)
    const channel = String(body.channel)
    const message = this.channels.get(channel)?.find(({ ts }) => ts === body.ts)
    if (message === undefined) return no('message_not_found')
    message.text = String(body.text ?? '')
    message.attachments = body.attachments ?? []
    message.metadata = objectOf(body.metadata)
    message.edits += 1
    this.note('chat.update', message.metadata, message.text)
    return json({ ok: true, channel, ts: message.ts, text: message.text })
  }

  /** A trigger opens one form, and only one, by a bot of the workspace that it came from. */
  private open(body: Record<string, unknown>, team: string): Reply {
    const trigger = String(body.trigger_id ?? '')
    if (!/^\d+\.\d+\.\S+$/.test(trigger)) return no('invalid_trigger_id')
    if ((/\.(T[A-Z0-9]+)$/.exec(trigger)?.[1] ?? team) !== team) return no('trigger_of_another_team')
    if (this.triggers.has(trigger)) return no('exchanged_trigger_id')
    const problem = problemOfView(objectOf(body.view))
    if (problem !== undefined) return no(problem)
    this.triggers.add(trigger)
    const view = { id: `V${this.triggers.size}`, ...objectOf(body.view) }
    this.outside.take({ target: 'slack', what: 'views.open', mark: trigger, text: JSON.stringify(view) })
    return json({ ok: true, view })
  }

  private history(query: URLSearchParams, thread?: string): Reply {
    const list = this.channels.get(query.get('channel') ?? '') ?? []
    if (!CHANNEL.test(query.get('channel') ?? '')) return no('channel_not_found')
    if (thread !== undefined && !list.some(({ ts }) => ts === thread)) return no('thread_not_found')
    const oldest = Number(query.get('oldest') ?? 0)
    const limit = Number(query.get('limit') ?? 100)
    const from = Number(query.get('cursor') ?? 0)
    const shown = list
      .filter((message) =>
        thread === undefined
          ? message.thread_ts === undefined || message.isBroadcast
          : message.thread_ts === thread || message.ts === thread,
      )
      .filter((message) => Number(message.ts) >= oldest)
      .reverse()
    const page = shown.slice(from, from + limit)
    const next = from + limit < shown.length ? String(from + limit) : ''
    const hasMetadata = query.get('include_all_metadata') === 'true'
    return json({
      ok: true,
      messages: page.map(({ metadata, edits, isBroadcast, ...message }) => ({
        type: 'message',
        ...message,
        ...(hasMetadata ? { metadata } : {}),
        ...(edits > 0 ? { edited: { user: 'watchfloor' } } : {}),
      })),
      has_more: next !== '',
      response_metadata: { next_cursor: next },
    })
  }

  private hook(request: SimRequest): Reply {
    if (request.method !== 'POST') return text('invalid_payload', 400)
    if (this.outside.isRevoked('slack-hook')) return text('no_service', 404)
    return this.outside.write(
      'slack-hook',
      () => {
        const body = bodyOf(request)
        if (typeof body.text !== 'string' && !Array.isArray(body.attachments)) return text('no_text', 400)
        this.outside.take({ target: 'slack-hook', what: 'webhook', mark: '', text: String(body.text ?? '') })
        return text('ok')
      },
      (error) => text(error, 404),
    )
  }

  private note(what: string, metadata: Record<string, unknown>, words: string): void {
    const mark = String(objectOf(metadata.event_payload).delivery_id ?? '')
    this.outside.take({ target: 'slack', what, mark, text: words })
  }

  private nextTs(): string {
    const nowMs = Math.max(Date.now(), this.lastMs)
    this.count = nowMs === this.lastMs ? this.count + 1 : 0
    this.lastMs = nowMs
    const micros = String((nowMs % 1_000) * 1_000 + (this.count % 1_000)).padStart(6, '0')
    return `${Math.floor(nowMs / 1_000)}.${micros}`
  }
}

/** Tokens that name a workspace are its bot's; every other is of the one that there always is. */
function teamOf({ headers }: SimRequest): string {
  return /^Bearer xoxb-(T[A-Z0-9]+)-/.exec(headers.authorization ?? '')?.[1] ?? 'T1DC2JH3J'
}

function no(error: string): Reply {
  return json({ ok: false, error })
}

function problemOf(body: Record<string, unknown>): string | undefined {
  if (!CHANNEL.test(String(body.channel ?? ''))) return 'channel_not_found'
  if (typeof body.text !== 'string' || body.text === '') return 'no_text'
  if (JSON.stringify(body.attachments ?? []).length > BLOCKS_MAX) return 'msg_blocks_too_long'
  const header = /"type":"header"[^}]*?"text":\{[^}]*?"text":"((?:[^"\\]|\\.)*)"/.exec(
    JSON.stringify(body.attachments ?? []),
  )
  return header?.[1] !== undefined && header[1].length > 150 ? 'invalid_blocks' : undefined
}

function problemOfView(view: Record<string, unknown>): string | undefined {
  const words = (part: unknown): string => String(objectOf(part).text ?? '')
  const blocks = Array.isArray(view.blocks) ? view.blocks.map(objectOf) : []
  const isFit =
    view.type === 'modal' &&
    [view.title, view.submit, view.close].every((part) => words(part) !== '' && words(part).length <= 24) &&
    String(view.callback_id ?? '').length <= 255 &&
    String(view.private_metadata ?? '').length <= 3_000 &&
    blocks.length > 0 &&
    blocks.length <= 100 &&
    blocks.every((block) => block.type !== 'section' || words(block.text).length <= 3_000)
  return isFit ? undefined : 'invalid_arguments'
}
