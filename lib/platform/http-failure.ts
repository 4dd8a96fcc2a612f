import type { HttpCause, HttpFailure, HttpFailureWhy } from './http-types'
import { redactText } from './redact'

const RETRY_AFTER_MAX_MS = 300_000
const DETAIL_MAX = 200
const BODY_MAX = 2000

/** BlockedError carries the address policy's refusal through the connector. */
export class BlockedError extends Error {
  override readonly name = 'BlockedError'
}

/** TooLargeError says that a body passed its cap while it was arriving. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

const NEVER_LEFT: ReadonlySet<string> = new Set(['dns', 'refused', 'tls', 'blocked'])

/** neverSent tells of a call without an answer that it surely reached nobody; one that broke later may have arrived. */
export function neverSent({ status, cause, why }: HttpFailure): boolean {
  if (status !== undefined) return false
  return cause === undefined ? why === 'not_evaluated' : NEVER_LEFT.has(cause)
}

/** failure builds a failed answer with a redacted, bounded detail. */
export function failure(
  why: HttpFailureWhy,
  detail: string,
  extra: Partial<Omit<HttpFailure, 'ok' | 'why' | 'detail'>> = {},
): HttpFailure {
  const { body, ...rest } = extra
  return {
    ok: false,
    why,
    detail: shorten(detail, DETAIL_MAX),
    ...rest,
    ...(body === undefined ? {} : { body: shorten(body, BODY_MAX) }),
  }
}

/** excerpt gives the first 200 characters of a body, redacted, on one line. */
export function excerpt(text: string): string {
  return shorten(text.slice(0, 2000).replace(/\s+/g, ' ').trim(), DETAIL_MAX)
}

/** answeredWith words a refused answer for people: its status and what it said; a web page's markup is no word of it. */
export function answeredWith(status: number, body: string): string {
  if (isWebPage(body)) return `answered with a web page (HTTP ${status})`
  const said = excerpt(body)
  return `HTTP ${status}${said === '' ? '' : `: ${said}`}`
}

/** isWebPage tells markup from an answer meant for programs. */
export function isWebPage(body: string): boolean {
  return /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body|center|h1|title)\b/i.test(
    body.slice(0, 2000),
  )
}

function shorten(text: string, max: number): string {
  const safe = redactText(text)
  return safe.length <= max ? safe : `${safe.slice(0, max - 1)}…`
}

/** failureOfStatus maps a status that is not a reply to its failure: 401/403 our key, 420/429 our rate, the rest the source. */
export function failureOfStatus(input: {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly now: Date
}): HttpFailure {
  const { status } = input
  const retryAfterMs = parseRetryAfter(input.headers['retry-after'], input.now)
  const detail = answeredWith(status, input.body)
  const extra = { status, body: input.body, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  if (status === 401 || status === 403) return failure('source_refused', detail, extra)
  if (status === 429 || status === 420) return failure('rate_limited', detail, extra)
  if (status >= 300 && status < 400) {
    const target = input.headers.location ?? 'nowhere'
    return failure('source_error', `HTTP ${status}: redirects to ${target}, which is not followed`, extra)
  }
  return failure('source_error', detail, extra)
}

/** parseRetryAfter reads Retry-After as seconds or as a date, clamped to 0–5 min; undefined when it says neither. */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(RETRY_AFTER_MAX_MS, Math.round(Number(text) * 1000))
  const at = /[a-z].*\d/i.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) return undefined
  return Math.min(RETRY_AFTER_MAX_MS, Math.max(0, at - now.getTime()))
}

const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|UNSUITABLE_CERT)/
const CAUSES: Readonly<Record<string, HttpCause>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_ABORTED: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
}

const CAUSE_WORDS: Readonly<Record<HttpCause, string>> = {
  dns: 'the name could not be resolved',
  refused: 'the connection was refused',
  timeout: 'no answer in time',
  tls: 'the TLS certificate or handshake failed',
  reset: 'the connection broke off',
  blocked: 'the address policy forbids it',
  aborted: 'the call was given up',
}

/** failureOfError maps whatever a call threw to its failure; `stopped` says that our own deadline or signal ended it. */
export function failureOfError(
  error: unknown,
  host: string,
  stopped: 'deadline' | 'signal' | undefined,
): HttpFailure {
  if (error instanceof BlockedError) return failure('not_evaluated', error.message, { cause: 'blocked' })
  if (error instanceof TooLargeError) return failure('schema_mismatch', error.message)
  if (stopped === 'signal') return unreachable('aborted', host)
  if (stopped === 'deadline') return unreachable('timeout', host)
  const code = codeOf(error)
  const isUnparsed = error instanceof Error && error.name === 'HTTPParserError'
  if (isUnparsed || code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW')
    return failure('schema_mismatch', `${host}: the answer is not HTTP`)
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT') || code === 'ERR_PADDING_2')
    return failure('schema_mismatch', `${host}: the compressed answer is damaged (${code})`)
  const cause = CAUSES[code] ?? (TLS_CODE.test(code) ? 'tls' : undefined)
  if (cause) return unreachable(cause, host, code)
  return failure(
    'source_unreachable',
    `${host}: ${code || (error instanceof Error ? error.message : 'failed')}`,
  )
}

function unreachable(cause: HttpCause, host: string, code = ''): HttpFailure {
  return failure('source_unreachable', `${cause}: ${host}, ${CAUSE_WORDS[cause]}${code && ` (${code})`}`, {
    cause,
  })
}

function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return ''
  if ('code' in error && typeof error.code === 'string') {
    const inner = codeOf(error.cause, depth + 1)
    return error.code === 'UND_ERR_SOCKET' && inner !== '' ? inner : error.code
  }
  if (error instanceof AggregateError) {
    for (const one of error.errors) {
      const code = codeOf(one, depth + 1)
      if (code !== '') return code
    }
  }
  return codeOf(error.cause, depth + 1)
}
