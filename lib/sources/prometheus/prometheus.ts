import type { Clock } from '../../platform/clock'
import { failure } from '../../platform/http-failure'
import type { Http, HttpFailure, HttpRequest } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import { type FieldContext, isShape, type Shape, shapesIn, textOf, unknown } from '../parse'
import type { Reading } from '../reading'
import type { Answer, CallOptions, SourceFailure, TestVerdict } from '../source'
import { addressOf, failedTest } from '../verdict'
import { parseAlerts, parseRules, parseTargets } from './lists'
import { labelsOf, parseSample, samplesOf } from './samples'
import { columnOf, scanColumn } from './scan'
import type {
  PromColumn,
  PromConfig,
  Prometheus,
  PromRange,
  PromSample,
  PromSeries,
  PromVector,
  QueryOptions,
} from './types'

const DEADLINE_MS = 5000
/** The server gives up a little before we do, so that its own error text arrives. */
const SERVER_TIMEOUT_SHARE = 0.8
const LARGE_BYTES = 64 * 1024 * 1024

type Context = PromConfig & { readonly http: Http; readonly clock: Clock; readonly sourceId: string }

/** createPrometheus reads one Prometheus server; every expression is one POST with a server-side timeout. */
export function createPrometheus(
  config: PromConfig & { readonly http: Http; readonly clock: Clock },
): Prometheus {
  rememberSecret(config.token)
  const context: Context = { ...config, sourceId: config.sourceId ?? 'prometheus' }
  return {
    query: (expr, options) => query(context, expr, options),
    value: (expr, options) => value(context, expr, options),
    vector: (expr, options) => vector(context, expr, options),
    column: (expr, label, options) => column(context, { expr, label }, options),
    queryRange: (expr, range, options) => queryRange(context, { expr, range }, options),
    alerts: (options) => list(context, '/api/v1/alerts', parseAlerts, options),
    rules: (options) => list(context, '/api/v1/rules?type=alert', parseRules, options),
    targets: (options) => list(context, '/api/v1/targets?state=active', parseTargets, options),
    test: () => test(context),
  }
}

async function query(
  context: Context,
  expr: string,
  options: QueryOptions = {},
): Promise<Answer<readonly PromSample[]>> {
  const got = await ask(context, { path: '/api/v1/query', form: queryForm(expr, options) }, options)
  if (!got.ok) return got
  const frame = frameOf(context)
  const samples = samplesOf(got.data, frame)
  if (!samples) return mismatch('the result is neither a vector nor a scalar')
  return { ok: true, value: samples, latencyMs: got.latencyMs, drift: frame.drift }
}

async function value(
  context: Context,
  expr: string,
  options: QueryOptions & { readonly unit?: string } = {},
): Promise<Answer<Reading<number>>> {
  const got = await query(context, expr, options)
  if (!got.ok) return got
  const frame = frameOf(context)
  const [first, second] = got.value
  if (second) return mismatch(`the expression gives ${got.value.length} series where one number is needed`)
  const reading = first
    ? withUnit(first.value, options.unit ?? '')
    : unknown(frame, 'field_absent', 'no series')
  return { ...got, value: reading }
}

function withUnit(reading: Reading<number>, unit: string): Reading<number> {
  return reading.kind === 'known' ? { ...reading, unit } : reading
}

async function vector(
  context: Context,
  expr: string,
  options: QueryOptions & { readonly maxBytes?: number } = {},
): Promise<Answer<PromVector>> {
  const got = await ask(
    context,
    { path: '/api/v1/query', form: queryForm(expr, options), maxBytes: options.maxBytes ?? LARGE_BYTES },
    options,
  )
  if (!got.ok) return got
  const { result, resultType } = got.data
  if (resultType !== 'vector' || !isVector(result)) return mismatch('the result is not a vector')
  return { ok: true, value: result, latencyMs: got.latencyMs, drift: [] }
}

async function column(
  context: Context,
  wanted: { readonly expr: string; readonly label: string },
  options: QueryOptions & { readonly known?: readonly string[] } = {},
): Promise<Answer<PromColumn>> {
  const { expr, label } = wanted
  let scanned: PromColumn | undefined
  const read = (text: string): unknown => {
    scanned = scanColumn(text, label, options.known)
    return scanned && SCANNED
  }
  const call = { path: '/api/v1/query', form: queryForm(expr, options), maxBytes: LARGE_BYTES, read }
  const got = await ask(context, call, options)
  if (!got.ok) return got
  const { result, resultType } = got.data
  if (resultType !== 'vector' || !isVector(result)) return mismatch('the result is not a vector')
  return { ok: true, value: scanned ?? columnOf(result, label), latencyMs: got.latencyMs, drift: [] }
}

const SCANNED = { status: 'success', data: { resultType: 'vector', result: [] } }

/** Checks the first element only: a vector has one shape, and a look at each of 60,000 would cost more than it tells. */
function isVector(result: unknown): result is PromVector {
  if (!Array.isArray(result)) return false
  const first: unknown = result[0]
  if (first === undefined) return true
  return isShape(first) && isShape(first.metric) && Array.isArray(first.value) && first.value.length === 2
}

async function queryRange(
  context: Context,
  wanted: { readonly expr: string; readonly range: PromRange },
  options?: CallOptions,
): Promise<Answer<readonly PromSeries[]>> {
  const { expr, range } = wanted
  const form = new URLSearchParams({
    query: expr,
    start: seconds(range.start),
    end: seconds(range.end),
    step: String(range.stepSeconds),
    timeout: serverTimeout(options),
  })
  const got = await ask(context, { path: '/api/v1/query_range', form, maxBytes: LARGE_BYTES }, options)
  if (!got.ok) return got
  if (got.data.resultType !== 'matrix' || !Array.isArray(got.data.result))
    return mismatch('the result is not a matrix')
  const frame = frameOf(context)
  const series = shapesIn(got.data.result).map((one) => ({
    labels: labelsOf(one.metric),
    points: pointsOf(one.values, frame),
  }))
  return { ok: true, value: series, latencyMs: got.latencyMs, drift: frame.drift }
}

function pointsOf(values: unknown, frame: FieldContext): PromSeries['points'] {
  if (!Array.isArray(values)) return []
  return values.flatMap((pair: unknown) => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') return []
    const reading = parseSample(pair[1], frame)
    return [{ at: new Date(pair[0] * 1000), value: reading.kind === 'known' ? reading.value : null }]
  })
}

async function list<T>(
  context: Context,
  path: string,
  parse: (data: Shape, frame: FieldContext) => readonly T[] | undefined,
  options?: CallOptions,
): Promise<Answer<readonly T[]>> {
  const got = await ask(context, { path, maxBytes: LARGE_BYTES }, options)
  if (!got.ok) return got
  const frame = frameOf(context)
  const parsed = parse(got.data, frame)
  if (!parsed) return mismatch(`${path.split('?')[0]} has no list`)
  return { ok: true, value: parsed, latencyMs: got.latencyMs, drift: frame.drift }
}

async function test(context: Context): Promise<TestVerdict> {
  const subject = {
    name: 'Prometheus',
    address: addressOf(context.baseUrl),
    credential: 'PROMETHEUS_TOKEN',
  }
  const up = await query(context, 'up')
  if (!up.ok) return failedTest(up, subject)
  const { latencyMs } = up
  const down = up.value.filter(({ value: one }) => one.kind === 'known' && one.value === 0)
  const said = `Prometheus answered in ${Math.round(latencyMs)} ms and scrapes ${up.value.length} targets`
  if (up.value.length === 0)
    return {
      ok: false,
      sentence: `${said}: it knows nothing yet.`,
      repair: 'Add the integration and the DCGM exporters to its scrape configuration.',
      latencyMs,
    }
  if (down.length === 0) return { ok: true, sentence: `${said}, all of them up.`, latencyMs }
  const names = down.slice(0, 3).map(({ labels }) => `${labels.job ?? '?'}/${labels.instance ?? '?'}`)
  return { ok: true, sentence: `${said}; ${down.length} down: ${names.join(', ')}.`, latencyMs }
}

type Got = { readonly ok: true; readonly data: Shape; readonly latencyMs: number } | SourceFailure

async function ask(
  context: Context,
  call: {
    readonly path: string
    readonly form?: URLSearchParams
    readonly maxBytes?: number
    readonly read?: HttpRequest['read']
  },
  options: Partial<CallOptions> = {},
): Promise<Got> {
  const answer = await context.http.request({
    url: `${context.baseUrl.replace(/\/+$/, '')}${call.path}`,
    ...(call.form ? { method: 'POST', body: call.form.toString() } : {}),
    headers: {
      ...(call.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...(context.token ? { authorization: `Bearer ${context.token}` } : {}),
      // Unpacking megabytes costs more time on a local network than sending them.
      'accept-encoding': 'identity',
    },
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(call.maxBytes === undefined ? {} : { maxBytes: call.maxBytes }),
    ...(call.read ? { read: call.read } : {}),
    expect: 'json',
  })
  if (!answer.ok) return refusal(answer)
  const { json } = answer.value
  if (!isShape(json)) return mismatch('the answer is not an object')
  if (json.status !== 'success')
    return failure('source_error', `${textOf(json, 'errorType')}: ${textOf(json, 'error')}`)
  if (!isShape(json.data)) return mismatch('the answer has no data')
  return { ok: true, data: json.data, latencyMs: answer.latencyMs }
}

/** Prometheus explains its refusals in JSON; a timeout of a query is its own error, not an unreachable server. */
function refusal(answer: HttpFailure): SourceFailure {
  const { body, ...rest } = answer
  if (body === undefined || !body.startsWith('{')) return rest
  try {
    const json: unknown = JSON.parse(body)
    if (!isShape(json) || typeof json.error !== 'string') return rest
    return { ...rest, detail: failure(rest.why, `${textOf(json, 'errorType')}: ${json.error}`).detail }
  } catch {
    return rest
  }
}

function queryForm(expr: string, options: QueryOptions): URLSearchParams {
  const form = new URLSearchParams({ query: expr, timeout: serverTimeout(options) })
  if (options.at) form.set('time', seconds(options.at))
  return form
}

function serverTimeout(options: Partial<CallOptions> = {}): string {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS
  return `${Math.max(1, Math.round(deadlineMs * SERVER_TIMEOUT_SHARE))}ms`
}

function seconds(at: Date): string {
  return String(at.getTime() / 1000)
}

function frameOf(context: Context): FieldContext {
  return { source: context.sourceId, at: context.clock.now(), drift: [] }
}

function mismatch(detail: string): SourceFailure {
  return failure('schema_mismatch', detail)
}
