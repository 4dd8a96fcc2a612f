import { failure } from '../../platform/http-failure'
import type { Http } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import { instantOf, isShape, type Shape, shapesIn, textOf } from '../parse'
import type { Answer, CallOptions, SourceFailure, TestVerdict } from '../source'
import { addressOf, failedTest } from '../verdict'
import type { Alertmanager, AlertmanagerConfig, ListedAlert, ListedSilence } from './types'

const DEADLINE_MS = 10_000
const LARGE_BYTES = 64 * 1024 * 1024

type Context = AlertmanagerConfig & { readonly http: Http }

/** createAlertmanager reads alerts, silences and the time of the last restart of one Alertmanager. */
export function createAlertmanager(config: AlertmanagerConfig & { readonly http: Http }): Alertmanager {
  rememberSecret(config.token)
  return {
    alerts: (options) => listed(config, alertsPath(config.receiver), { parse: alertOf, options }),
    silences: (options) => listed(config, '/api/v2/silences', { parse: silenceOf, options }),
    startedAt: (options) => startedAt(config, options),
    test: () => test(config),
  }
}

function alertsPath(receiver: string | undefined): string {
  const query = new URLSearchParams({
    active: 'true',
    silenced: 'true',
    inhibited: 'true',
    unprocessed: 'true',
  })
  if (receiver) query.set('receiver', receiver)
  return `/api/v2/alerts?${query}`
}

type Got = { readonly ok: true; readonly json: unknown; readonly latencyMs: number } | SourceFailure

async function ask(context: Context, path: string, options: Partial<CallOptions> = {}): Promise<Got> {
  const answer = await context.http.request({
    url: `${context.baseUrl.replace(/\/+$/, '')}${path}`,
    headers: context.token ? { authorization: `Bearer ${context.token}` } : {},
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    ...(options.signal ? { signal: options.signal } : {}),
    maxBytes: LARGE_BYTES,
    expect: 'json',
  })
  if (answer.ok) return { ok: true, json: answer.value.json, latencyMs: answer.latencyMs }
  const { body: _body, ...refusal } = answer
  return refusal
}

/** One entry of another shape is left out and named as drift: the others still count. */
async function listed<T>(
  context: Context,
  path: string,
  how: { readonly parse: (item: Shape) => T | undefined; readonly options: CallOptions | undefined },
): Promise<Answer<readonly T[]>> {
  const got = await ask(context, path, how.options)
  if (!got.ok) return got
  if (!Array.isArray(got.json)) return failure('schema_mismatch', `${path.split('?')[0]} is not a list`)
  const items = shapesIn(got.json).map(how.parse)
  const read = items.filter((item) => item !== undefined)
  if (read.length === 0 && got.json.length > 0)
    return failure('schema_mismatch', `no entry of ${path.split('?')[0]} could be read`)
  const lost = got.json.length - read.length
  return { ok: true, value: read, latencyMs: got.latencyMs, drift: lost === 0 ? [] : [`${lost} entries`] }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function oneOf<const Word extends string>(value: unknown, words: readonly Word[]): Word | 'unknown' {
  return words.find((word) => word === value) ?? 'unknown'
}

function alertOf(item: Shape): ListedAlert | undefined {
  const fingerprint = textOf(item, 'fingerprint')
  const startsAt = textOf(item, 'startsAt')
  if (fingerprint === '' || startsAt === '' || !isShape(item.labels)) return undefined
  const status = isShape(item.status) ? item.status : {}
  return {
    fingerprint,
    labels: item.labels,
    annotations: isShape(item.annotations) ? item.annotations : {},
    startsAt,
    generatorUrl: textOf(item, 'generatorURL'),
    state: oneOf(status.state, ['active', 'suppressed', 'unprocessed']),
    silencedBy: texts(status.silencedBy),
    inhibitedBy: texts(status.inhibitedBy),
  }
}

function silenceOf(item: Shape): ListedSilence | undefined {
  const id = textOf(item, 'id')
  const startsAt = instantOf(item.startsAt)
  const endsAt = instantOf(item.endsAt)
  if (id === '' || !startsAt || !endsAt) return undefined
  return {
    id,
    state: oneOf(isShape(item.status) ? item.status.state : undefined, ['active', 'pending', 'expired']),
    createdBy: textOf(item, 'createdBy'),
    comment: textOf(item, 'comment'),
    startsAt,
    endsAt,
    matchers: shapesIn(item.matchers).map((matcher) => ({
      name: textOf(matcher, 'name'),
      value: textOf(matcher, 'value'),
      isRegex: matcher.isRegex === true,
      isEqual: matcher.isEqual !== false,
    })),
  }
}

/** The status also carries the configuration with its secrets: only the uptime is read, nothing is kept. */
async function startedAt(context: Context, options?: CallOptions): Promise<Answer<Date>> {
  const got = await ask(context, '/api/v2/status', options)
  if (!got.ok) return got
  const at = isShape(got.json) ? instantOf(got.json.uptime) : undefined
  if (!at) return failure('schema_mismatch', '/api/v2/status has no uptime')
  return { ok: true, value: at, latencyMs: got.latencyMs, drift: [] }
}

async function test(context: Context): Promise<TestVerdict> {
  const subject = {
    name: 'Alertmanager',
    address: addressOf(context.baseUrl),
    credential: 'ALERTMANAGER_TOKEN',
  }
  const alerts = await listed(context, alertsPath(context.receiver), { parse: alertOf, options: undefined })
  if (!alerts.ok) return failedTest(alerts, subject)
  const silences = await listed(context, '/api/v2/silences', { parse: silenceOf, options: undefined })
  if (!silences.ok) return failedTest(silences, subject)
  const quiet = silences.value.filter((silence) => silence.state === 'active').length
  const { latencyMs } = alerts
  const sentence = `Alertmanager answered in ${Math.round(latencyMs)} ms: ${alerts.value.length} alerts, ${quiet} silences in force.`
  return { ok: true, sentence, latencyMs }
}
