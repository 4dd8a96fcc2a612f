import type { Console } from '../console'
import { isUnavailable } from '../platform/db'
import { failpoint } from '../platform/failpoint'
import { readInbound } from '../platform/inbound-body'
import { type HookHeaders, verifyHook } from './hook-verify'
import { createHookIntake, type HookIntake, type HookOutcome } from './intake-store'
import { isSender, type Sender } from './model'
import { activeSecrets } from './secret-store'

/** MAX_BODY_BYTES is the most that one delivery may have. */
export const MAX_BODY_BYTES = 1_000_000

const BODY_DEADLINE_MS = 10_000
const KEPT_HEADERS = [
  'user-agent',
  'content-type',
  'x-webhook-id',
  'x-webhook-subscription',
  'x-vast-event-id',
  'x-vast-delivery-attempt',
  'webhook-id',
]

const intakes = new WeakMap<Console, HookIntake>()

/** hookIntake gives the one intake of a console. */
export function hookIntake(app: Console): HookIntake {
  const known = intakes.get(app)
  if (known) return known
  const made = createHookIntake(app.hot, (error) => app.log.warn({ err: error }, 'hook tally not written'))
  intakes.set(app, made)
  return made
}

const ANSWERS: Readonly<Record<HookOutcome, { readonly status: number; readonly text: string }>> = {
  stored: { status: 202, text: '{"stored":true}' },
  refused: { status: 401, text: '{"error":"unauthorized"}' },
  unparsable: { status: 400, text: '{"error":"the body is not JSON"}' },
  'too-large': { status: 413, text: `{"error":"a delivery has at most ${MAX_BODY_BYTES} bytes"}` },
  'too-slow': { status: 408, text: '{"error":"the body did not arrive in time"}' },
  'not-stored': {
    status: 503,
    text: '{"error":"the delivery could not be stored; keep it and send it again"}',
  },
}

/** HookRequest is a delivery on its way in; `chunks` are its bytes as they arrive. */
export type HookRequest = {
  readonly sender: Sender
  readonly headers: HookHeaders
  readonly chunks: AsyncIterable<Uint8Array>
  /** bodyDeadlineMs is how long the body may take, 10 s unless told. */
  readonly bodyDeadlineMs?: number
}

/** HookAnswer is what the sender gets; its text is JSON. */
export type HookAnswer = {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

function answer(outcome: HookOutcome): HookAnswer {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  if (outcome === 'not-stored') headers['retry-after'] = '5'
  // Whatever is left of the body will not be read, so the connection can't be used again.
  if (outcome === 'too-large' || outcome === 'too-slow') headers.connection = 'close'
  return { ...ANSWERS[outcome], headers }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes))
    return true
  } catch {
    return false
  }
}

function keptHeaders(headers: HookHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = headers.get(name)
    if (value !== null) kept[name] = value.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
  }
  return kept
}

async function take(app: Console, request: HookRequest): Promise<HookOutcome> {
  const { sender, headers } = request
  const raw = await readInbound(request.chunks, {
    maxBytes: MAX_BODY_BYTES,
    deadlineMs: request.bodyDeadlineMs ?? BODY_DEADLINE_MS,
    declaredBytes: headers.get('content-length'),
  })
  if (!raw.ok) return raw.why
  const now = app.clock.now()
  const secrets = await activeSecrets(app, sender)
  const verified = verifyHook({ sender, headers, body: raw.bytes, now }, secrets)
  if (!verified.ok) return 'refused'
  if (!isJson(raw.bytes)) return 'unparsable'
  await failpoint('hooks.before-store')
  const intake = hookIntake(app)
  await intake.add({
    sender,
    deliveryId: verified.deliveryId,
    receivedAt: now,
    headers: keptHeaders(headers),
    body: raw.bytes,
  })
  await failpoint('hooks.after-store')
  intake.count(sender, 'stored', now, verified.secretId)
  return 'stored'
}

/**
 * takeDelivery answers one delivery: 202 once its bytes are durable (or were already), 401 without a signature that holds,
 * 400 for what is no JSON, 413 over the cap, 408 for a body that does not come, 503 when it can't be stored. Nothing that
 * is sent can make it answer another 5xx.
 */
export async function takeDelivery(app: Console, request: HookRequest): Promise<HookAnswer> {
  const { sender } = request
  try {
    const outcome = await take(app, request)
    if (outcome !== 'stored') hookIntake(app).count(sender, outcome, app.clock.now())
    return answer(outcome)
  } catch (error) {
    if (!isUnavailable(error)) app.log.error({ err: error, sender }, 'a delivery could not be stored')
    hookIntake(app).count(sender, 'not-stored', app.clock.now())
    return answer('not-stored')
  }
}

async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

/** takeHook answers a delivery to the hook of this name, as `takeDelivery` does; 404 for a hook that does not exist. */
export async function takeHook(
  app: Console,
  request: Request,
  hook: { readonly sender: string; readonly bodyDeadlineMs?: number },
): Promise<Response> {
  const { sender, bodyDeadlineMs } = hook
  if (!isSender(sender)) return Response.json({ error: 'there is no such hook' }, { status: 404 })
  const { status, text, headers } = await takeDelivery(app, {
    sender,
    headers: request.headers,
    chunks: chunksOf(request),
    ...(bodyDeadlineMs === undefined ? {} : { bodyDeadlineMs }),
  })
  return new Response(text, { status, headers })
}
