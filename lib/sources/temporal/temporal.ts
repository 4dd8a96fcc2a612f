import type { Connection } from '@temporalio/client'
import { systemClock } from '../../platform/clock'
import { failure } from '../../platform/http-failure'
import { rememberSecret } from '../../platform/redact'
import type { Answer, CallOptions, SourceFailure, TestVerdict } from '../source'
import { failedTest } from '../verdict'
import { parseQueue } from './queue'
import type { QueueType, Temporal, TemporalConfig, TemporalQueue } from './types'

const DEADLINE_MS = 3000
/** TaskQueueType of the protocol; 0 would silently mean workflow. */
const TYPE_NUMBER: Readonly<Record<QueueType, 1 | 2>> = { workflow: 1, activity: 2 }

type Context = TemporalConfig & { readonly sourceId: string; readonly connect: () => Promise<Connection> }

/** createTemporal reads one namespace over gRPC; the client library is loaded at the first call, never before. */
export function createTemporal(config: TemporalConfig): Temporal {
  rememberSecret(config.apiKey)
  let connection: Promise<Connection> | undefined
  const context: Context = {
    ...config,
    sourceId: config.sourceId ?? 'temporal',
    connect: () => {
      connection ??= open(config)
      return connection
    },
  }
  return {
    describe: (queue, now, options) => describe(context, queue, { now, options }),
    serverVersion: (options) => serverVersion(context, options),
    test: (now) => test(context, now),
    close: async () => {
      const opened = await connection
      connection = undefined
      await opened?.close()
    },
  }
}

async function open(config: TemporalConfig): Promise<Connection> {
  const { Connection: Client } = await import('@temporalio/client')
  return Client.lazy({
    address: config.address,
    // Without its retries a dead server says so at once instead of at the deadline.
    interceptors: [],
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 500, 'grpc.max_reconnect_backoff_ms': 5000 },
    ...(config.apiKey ? { apiKey: config.apiKey } : {}),
    ...(config.tls === undefined ? {} : { tls: config.tls }),
  })
}

type Look = { readonly now: Date; readonly options: Partial<CallOptions> | undefined }

async function describe(
  context: Context,
  queue: { readonly name: string; readonly type: QueueType },
  look: Look,
): Promise<Answer<TemporalQueue>> {
  const answer = await ask(context, look.options, (connection) =>
    connection.workflowService.describeTaskQueue({
      namespace: context.namespace,
      taskQueue: { name: queue.name },
      taskQueueType: TYPE_NUMBER[queue.type],
      reportStats: true,
    }),
  )
  if (!answer.ok) return answer
  const frame = { source: context.sourceId, at: look.now, drift: [] }
  const value = parseQueue(queue, answer.value, frame)
  return { ok: true, value, latencyMs: answer.latencyMs, drift: frame.drift }
}

async function serverVersion(context: Context, options?: Partial<CallOptions>): Promise<Answer<string>> {
  const answer = await ask(context, options, (connection) => connection.workflowService.getSystemInfo({}))
  if (!answer.ok) return answer
  return { ...answer, value: answer.value.serverVersion || 'unknown' }
}

async function test(context: Context, now: Date): Promise<TestVerdict> {
  const subject = { name: 'Temporal', address: context.address, credential: 'TEMPORAL_API_KEY' }
  const version = await serverVersion(context)
  if (!version.ok) return failedTest(version, subject)
  const probe = await describe(
    context,
    { name: 'watchfloor-test', type: 'activity' },
    { now, options: undefined },
  )
  if (!probe.ok && probe.detail.includes('NOT_FOUND'))
    return {
      ok: false,
      sentence: `Temporal ${version.value} answers, but knows no namespace ${context.namespace}.`,
      repair: 'Correct TEMPORAL_NAMESPACE.',
    }
  if (!probe.ok) return failedTest(probe, subject)
  const said = `Temporal ${version.value} answered in ${Math.round(probe.latencyMs)} ms`
  if (probe.value.backlog.kind === 'unknown')
    return {
      ok: true,
      sentence: `${said}; it reports workers, but no backlog.`,
      repair: 'Upgrade the server to 1.28 or newer to see the backlog.',
      latencyMs: probe.latencyMs,
    }
  return { ok: true, sentence: `${said}; it reports workers and backlog.`, latencyMs: probe.latencyMs }
}

async function ask<T>(
  context: Context,
  options: Partial<CallOptions> = {},
  call: (connection: Connection) => Promise<T>,
): Promise<Answer<T>> {
  try {
    const connection = await context.connect()
    const startedMs = systemClock.monotonicMs()
    // gRPC compares the deadline with the machine's own clock, so a simulated one would not do here.
    const deadline = systemClock.now().getTime() + (options.deadlineMs ?? DEADLINE_MS)
    const bounded = (): Promise<T> => connection.withDeadline(deadline, () => call(connection))
    const value = options.signal ? await connection.withAbortSignal(options.signal, bounded) : await bounded()
    return { ok: true, value, latencyMs: systemClock.monotonicMs() - startedMs, drift: [] }
  } catch (error) {
    return failureOf(error, context)
  }
}

/** gRPC status codes of the protocol. */
const CODES: Readonly<Record<number, { readonly name: string; readonly why: SourceFailure['why'] }>> = {
  1: { name: 'CANCELLED', why: 'source_unreachable' },
  2: { name: 'UNKNOWN', why: 'source_error' },
  3: { name: 'INVALID_ARGUMENT', why: 'source_error' },
  4: { name: 'DEADLINE_EXCEEDED', why: 'source_unreachable' },
  5: { name: 'NOT_FOUND', why: 'source_refused' },
  7: { name: 'PERMISSION_DENIED', why: 'source_refused' },
  8: { name: 'RESOURCE_EXHAUSTED', why: 'rate_limited' },
  12: { name: 'UNIMPLEMENTED', why: 'not_supported' },
  13: { name: 'INTERNAL', why: 'source_error' },
  14: { name: 'UNAVAILABLE', why: 'source_unreachable' },
  16: { name: 'UNAUTHENTICATED', why: 'source_refused' },
}

function failureOf(error: unknown, context: Context): SourceFailure {
  const code = error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN
  const { name, why } = CODES[code] ?? { name: 'error', why: 'source_error' as const }
  const said =
    error instanceof Error && 'details' in error && typeof error.details === 'string' && error.details !== ''
      ? error.details
      : error instanceof Error
        ? error.message
        : 'the call failed'
  const wrongNamespace = code === 5 ? ` (is the namespace ${context.namespace} right?)` : ''
  return { ...failure('source_error', `${name}: ${said}${wrongNamespace}`), why }
}
