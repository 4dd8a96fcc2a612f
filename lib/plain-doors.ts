import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { callerOfKey, hasBearer } from './access/caller'
import { cookieNames, cookieOf } from './access/cookies'
import { holds } from './access/holds'
import { PUBLIC_PATHS } from './access/routes'
import { API_POLICY, commonHeaders } from './access/security-headers'
import { visitorOfToken } from './access/session'
import { takeAgentReport } from './agent-door'
import type { HookHeaders } from './alerts/hook-verify'
import { takeDelivery } from './alerts/hooks-collect'
import { SENDERS, type Sender } from './alerts/model'
import { getConsole } from './console'
import { answerCommand, answerQuery, BODY_TOO_LARGE, maxBodyBytesOf } from './doors'
import { answerFlag, answerOfrep, type FlagAnswer, type FlagRequest } from './flag-door'
import { snapshotBytes } from './health/queries'
import { getHub } from './hub'
import { streamLive } from './live/door'
import { asAppError } from './platform/db'
import { AppError, problemOf } from './platform/errors'
import { readInbound } from './platform/inbound-body'
import type { PlainDoor } from './platform/plain-doors'
import { publicStatus } from './status-door'

const HEADERS = { ...commonHeaders(false), 'content-security-policy': API_POLICY }
const SNAPSHOT = 'health.snapshot'
const BODY_DEADLINE_MS = 30_000

async function mayWatch(request: IncomingMessage): Promise<boolean> {
  const console = getConsole()
  const headers = headersOf(request)
  if (hasBearer(headers)) {
    if (holds(await callerOfKey(console, headers), 'health.read')) return true
    throw new AppError(
      'forbidden',
      'This needs the permission health.read, which this API key does not hold.',
    )
  }
  const { session } = cookieNames(console.env.NEXTAUTH_URL)
  const visitor = await visitorOfToken(console, cookieOf(request.headers.cookie ?? null, session), false)
  return visitor.kind === 'person' && holds(visitor.actor, 'health.read')
}

function refuse(response: ServerResponse, error: unknown): void {
  const problem = problemOf(asAppError(error), randomUUID())
  if (problem.status >= 500)
    getConsole().log.error({ err: error, requestId: problem.instance }, problem.title)
  response.writeHead(problem.status, {
    ...HEADERS,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(problem))
}

const BODY_TOO_SLOW = new AppError('invalid', 'The body did not come in time, or the connection broke.')
const ENDED = new AppError('unauthenticated', 'Your session has ended: sign in to follow live changes.')

async function live(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (!(await mayWatch(request))) return refuse(response, ENDED)
    await streamLive(
      { request, response },
      { hub: getHub(), headers: HEADERS, stillAllowed: () => mayWatch(request) },
    )
  } catch (error) {
    refuse(response, error)
  }
}

async function snapshot(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (!(await mayWatch(request))) return refuse(response, ENDED)
    const { key, bytes } = await snapshotBytes()
    const etag = `"${key}"`
    const headers = {
      ...HEADERS,
      etag,
      vary: 'accept-encoding',
      'cache-control': 'private, no-cache, no-transform',
    }
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end()
      return
    }
    if (request.headers['accept-encoding']?.includes('gzip')) {
      response.writeHead(200, {
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'content-encoding': 'gzip',
        'content-length': bytes.byteLength,
      })
      response.end(bytes)
      return
    }
    await relay(await answerQuery(await requestOf(request), SNAPSHOT), response)
  } catch (error) {
    refuse(response, error)
  }
}

async function requestOf(request: IncomingMessage): Promise<Request> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string') headers.set(name, value)
  const url = new URL(request.url ?? '/', getConsole().env.NEXTAUTH_URL)
  if (request.method !== 'POST') return new Request(url, { headers })
  const body = await readInbound(chunksOf(request), {
    maxBytes: maxBodyBytesOf(url.pathname),
    deadlineMs: BODY_DEADLINE_MS,
    declaredBytes: request.headers['content-length'],
  })
  if (body.ok) return new Request(url, { method: 'POST', headers, body: new Uint8Array(body.bytes) })
  throw body.why === 'too-large' ? BODY_TOO_LARGE : BODY_TOO_SLOW
}

async function relay(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, { ...HEADERS, ...Object.fromEntries(answer.headers) })
  response.end(Buffer.from(await answer.arrayBuffer()))
}

// Destroyed with its last chunk unread, a request would take its answer along.
function chunksOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false })
}

function say(
  response: ServerResponse,
  { status, text, headers }: { status: number; text: string; headers: Readonly<Record<string, string>> },
): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

async function agentReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization, 'content-length': contentLength } = request.headers
  say(response, await takeAgentReport({ authorization, contentLength, chunks: chunksOf(request) }))
}

/** Every command and query by name: as a route handler each would cost twice the time, and a copy of the product's code in memory. */
function operation(answer: (request: Request, name: string) => Promise<Response>): PlainDoor {
  return async (request, response) => {
    try {
      const asked = await requestOf(request)
      await relay(await answer(asked, new URL(asked.url).pathname.split('/')[3] ?? ''), response)
    } catch (error) {
      refuse(response, error)
    }
  }
}

/** Flags are asked for each request that somebody else serves. */
function flag(answer: (asked: FlagRequest) => Promise<FlagAnswer>): PlainDoor {
  return async (request, response) => {
    try {
      const { 'content-length': contentLength, 'if-none-match': etag } = request.headers
      const asked = { url: request.url ?? '', headers: headersOf(request), contentLength, etag }
      say(response, await answer({ ...asked, chunks: chunksOf(request) }))
    } catch (error) {
      refuse(response, error)
    }
  }
}

function hook(sender: Sender): PlainDoor {
  return async (request, response) => {
    const delivery = { sender, headers: headersOf(request), chunks: chunksOf(request) }
    say(response, await takeDelivery(getConsole(), delivery))
  }
}

function headersOf({ headers }: IncomingMessage): HookHeaders {
  return {
    get: (name) => {
      const value = headers[name]
      return (Array.isArray(value) ? value.join(', ') : value) ?? null
    },
  }
}

/**
 * PLAIN_DOORS are what every open browser asks at once: the stream and the snapshot after a deploy; every command and every
 * query; what every agent sends all day; flags, which a caller's own requests wait for; the hooks through which a storm of alerts
 * comes in; and the public page, which everybody reads when something is down.
 */
export const PLAIN_DOORS: ReadonlyMap<string, PlainDoor> = new Map([
  ['GET /api/live', live],
  [`GET /api/queries/${SNAPSHOT}`, snapshot],
  ['POST /api/agent/report', agentReport],
  ['GET /api/queries/*', operation(answerQuery)],
  ['POST /api/queries/*', operation(answerQuery)],
  ['POST /api/commands/*', operation(answerCommand)],
  ['GET /api/flags/*', flag(answerFlag)],
  ['POST /ofrep/v1/evaluate/flags', flag(answerOfrep)],
  ['POST /ofrep/v1/evaluate/flags/*', flag(answerOfrep)],
  ...PUBLIC_PATHS.flatMap((path) => [
    [`GET ${path}`, publicStatus] as const,
    [`HEAD ${path}`, publicStatus] as const,
  ]),
  ...SENDERS.map((sender) => [`POST /api/hooks/${sender}`, hook(sender)] as const),
])
