import { randomUUID } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { callerOfKey, hasBearer } from './access/caller'
import { assertSameOrigin } from './access/origin'
import { actorOfRequest } from './access/session'
import { getConsole } from './console'
import { Encoded, type Scope } from './operation'
import { asAppError } from './platform/db'
import { AppError, problemOf } from './platform/errors'
import { ALL_OPERATIONS, findCommand, findQuery } from './registry'
import { runCommand, runQuery } from './run'

/** MAX_BODY_BYTES is the most that a command or a query may carry. */
export const MAX_BODY_BYTES = 1_000_000

/** BODY_TOO_LARGE is what a larger one is told. */
export const BODY_TOO_LARGE = new AppError('too_large', 'A body may have at most 1 MB.')

const JSON_TYPE = 'application/json; charset=utf-8'

function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id')
  return given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}

/** problemResponse logs what was not the caller's doing and answers with the problem body (RFC 9457). */
export function problemResponse(error: unknown, requestId: string): Response {
  const problem = problemOf(asAppError(error), requestId)
  if (problem.status >= 500) getConsole().log.error({ err: error, requestId }, problem.title)
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  }
  const waitSeconds = error instanceof AppError ? error.retryAfterSeconds : undefined
  if (waitSeconds !== undefined) headers['retry-after'] = String(waitSeconds)
  else if (problem.status === 503) headers['retry-after'] = '2'
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="watchfloor"'
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

/** A page that was opened by one person must not speak for, or show, whoever signed in to the same browser after them. */
function refuseOther(request: Request, personId: string): void {
  const meant = request.headers.get('x-watchfloor-as')
  if (meant === null || meant === personId) return
  throw new AppError(
    'other_person',
    'Somebody else has signed in with this browser since this page was opened. What you typed is kept for you.',
  )
}

/** personHeader tells the service worker whose answer this is, so that it keeps it for nobody else. */
function personHeader({ actor }: Scope): Record<string, string> {
  return actor.kind === 'person' ? { 'x-watchfloor-person': actor.id } : {}
}

async function scopeOf(request: Request, requestId: string): Promise<Scope> {
  const console = getConsole()
  const actor = hasBearer(request.headers)
    ? await callerOfKey(console, request.headers)
    : await actorOfRequest(request)
  if (!actor)
    throw new AppError(
      'unauthenticated',
      'Your session has ended. Nothing you typed is lost: sign in and go on.',
    )
  refuseOther(request, actor.id)
  return { console, actor, now: console.clock.now(), requestId }
}

function encodedResponse(request: Request, encoded: Encoded, requestId: string): Response {
  const headers: Record<string, string> = {
    'content-type': encoded.contentType,
    etag: encoded.etag,
    'cache-control': 'private, no-cache',
    'x-request-id': requestId,
  }
  if (encoded.filename) headers['content-disposition'] = `attachment; filename="${encoded.filename}"`
  if (request.headers.get('if-none-match') === encoded.etag)
    return new Response(null, { status: 304, headers })
  const bytes = encoded.packed ? gunzipSync(encoded.bytes) : encoded.bytes
  return new Response(bytes as BodyInit, { headers })
}

function inputOf(request: Request): unknown {
  const text = new URL(request.url).searchParams.get('input')
  if (text === null) return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('invalid', 'The parameter `input` is not JSON.', {
      issues: [{ path: 'input', message: 'not JSON' }],
    })
  }
}

/**
 * answerQuery serves GET /api/queries/<name>, and POST for an input that is too long for an address: JSON, or the query's
 * own bytes.
 */
export async function answerQuery(request: Request, name: string): Promise<Response> {
  const requestId = requestIdOf(request)
  try {
    const isLong = request.method === 'POST'
    if (isLong && !hasBearer(request.headers)) assertSameOrigin(request)
    const scope = await scopeOf(request, requestId)
    const input = isLong ? await bodyOf(request) : inputOf(request)
    const result = await runQuery(findQuery(name), scope, input)
    if (result instanceof Encoded) return encodedResponse(request, result, requestId)
    return new Response(JSON.stringify(result ?? null), {
      headers: {
        'content-type': JSON_TYPE,
        'cache-control': 'no-store',
        'x-request-id': requestId,
        ...personHeader(scope),
      },
    })
  } catch (error) {
    return problemResponse(error, requestId)
  }
}

/** maxBodyBytesOf is how long a request to this path may be: a command may say that its own is longer. */
export function maxBodyBytesOf(path: string): number {
  const name = /^\/api\/commands\/([\w.-]+)$/.exec(path)?.[1]
  const command = name === undefined ? undefined : ALL_OPERATIONS.find((one) => one.name === name)
  return (command?.type === 'command' ? command.maxBodyBytes : undefined) ?? MAX_BODY_BYTES
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text()
  if (text.length > maxBodyBytesOf(new URL(request.url).pathname)) throw BODY_TOO_LARGE
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new AppError('invalid', 'The body is not JSON.', { issues: [{ path: '', message: 'not JSON' }] })
  }
}

/** answerCommand serves POST /api/commands/<name>: same-origin JSON, or an API key; with an optional Idempotency-Key (a UUID). */
export async function answerCommand(request: Request, name: string): Promise<Response> {
  const requestId = requestIdOf(request)
  try {
    // A key is sent by no browser of its own accord, so there is nothing that another site could forge.
    if (!hasBearer(request.headers)) assertSameOrigin(request)
    const command = findCommand(name)
    const scope = await scopeOf(request, requestId)
    const result = await runCommand(
      command,
      scope,
      await bodyOf(request),
      request.headers.get('idempotency-key') ?? undefined,
    )
    return new Response(JSON.stringify(result ?? null), {
      headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-store', 'x-request-id': requestId },
    })
  } catch (error) {
    return problemResponse(error, requestId)
  }
}
