import type { Clock } from '../../platform/clock'
import { excerpt, failure } from '../../platform/http-failure'
import type { Http, HttpAnswer } from '../../platform/http-types'
import { redactText, rememberSecret } from '../../platform/redact'
import {
  type FieldContext,
  isShape,
  known,
  type Shape,
  sameUnknown,
  shapesIn,
  textOf,
  unknown,
} from '../parse'
import type { Reading } from '../reading'
import type { Answer, CallOptions, SourceFailure, TestVerdict } from '../source'
import { addressOf, failedTest } from '../verdict'
import { changesOf } from './changes'
import { parseDeployment } from './deployment'
import type { Got } from './got'
import { errorLinesOf } from './log-lines'
import { parseEvents, parsePod, parseUsage, type Usage } from './pod'
import type {
  Kubernetes,
  KubernetesConfig,
  KubernetesDeployment,
  KubernetesLook,
  KubernetesPod,
  KubernetesPodLog,
  KubernetesSecret,
} from './types'

const DEADLINE_MS = 8_000
const LOG_BYTES = 65_536
const LOG_SECONDS = 300
const LOG_PODS = 5
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=1'

type Context = KubernetesConfig & {
  readonly http: Http
  readonly clock: Clock
  readonly sourceId: string
}

/** createKubernetes reads one namespace of a cluster; the token goes into the Authorization header and into no message. */
export function createKubernetes(
  config: KubernetesConfig & { readonly http: Http; readonly clock: Clock },
): Kubernetes {
  rememberSecret(config.token)
  const context: Context = { ...config, sourceId: config.sourceId ?? 'kubernetes' }
  return {
    look: (options) => look(context, options),
    logs: (since, options) => podLogs(context, since, options),
    test: () => test(context),
  }
}

async function look(context: Context, options?: CallOptions): Promise<Answer<KubernetesLook>> {
  const frame: FieldContext = { source: context.sourceId, at: context.clock.now(), drift: [] }
  const [found, sets, pods, usage, events, secrets] = await Promise.all([
    Promise.all(
      context.deployments.map((name) => get(context, `${apps(context)}/deployments/${name}`, options)),
    ),
    get(context, `${apps(context)}/replicasets?limit=500`, options),
    get(context, `${core(context)}/pods?limit=500`, options),
    get(context, `/apis/metrics.k8s.io/v1beta1/namespaces/${context.namespace}/pods`, options),
    get(context, `${core(context)}/events?fieldSelector=type%3DWarning&limit=200`, options),
    Promise.all(secretNames(context).map((name) => presence(context, name, options))),
  ])
  const failed = found.find((one): one is SourceFailure => !one.ok && one.status !== 404)
  if (failed) return failed
  const deployments = found.flatMap((one) => (one.ok ? (parseDeployment(one.body, sets, frame) ?? []) : []))
  const gone = context.deployments.filter((_, index) => found[index]?.ok === false)
  for (const name of gone) frame.drift.push(`no deployment named ${name}`)
  const readPods = podsOf(pods, { deployments, sets, usage, frame })
  const reading = (): Reading<readonly KubernetesDeployment[]> =>
    gone.length > 0 && deployments.length === 0
      ? unknown(frame, 'field_absent', `no deployment named ${gone.join(', ')}`)
      : known(frame, deployments, '')
  const readSecrets = secretsOf(context, secrets, readPods, frame)
  return {
    ok: true,
    latencyMs: Math.max(0, ...found.map((one) => (one.ok ? one.latencyMs : 0))),
    drift: frame.drift,
    value: {
      source: context.sourceId,
      observedAt: frame.at,
      deployments: reading(),
      pods: readPods,
      secrets: readSecrets,
      changes: known(frame, changesOf({ deployments, secrets: readSecrets, now: frame.at }), ''),
      events: events.ok
        ? known(frame, parseEvents(events.body, context.deployments, frame.at), '')
        : blind(frame, events),
      errorLines: await errorLines(context, { pods: readPods, frame, options }),
    },
  }
}

function apps({ namespace }: Context): string {
  return `/apis/apps/v1/namespaces/${namespace}`
}

function core({ namespace }: Context): string {
  return `/api/v1/namespaces/${namespace}`
}

function blind(frame: FieldContext, problem: SourceFailure): Reading<never> {
  return unknown(frame, problem.why, problem.detail)
}

type PodParts = {
  readonly deployments: readonly KubernetesDeployment[]
  readonly sets: Got
  readonly usage: Got
  readonly frame: FieldContext
}

function podsOf(pods: Got, { deployments, sets, usage, frame }: PodParts): Reading<readonly KubernetesPod[]> {
  if (!pods.ok) return blind(frame, pods)
  if (!sets.ok) return blind(frame, sets)
  const owners = new Map(
    deployments.flatMap(({ name, revisions }) =>
      revisions.map(({ replicaSet }) => [replicaSet, name] as const),
    ),
  )
  const used: Usage = usage.ok
    ? parseUsage(usage.body, frame)
    : { readings: new Map(), missing: blind(frame, usage) }
  const list = shapesIn(pods.body.items).flatMap((item) => parsePod(item, { owners, used, frame }) ?? [])
  return known(frame, list, '')
}

function secretNames({ secrets }: Context): readonly string[] {
  return [...new Set(secrets.map(({ name }) => name))]
}

type Presence = { readonly name: string; readonly got: Got }

/** Metadata is all that is asked for: the rights are those of a read, but no value comes into this process. */
async function presence(context: Context, name: string, options?: CallOptions): Promise<Presence> {
  const path = `${core(context)}/secrets/${name}`
  return { name, got: await get(context, path, options, METADATA_ONLY) }
}

function secretsOf(
  context: Context,
  found: readonly Presence[],
  pods: Reading<readonly KubernetesPod[]>,
  frame: FieldContext,
): Reading<readonly KubernetesSecret[]> {
  const failed = found
    .map(({ got }) => got)
    .find((got): got is SourceFailure => !got.ok && got.status !== 404)
  if (failed) return blind(frame, failed)
  const messages = pods.kind === 'known' ? pods.value.map(({ waitingMessage }) => waitingMessage) : []
  const list = context.secrets.map(({ name, key }) => {
    const got = found.find((one) => one.name === name)?.got
    const changedAt = got?.ok ? lastWrite(got.body) : undefined
    const isKeyMissing = messages.some((text) => text.includes(`couldn't find key ${key} in Secret`))
    const names = got?.ok ? keyNamesOf(got.body) : undefined
    const isThere = got?.ok === true && !isKeyMissing
    return {
      name,
      key,
      present: isThere && names?.has(key) !== false,
      isSure: !isThere || names !== undefined,
      ...(changedAt ? { changedAt } : {}),
    }
  })
  return known(frame, list, '')
}

/** The metadata holds who set which field, and so the names of the keys without a value; undefined where the server kept none. */
function keyNamesOf({ metadata }: Shape): ReadonlySet<string> | undefined {
  if (!isShape(metadata)) return undefined
  const owned = shapesIn(metadata.managedFields).flatMap(({ fieldsV1 }) =>
    isShape(fieldsV1) ? [fieldsV1['f:data'], fieldsV1['f:stringData']].filter(isShape) : [],
  )
  if (owned.length === 0) return undefined
  const names = owned.flatMap((fields) => Object.keys(fields)).filter((name) => name.startsWith('f:'))
  return new Set(names.map((name) => name.slice(2)))
}

function lastWrite({ metadata }: Shape): Date | undefined {
  if (!isShape(metadata)) return undefined
  const times = shapesIn(metadata.managedFields).map(({ time }) => Date.parse(String(time)))
  const newest = Math.max(...times.filter(Number.isFinite), Number.NEGATIVE_INFINITY)
  return Number.isFinite(newest) ? new Date(newest) : undefined
}

type LinesInput = {
  readonly pods: Reading<readonly KubernetesPod[]>
  readonly frame: FieldContext
  readonly options: CallOptions | undefined
}

async function errorLines(
  context: Context,
  { pods, frame, options }: LinesInput,
): Promise<Reading<readonly string[]>> {
  if (pods.kind === 'unknown') return sameUnknown(pods)
  // A container that waits for its restart still shows the log of its last run.
  const own = pods.value.filter(
    (pod) => pod.deployment === context.deployments[0] && (pod.waiting === '' || pod.ended !== undefined),
  )
  if (own.length === 0) return unknown(frame, 'not_evaluated', 'no pod of the first deployment has run')
  const answers = await Promise.all(
    own.slice(0, LOG_PODS).map((pod) => logOf(context, pod.name, { ...LAST_LINES, ...options })),
  )
  const read = answers.flatMap((answer) => (answer.ok ? [answer.value.text] : []))
  const failed = answers.find((answer) => !answer.ok)
  if (read.length === 0 && failed && !failed.ok) return blind(frame, named(failed))
  return known(frame, errorLinesOf(read).map(redactText), '')
}

const WHOLE_PODS = 20
const WHOLE_BYTES = 1024 * 1024

async function podLogs(
  context: Context,
  since: Date,
  options?: CallOptions,
): Promise<Answer<readonly KubernetesPodLog[]>> {
  const seen = await look(context, options)
  if (!seen.ok) return seen
  const { pods } = seen.value
  if (pods.kind === 'unknown') return failure('source_error', pods.detail ?? 'the pods could not be listed')
  const ageMs = context.clock.now().getTime() - since.getTime()
  const wanted = { sinceSeconds: Math.max(1, Math.ceil(ageMs / 1000)), limitBytes: WHOLE_BYTES }
  const names = pods.value.map(({ name }) => name).sort()
  const logs = await Promise.all(
    names.slice(0, WHOLE_PODS).map(async (pod): Promise<KubernetesPodLog> => {
      const answer = await logOf(context, pod, { ...wanted, ...options })
      return answer.ok
        ? { pod, text: redactText(answer.value.text), problem: '' }
        : { pod, text: '', problem: named(answer).detail }
    }),
  )
  const others = names.slice(WHOLE_PODS).map((pod) => ({ pod, text: '', problem: 'too many pods to read' }))
  return { ...seen, value: [...logs, ...others] }
}

const LAST_LINES = { sinceSeconds: LOG_SECONDS, limitBytes: LOG_BYTES }

function logOf(
  context: Context,
  pod: string,
  options: Partial<CallOptions> & { readonly sinceSeconds: number; readonly limitBytes: number },
): Promise<HttpAnswer> {
  const { sinceSeconds, limitBytes } = options
  const query = `sinceSeconds=${sinceSeconds}&limitBytes=${limitBytes}&timestamps=true`
  return context.http.request({
    url: `${rootOf(context)}${core(context)}/pods/${encodeURIComponent(pod)}/log?${query}`,
    headers: { authorization: `Bearer ${context.token}` },
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    ...(options.signal ? { signal: options.signal } : {}),
    maxBytes: limitBytes * 2,
    cutAtMax: true,
  })
}

async function test(context: Context): Promise<TestVerdict> {
  const subject = {
    name: 'Kubernetes',
    address: addressOf(context.baseUrl),
    credential: 'the service account token',
  }
  const answer = await look(context)
  if (!answer.ok) return failedTest(answer, subject)
  const { deployments, pods, secrets } = answer.value
  const missing = context.deployments.filter(
    (name) => deployments.kind !== 'known' || !deployments.value.some((one) => one.name === name),
  )
  if (missing.length > 0)
    return {
      ok: false,
      sentence: `Kubernetes answered, but namespace ${context.namespace} has no deployment named ${missing.join(', ')}.`,
      repair: 'Correct the namespace or the names of the deployments.',
    }
  const dark = [pods, secrets, answer.value.errorLines].find(
    (one) => one.kind === 'unknown' && one.why === 'source_refused',
  )
  if (dark?.kind === 'unknown')
    return {
      ok: false,
      sentence: `Kubernetes shows the deployments, but not everything else (${dark.detail ?? ''}).`,
      repair:
        'Give the service account get and list on pods, replicasets and events, get on pods/log and on the named secrets.',
    }
  const count = pods.kind === 'known' ? pods.value.length : 0
  return {
    ok: true,
    sentence: `Kubernetes answered in ${Math.round(answer.latencyMs)} ms: ${context.deployments.length} deployments, ${count} pods.`,
    latencyMs: answer.latencyMs,
  }
}

async function get(
  context: Context,
  path: string,
  options?: CallOptions,
  accept = 'application/json',
): Promise<Got> {
  const answer = await context.http.request({
    url: `${rootOf(context)}${path}`,
    headers: { authorization: `Bearer ${context.token}`, accept },
    deadlineMs: options?.deadlineMs ?? DEADLINE_MS,
    ...(options?.signal ? { signal: options.signal } : {}),
    expect: 'json',
  })
  if (!answer.ok) return named(answer)
  const { json } = answer.value
  if (!isShape(json) || typeof json.kind !== 'string' || json.kind === 'Status')
    return failure('schema_mismatch', 'the answer is not an object of the Kubernetes API')
  if (/List$/.test(json.kind) && !Array.isArray(json.items))
    return failure('schema_mismatch', 'items: the list is missing or not a list')
  return { ok: true, body: json, latencyMs: answer.latencyMs }
}

function rootOf({ baseUrl }: Context): string {
  return baseUrl.replace(/\/+$/, '')
}

/** The server tells what is wrong in a Status object. */
function named(answer: Exclude<HttpAnswer, { ok: true }>): SourceFailure {
  const { body, ...rest } = answer
  if (body === undefined) return rest
  const said = messageOf(body)
  if (answer.status === 404 && said === '')
    return failure('schema_mismatch', 'HTTP 404 from what is not a Kubernetes API server')
  return failure(answer.why, `HTTP ${answer.status ?? ''}: ${said === '' ? excerpt(body) : excerpt(said)}`, {
    ...(answer.status === undefined ? {} : { status: answer.status }),
    ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
  })
}

function messageOf(body: string): string {
  try {
    const json: unknown = JSON.parse(body)
    return isShape(json) ? textOf(json, 'message') : ''
  } catch {
    return ''
  }
}
