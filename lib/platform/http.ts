import { Agent, request as send } from 'undici'
import type { Clock } from './clock'
import { readBody } from './http-body'
import { guardedConnector, type Rules, systemLookup } from './http-connect'
import { excerpt, failure, failureOfError, failureOfStatus } from './http-failure'
import type { Http, HttpAnswer, HttpConfig, HttpFailure, HttpReply, HttpRequest } from './http-types'
import { checkTarget, parseTarget } from './ssrf'

const DEFAULT_CONNECT_MS = 2000
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024
const ERROR_BODY_BYTES = 16 * 1024
const MAX_REDIRECTS = 3
const CONNECTIONS_PER_ORIGIN = 8

/** createHttp builds the one client for calls to the outside; it guards addresses, bounds time and size, and never throws for what the outside does. */
export function createHttp(config: HttpConfig & { readonly clock: Clock }): Http {
  const rules: Rules = { current: config.allow }
  const lookup = config.lookup ?? systemLookup
  const agents = new Map<number, Agent>()

  function agentFor(connectMs: number): Agent {
    const known = agents.get(connectMs)
    if (known) return known
    const agent = new Agent({
      connect: guardedConnector({ rules, lookup, connectMs, ...(config.ca ? { ca: config.ca } : {}) }),
      connections: CONNECTIONS_PER_ORIGIN,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    agents.set(connectMs, agent)
    return agent
  }

  async function closeAll(): Promise<void> {
    const open = [...agents.values()]
    agents.clear()
    await Promise.all(open.map((agent) => agent.destroy()))
  }

  return {
    request: (request) => perform({ request, rules, agentFor, config }),
    allow: (next) => {
      rules.current = next
      // Connections that the old rules opened must not outlive them; calls under way may finish.
      const old = [...agents.values()]
      agents.clear()
      for (const agent of old) void agent.close()
    },
    close: closeAll,
  }
}

type Call = {
  readonly request: HttpRequest
  readonly rules: Rules
  readonly agentFor: (connectMs: number) => Agent
  readonly config: HttpConfig & { readonly clock: Clock }
}

async function perform(call: Call): Promise<HttpAnswer> {
  const { request, config } = call
  const startedMs = config.clock.monotonicMs()
  const controller = new AbortController()
  let stopped: 'deadline' | 'signal' | undefined
  const stop = (by: 'deadline' | 'signal'): void => {
    stopped ??= by
    controller.abort()
  }
  const onSignal = (): void => stop('signal')
  const timer = setTimeout(() => stop('deadline'), Math.max(1, request.deadlineMs))
  request.signal?.addEventListener('abort', onSignal, { once: true })
  if (request.signal?.aborted) onSignal()
  try {
    const reply = await follow(call, controller.signal)
    if ('ok' in reply) return reply
    const latencyMs = Math.max(0, config.clock.monotonicMs() - startedMs)
    return { ok: true, value: reply, latencyMs, drift: [] }
  } catch (error) {
    return failureOfError(error, hostOf(request.url), stopped)
  } finally {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', onSignal)
  }
}

type Hop = {
  readonly url: string
  readonly method: NonNullable<HttpRequest['method']>
  readonly headers: Record<string, string>
  readonly body: HttpRequest['body']
}

async function follow(call: Call, signal: AbortSignal): Promise<HttpReply | HttpFailure> {
  const { request } = call
  let hop: Hop = {
    url: request.url,
    method: request.method ?? 'GET',
    headers: headersOf(request, call.config.userAgent),
    body: request.body,
  }
  let left = Math.min(MAX_REDIRECTS, request.redirects ?? 0)
  for (;;) {
    const answer = await exchange(call, hop, signal)
    if (!('redirect' in answer) || left === 0) return 'redirect' in answer ? answer.refusal : answer
    left -= 1
    const next = nextHop(hop, answer.redirect)
    if ('ok' in next) return next
    hop = next
  }
}

function headersOf(request: HttpRequest, userAgent = 'watchfloor'): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    'accept-encoding': 'gzip, deflate, br',
    accept: request.expect === 'json' ? 'application/json' : '*/*',
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value
  return headers
}

/** Only these survive a change of origin: everything else may carry a credential. */
const HARMLESS: ReadonlySet<string> = new Set(['user-agent', 'accept', 'accept-encoding', 'content-type'])

function nextHop(
  hop: Hop,
  redirect: { readonly status: number; readonly location: string },
): Hop | HttpFailure {
  let url: URL
  try {
    url = new URL(redirect.location, hop.url)
  } catch {
    return failure('source_error', `HTTP ${redirect.status}: redirects to an address that is not a URL`)
  }
  const from = new URL(hop.url)
  if (from.protocol === 'https:' && url.protocol === 'http:')
    return failure('source_error', `HTTP ${redirect.status}: redirects from https to http, not followed`)
  const toGet = redirect.status === 303 || (redirect.status < 303 && hop.method === 'POST')
  const kept = from.origin === url.origin
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(
      ([name]) => (kept || HARMLESS.has(name)) && !(toGet && name === 'content-type'),
    ),
  )
  return { url: url.href, method: toGet ? 'GET' : hop.method, headers, body: toGet ? undefined : hop.body }
}

type Redirected = {
  readonly redirect: { readonly status: number; readonly location: string }
  readonly refusal: HttpFailure
}

async function exchange(
  call: Call,
  hop: Hop,
  signal: AbortSignal,
): Promise<HttpReply | HttpFailure | Redirected> {
  const { request, config } = call
  const target = parseTarget(hop.url)
  if ('reason' in target) return failure('not_evaluated', target.reason, { cause: 'blocked' })
  const verdict = checkTarget(target, call.rules.current)
  if (!verdict.ok) return failure('not_evaluated', verdict.reason, { cause: 'blocked' })

  const answer = await send(target.url, {
    dispatcher: call.agentFor(request.connectMs ?? DEFAULT_CONNECT_MS),
    method: hop.method,
    headers: hop.headers,
    body: hop.body ?? null,
    signal,
  })
  const status = answer.statusCode
  const headers = flatHeaders(answer.headers)
  const accepted = request.accept === 'any' || request.accept?.includes(status) === true
  const good = accepted || (status >= 200 && status < 300)
  const maxBytes = good ? (request.maxBytes ?? DEFAULT_MAX_BYTES) : ERROR_BODY_BYTES
  const body = await readBody({
    stream: answer.body,
    headers,
    maxBytes,
    cut: !good || request.cutAtMax === true,
    host: target.host,
  })
  if (good) return replyOf({ request, status, url: target.url.href, headers, body })
  const refusal = failureOfStatus({ status, headers, body: body.toString('utf8'), now: config.clock.now() })
  const { location } = headers
  if (status >= 300 && status < 400 && status !== 304 && location !== undefined)
    return { redirect: { status, location }, refusal }
  return refusal
}

function flatHeaders(raw: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw))
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  return headers
}

function replyOf(input: {
  readonly request: HttpRequest
  readonly status: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}): HttpReply | HttpFailure {
  const { status, body, headers } = input
  const contentType = headers['content-type'] ?? ''
  const base = { status, url: input.url, headers, contentType, sizeBytes: body.length }
  const text = withoutMark(body.toString('utf8'))
  if (input.request.expect !== 'json') return { ...base, text, json: undefined }
  const isError = status >= 300
  if (!isError && (/html/i.test(contentType) || /^\s*</.test(text.slice(0, 200))))
    return failure('schema_mismatch', `HTTP ${status} with a web page instead of JSON: ${excerpt(text)}`, {
      status,
    })
  try {
    const json: unknown = input.request.read?.(text) ?? JSON.parse(text)
    return { ...base, text: '', json }
  } catch {
    if (isError) return { ...base, text, json: undefined }
    const said = text.trim() === '' ? 'an empty body' : `what is not JSON: ${excerpt(text)}`
    return failure('schema_mismatch', `HTTP ${status} with ${said}`, { status })
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function hostOf(url: string): string {
  const target = parseTarget(url)
  return 'reason' in target ? 'the source' : target.host
}
