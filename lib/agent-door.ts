import { handOutOrder, keepOrderResult } from './actions/executors/order-book'
import { ORDER_HEADER, ordersTold, resultTold } from './actions/executors/orders'
import { type Console, getConsole } from './console'
import { createIntake, type Intake } from './health/collect-reports'
import { sha256Hex } from './platform/crypto'
import { isUnavailable } from './platform/db'
import { readInbound } from './platform/inbound-body'
import { redact, redactText } from './platform/redact'

const MAX_BYTES = 256 * 1024
const BODY_DEADLINE_MS = 10_000
const TOKEN_CACHE_MS = 5_000

type Known = { readonly instanceId: string | undefined; readonly untilMs: number }

const holder = globalThis as typeof globalThis & { watchfloorIntake?: Intake }
const tokens = new Map<string, Known>()

/** AgentRequest is a report on its way in; `chunks` are its bytes as they arrive. */
export type AgentRequest = {
  readonly authorization: string | undefined
  readonly contentLength: string | undefined
  readonly chunks: AsyncIterable<Uint8Array>
}

/** AgentAnswer is what the agent gets; its text is JSON. */
export type AgentAnswer = {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): AgentAnswer {
  return {
    status,
    text: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  }
}

// Whatever is left of the body will not be read, so the connection can't be used again.
const UNREAD = { connection: 'close' }

async function instanceOfToken(app: Console, token: string): Promise<string | undefined> {
  const hash = sha256Hex(token)
  const known = tokens.get(hash)
  if (known && known.untilMs > app.clock.monotonicMs()) return known.instanceId
  const { rows } = await app.hot.query<{ instance_id: string }>(
    'SELECT instance_id FROM agent_token WHERE token_hash = $1 AND revoked_at IS NULL',
    [hash],
  )
  if (tokens.size > 20_000) tokens.clear()
  const instanceId = rows[0]?.instance_id
  tokens.set(hash, { instanceId, untilMs: app.clock.monotonicMs() + TOKEN_CACHE_MS })
  return instanceId
}

function readable(text: string): object | undefined {
  try {
    const body: unknown = JSON.parse(text)
    if (body === null || typeof body !== 'object' || Array.isArray(body)) return undefined
    return text.includes('\\u0000') ? undefined : body
  } catch {
    return undefined
  }
}

type Arrived = { readonly instanceId: string; readonly text: string; readonly report: object }

/** A report is stored with what it tells of orders taken out: a result is kept apart. Gives the order that goes back. */
async function store(app: Console, { instanceId, text, report }: Arrived): Promise<string | undefined> {
  const now = app.clock.now()
  holder.watchfloorIntake ??= createIntake(app.hot)
  const told = text.includes('"orders":') ? ordersTold(report) : undefined
  if (!told) {
    await holder.watchfloorIntake.add({ instanceId, receivedAt: now, body: withoutSecrets(text) })
    return undefined
  }
  const found = resultTold(report)
  if (found) await keepOrderResult(app.hot, { instanceId, ...found, now })
  const body = withoutSecrets('order' in report ? JSON.stringify({ ...report, order: undefined }) : text)
  const waits = await holder.watchfloorIntake.add({ instanceId, receivedAt: now, body, takesOrders: true })
  if (!waits) return undefined
  return handOutOrder(app, { instanceId, sequence: told.sequence, now }).catch((error: unknown) => {
    app.log.error({ err: error, instance: instanceId }, 'an order could not be handed out')
    return undefined
  })
}

/** The agent masks what it knows; what an older or a broken one lets through is not kept. */
function withoutSecrets(text: string): string {
  return redactText(text) === text ? text : JSON.stringify(redact(JSON.parse(text)))
}

/**
 * takeAgentReport answers an agent's push: 202 once the report is durable, with the order that waits for it, 401 without a
 * token in force, 400 for what is no JSON object, 408 for a body slower than 10 s, 413 over 256 KiB, 503 with Retry-After
 * when it cannot be stored (the agent keeps it and tries again).
 */
export async function takeAgentReport(request: AgentRequest): Promise<AgentAnswer> {
  const app = getConsole()
  const token = /^Bearer (\S{16,200})$/.exec(request.authorization ?? '')?.[1]
  if (!token) return answer(401, { error: 'A bearer token is needed.' }, UNREAD)
  try {
    const instanceId = await instanceOfToken(app, token)
    if (!instanceId) return answer(401, { error: 'This token is not in force.' }, UNREAD)
    const body = await readInbound(request.chunks, {
      maxBytes: MAX_BYTES,
      deadlineMs: BODY_DEADLINE_MS,
      declaredBytes: request.contentLength,
    })
    if (!body.ok)
      return body.why === 'too-large'
        ? answer(413, { error: 'A report has at most 256 KiB.' }, UNREAD)
        : answer(408, { error: 'The report did not arrive within 10 s.' }, UNREAD)
    const text = new TextDecoder().decode(body.bytes)
    const report = readable(text)
    if (!report) return answer(400, { error: 'A report is one JSON object.' })
    const order = await store(app, { instanceId, text, report })
    return answer(202, { stored: true }, order === undefined ? {} : { [ORDER_HEADER]: order })
  } catch (error) {
    if (!isUnavailable(error)) app.log.error({ err: error }, 'an agent report could not be stored')
    return answer(
      503,
      { error: 'The report could not be stored; keep it and try again.' },
      { 'retry-after': '5' },
    )
  }
}
