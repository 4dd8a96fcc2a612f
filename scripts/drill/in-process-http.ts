import { failure, failureOfStatus } from '@/lib/platform/http-failure'
import type { Http, HttpAnswer, HttpCause, HttpRequest } from '@/lib/platform/http-types'
import { slowMs, spoil } from '@/simulator/faults'
import type { Reply, SimRequest } from '@/simulator/reply'
import type { Source } from '@/simulator/server'
import type { Running, Simulator } from '@/simulator/simulator'

type Served = Running & { readonly sources: readonly Source[] }

/** BASE is the address under which a drill's world is found. */
export const BASE = 'http://127.0.0.1:4170'

/**
 * inProcessHttp asks the simulated world without a socket: the same protocols and faults, but a wait is decided in
 * simulated time. What would not answer before the deadline has not answered.
 */
export function inProcessHttp(simulator: Simulator, now: () => Date): Http {
  return {
    request: async (request) => ask(simulator.running() as Served, request, now()),
    allow: () => undefined,
    close: async () => undefined,
  }
}

function ask({ sources, faults, clock }: Served, request: HttpRequest, now: Date): HttpAnswer {
  const url = new URL(request.url)
  const source = sources.find(
    ({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`),
  )
  if (!source) return unreached('refused', url.host)
  const asked = requestOf(request, url, source.prefix)
  const offsetMs = clock.offsetMs()
  const fault = source.name === 'control' ? undefined : faults.find(source.name, asked, offsetMs)
  if (!fault) return answerOf(request, source.handle(asked, offsetMs), now)
  switch (fault.event.fault) {
    case 'refused':
      return unreached('reset', url.host)
    case 'blackhole':
      return unreached('timeout', url.host)
    case 'truncated':
      return unreached('reset', url.host)
    case 'huge':
      return failure('schema_mismatch', `${url.host}: the answer is larger than the limit`)
    case 'stale':
      return answerOf(request, source.handle(asked, Math.min(offsetMs, fault.fromMs)), now)
    case 'slow':
      return answerOf(request, { ...source.handle(asked, offsetMs), delayMs: slowMs(fault.event) }, now)
    default: {
      const reply = spoil(fault.event, () => source.handle(asked, offsetMs))
      return answerOf(request, reply, now)
    }
  }
}

function requestOf(request: HttpRequest, url: URL, prefix: string): SimRequest {
  const headers = Object.entries(request.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value])
  const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body)
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(prefix.length) || '/',
    query: url.searchParams,
    headers: {
      accept: request.expect === 'json' ? 'application/json' : '*/*',
      ...Object.fromEntries(headers),
    },
    body: request.body === undefined ? '' : body,
    remote: '127.0.0.1',
  }
}

function answerOf(request: HttpRequest, reply: Reply, now: Date): HttpAnswer {
  const { host } = new URL(request.url)
  if (reply.close === true) return unreached('reset', host)
  if ((reply.delayMs ?? 0) >= request.deadlineMs) return unreached('timeout', host)
  const { status, body } = reply
  const headers = { 'content-type': reply.type, ...reply.headers }
  const accepted = request.accept === 'any' || request.accept?.includes(status) === true
  if (!accepted && (status < 200 || status >= 300)) return failureOfStatus({ status, headers, body, now })
  const parsed = jsonOf(request, status, reply)
  if (parsed && !parsed.ok) return parsed.failure
  return {
    ok: true,
    latencyMs: reply.delayMs ?? 0,
    drift: [],
    value: {
      status,
      url: request.url,
      headers,
      contentType: reply.type,
      text: parsed?.ok && parsed.json !== undefined ? '' : body,
      json: parsed?.ok ? parsed.json : undefined,
      sizeBytes: Buffer.byteLength(body),
    },
  }
}

function jsonOf(
  { expect }: HttpRequest,
  status: number,
  { body, type }: Reply,
):
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly failure: HttpAnswer & { ok: false } }
  | undefined {
  if (expect !== 'json') return undefined
  if (status < 300 && (/html/i.test(type) || /^\s*</.test(body)))
    return {
      ok: false,
      failure: failure('schema_mismatch', `HTTP ${status} with a web page instead of JSON`, { status }),
    }
  try {
    return { ok: true, json: JSON.parse(body) as unknown }
  } catch {
    if (status >= 300) return { ok: true, json: undefined }
    return {
      ok: false,
      failure: failure('schema_mismatch', `HTTP ${status} with what is not JSON`, { status }),
    }
  }
}

function unreached(cause: HttpCause, host: string): HttpAnswer {
  return failure('source_unreachable', `${cause}: ${host}`, { cause })
}
