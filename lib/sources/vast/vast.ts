import type { Clock } from '../../platform/clock'
import { answeredWith, failure } from '../../platform/http-failure'
import type { Http, HttpAnswer, HttpReply } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import { type FieldContext, isShape, numberOf, type Shape, textOf } from '../parse'
import type { Answer, CallOptions, SourceFailure, TestVerdict } from '../source'
import { addressOf, failedTest, type TestSubject } from '../verdict'
import { parseCredit, parseInstance } from './instance'
import type { Vast, VastConfig, VastCredit, VastInstance, VastPage } from './types'

const DEADLINE_MS = 10_000
const MAX_PAGE = 25

type Context = VastConfig & { readonly http: Http; readonly clock: Clock; readonly sourceId: string }

/** createVast reads one Vast.ai account; the key goes into the Authorization header and into no message. */
export function createVast(config: VastConfig & { readonly http: Http; readonly clock: Clock }): Vast {
  rememberSecret(config.apiKey)
  const context: Context = { ...config, sourceId: config.sourceId ?? 'vast' }
  return {
    page: (query, options) => page(context, query, options),
    instance: (id, options) => instance(context, id, options),
    credit: (options) => credit(context, options),
    test: () => test(context),
  }
}

async function page(
  context: Context,
  query: { readonly afterToken: string | null; readonly limit?: number },
  options?: CallOptions,
): Promise<Answer<VastPage>> {
  const search = new URLSearchParams({ limit: String(Math.min(MAX_PAGE, query.limit ?? MAX_PAGE)) })
  if (query.afterToken !== null) search.set('after_token', query.afterToken)
  const got = await get(context, `/api/v1/instances/?${search}`, options)
  if (!got.ok) return got
  const { body } = got
  if (!Array.isArray(body.instances))
    return mismatch('instances', 'the list of instances is missing or not a list')
  const frame = frameOf(context)
  const instances: VastInstance[] = []
  let unreadable = 0
  for (const entry of body.instances) {
    const parsed = isShape(entry) ? parseInstance(entry, frame) : undefined
    if (parsed) instances.push(parsed)
    else unreadable += 1
  }
  if (unreadable > 0) frame.drift.push(`${context.sourceId}.instances`)
  const token = body.next_token
  return {
    ok: true,
    latencyMs: got.latencyMs,
    drift: frame.drift,
    value: {
      instances,
      nextToken: typeof token === 'string' && token !== '' ? token : null,
      found: numberOf(body, 'instances_found', frame) ?? body.instances.length,
      total: numberOf(body, 'total_instances', frame),
      unreadable,
    },
  }
}

async function instance(
  context: Context,
  id: string,
  options?: CallOptions,
): Promise<Answer<VastInstance | null>> {
  const got = await get(context, `/api/v0/instances/${encodeURIComponent(id)}/?owner=me`, options)
  // The route says "no such instance" with 404 for some keys and with null for others.
  if (!got.ok) return got.status === 404 && !isExpiry(got.detail) ? gone(got) : got
  const { instances } = got.body
  if (instances === null) return { ok: true, value: null, latencyMs: got.latencyMs, drift: [] }
  const frame = frameOf(context)
  const parsed = isShape(instances) ? parseInstance(instances, frame) : undefined
  if (!parsed) return mismatch('instances', 'the instance is missing from the answer')
  return { ok: true, value: parsed, latencyMs: got.latencyMs, drift: frame.drift }
}

/** A key that has run out can answer 404 as well; that says nothing about the instance. */
function isExpiry(detail: string): boolean {
  return /expired|session|2fa|auth/i.test(detail)
}

function gone(got: SourceFailure): Answer<null> {
  return /no_such|not.?found|no such/i.test(got.detail)
    ? { ok: true, value: null, latencyMs: 0, drift: [] }
    : got
}

async function credit(context: Context, options?: CallOptions): Promise<Answer<VastCredit>> {
  const got = await get(context, '/api/v0/users/current/', options)
  if (!got.ok) return got
  const frame = frameOf(context)
  return { ok: true, value: parseCredit(got.body, frame), latencyMs: got.latencyMs, drift: frame.drift }
}

async function test(context: Context): Promise<TestVerdict> {
  const subject: TestSubject = {
    name: 'Vast.ai',
    address: addressOf(context.baseUrl),
    credential: 'VAST_API_KEY',
  }
  const list = await page(context, { afterToken: null })
  if (!list.ok) return failedTest(list, subject)
  const money = await credit(context)
  const total = list.value.total ?? list.value.found
  const count = `Vast.ai answered in ${Math.round(list.latencyMs)} ms and lists ${total} ${total === 1 ? 'instance' : 'instances'}`
  if (!money.ok)
    return {
      ok: false,
      sentence: `${count}, but the credit can't be read (${money.detail}).`,
      repair: 'Give the key the scope user_read, or watch the credit in the provider’s console.',
      latencyMs: list.latencyMs,
    }
  const { creditDollars } = money.value
  const rest =
    creditDollars.kind === 'known' ? `, credit $${creditDollars.value.toFixed(2)}.` : ', but names no credit.'
  return { ok: true, sentence: `${count}${rest}`, latencyMs: list.latencyMs }
}

type Got = { readonly ok: true; readonly body: Shape; readonly latencyMs: number } | SourceFailure

async function get(context: Context, path: string, options?: CallOptions): Promise<Got> {
  const answer = await context.http.request({
    url: `${context.baseUrl.replace(/\/+$/, '')}${path}`,
    headers: { authorization: `Bearer ${context.apiKey}` },
    deadlineMs: options?.deadlineMs ?? DEADLINE_MS,
    ...(options?.signal ? { signal: options.signal } : {}),
    expect: 'json',
  })
  if (!answer.ok) return named(answer)
  return bodyOf(answer.value, answer.latencyMs)
}

/** 200 with `success:false` is an error in disguise; an answer without the flag counts by its fields. */
function bodyOf(reply: HttpReply, latencyMs: number): Got {
  const { json } = reply
  if (!isShape(json)) return mismatch('body', 'the answer is not an object')
  if (json.success !== false) return { ok: true, body: json, latencyMs }
  const slug = textOf(json, 'error')
  const detail = messageOf(json) || 'the provider reported a failure without a reason'
  const why = /auth|not_authorized|invalid_user_key/i.test(slug)
    ? 'source_refused'
    : /rate_limit|too_frequent/i.test(slug)
      ? 'rate_limited'
      : 'source_error'
  return failure(why, detail, { status: reply.status })
}

/** The provider's error bodies come as JSON with one of four keys, or as plain text. */
function named(answer: Exclude<HttpAnswer, { ok: true }>): SourceFailure {
  const { body, ...rest } = answer
  if (body === undefined) return rest
  const parsed = shapeOf(body)
  const said = parsed ? messageOf(parsed) : ''
  const rateLimited = answer.status === 400 && /too frequent/i.test(body)
  return failure(
    rateLimited ? 'rate_limited' : answer.why,
    said === '' ? answeredWith(answer.status ?? 0, body) : `HTTP ${answer.status ?? ''}: ${said}`,
    {
      ...(answer.status === undefined ? {} : { status: answer.status }),
      ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
    },
  )
}

function messageOf(shape: Shape): string {
  const slug = textOf(shape, 'error')
  const text = textOf(shape, 'msg') || textOf(shape, 'message') || textOf(shape, 'detail')
  return [slug, text].filter((part) => part !== '').join(': ')
}

function shapeOf(text: string): Shape | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isShape(json) ? json : undefined
  } catch {
    return undefined
  }
}

function frameOf(context: Context): FieldContext {
  return { source: context.sourceId, at: context.clock.now(), drift: [] }
}

function mismatch(field: string, detail: string): SourceFailure {
  return failure('schema_mismatch', `${field}: ${detail}`)
}
