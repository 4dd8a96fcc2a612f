import { createRequire } from 'node:module'
import * as grpc from '@grpc/grpc-js'
import type * as Proto from '@temporalio/proto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../source'
import { freePort } from '../testing/programs'
import { createTemporal } from './temporal'
import type { Temporal, TemporalQueue } from './types'

// CommonJS whose names Node can not list, so it is required.
const proto: typeof Proto = createRequire(import.meta.url)('@temporalio/proto')
const api = proto.temporal.api.workflowservice.v1
const t0 = new Date('2026-11-21T10:00:00Z')
const queue = { name: 'video-processing@gpu', type: 'activity' } as const

type Reply = { readonly value: object } | { readonly code: grpc.status; readonly details: string } | 'silence'
type Asked = {
  readonly namespace: string
  readonly name: string
  readonly type: number
  readonly stats: boolean
  readonly metadata: grpc.Metadata
}

let server: grpc.Server
let port: number
let reply: Reply = { value: {} }
const asked: Asked[] = []
const open: Temporal[] = []

beforeAll(async () => {
  server = new grpc.Server()
  const path = (name: string): string => `/temporal.api.workflowservice.v1.WorkflowService/${name}`
  server.register(
    path('DescribeTaskQueue'),
    describeQueue,
    (message: object) => Buffer.from(api.DescribeTaskQueueResponse.encode(message).finish()),
    (bytes) => api.DescribeTaskQueueRequest.decode(bytes),
    'unary',
  )
  server.register(
    path('GetSystemInfo'),
    systemInfo,
    (message: object) => Buffer.from(api.GetSystemInfoResponse.encode(message).finish()),
    (bytes) => api.GetSystemInfoRequest.decode(bytes),
    'unary',
  )
  port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})
afterAll(() => server.forceShutdown())

const describeQueue: grpc.handleUnaryCall<
  Proto.temporal.api.workflowservice.v1.DescribeTaskQueueRequest,
  object
> = (call, callback) => {
  const { namespace, taskQueue, taskQueueType, reportStats } = call.request
  asked.push({
    namespace,
    name: taskQueue?.name ?? '',
    type: taskQueueType,
    stats: reportStats,
    metadata: call.metadata,
  })
  if (reply === 'silence') return
  if ('code' in reply) callback({ code: reply.code, details: reply.details })
  else callback(null, reply.value)
}

const systemInfo: grpc.handleUnaryCall<object, object> = (_call, callback) =>
  callback(null, { serverVersion: '1.31.2' })

function adapter(config: object = {}): Temporal {
  const one = createTemporal({ address: `127.0.0.1:${port}`, namespace: 'default', ...config })
  open.push(one)
  return one
}

async function ask(next: Reply, deadlineMs = 2000): Promise<Answer<TemporalQueue>> {
  reply = next
  return adapter().describe(queue, t0, { deadlineMs })
}

function brief(reading: { kind: string; value?: unknown; why?: string }): unknown {
  return reading.kind === 'known' ? reading.value : reading.why
}

const seconds = (at: Date) => ({ seconds: at.getTime() / 1000, nanos: 500_000_000 })

describe('a queue', () => {
  it('is asked by its type, with statistics', async () => {
    await ask({ value: {} })
    expect(asked.at(-1)).toMatchObject({
      namespace: 'default',
      name: 'video-processing@gpu',
      type: 2,
      stats: true,
    })
    await adapter().describe({ name: 'flow', type: 'workflow' }, t0)
    expect(asked.at(-1)).toMatchObject({ name: 'flow', type: 1 })
  })

  it('with work is read whole', async () => {
    const answer = await ask({
      value: {
        pollers: [{ identity: '4711@gpu-worker-1', lastAccessTime: seconds(t0), ratePerSecond: 100_000 }],
        stats: {
          approximateBacklogCount: 17,
          approximateBacklogAge: { seconds: 42, nanos: 500_000_000 },
          tasksAddRate: 0.5,
          tasksDispatchRate: 0.25,
          rateLimitingActive: true,
        },
      },
    })
    if (!answer.ok) throw new Error(answer.detail)
    const { value } = answer
    expect(brief(value.backlog)).toBe(17)
    expect(brief(value.oldestSeconds)).toBe(42.5)
    expect(brief(value.addPerSecond)).toBe(0.5)
    expect(brief(value.dispatchPerSecond)).toBe(0.25)
    expect(brief(value.rateLimited)).toBe(true)
    expect(brief(value.pollers)).toEqual([
      { identity: '4711@gpu-worker-1', lastAt: new Date(t0.getTime() + 500) },
    ])
    expect(value).toMatchObject({ everSeen: true, observedAt: t0 })
  })

  it('with a backlog above 2³² keeps its count', async () => {
    const answer = await ask({ value: { stats: { approximateBacklogCount: 5_000_000_000 } } })
    expect(answer.ok && brief(answer.value.backlog)).toBe(5_000_000_000)
  })

  it('with statistics of zeros is empty: that is a measurement', async () => {
    const answer = await ask({ value: { stats: {} } })
    expect(
      answer.ok && [brief(answer.value.backlog), brief(answer.value.addPerSecond), answer.value.everSeen],
    ).toEqual([0, 0, false])
  })

  it('of a server without statistics is not supported, never zero', async () => {
    const answer = await ask({ value: { pollers: [] } })
    if (!answer.ok) throw new Error(answer.detail)
    const { backlog, oldestSeconds, addPerSecond, dispatchPerSecond, rateLimited, pollers } = answer.value
    expect([backlog, oldestSeconds, addPerSecond, dispatchPerSecond, rateLimited].map(brief)).toEqual(
      Array.from({ length: 5 }, () => 'not_supported'),
    )
    expect(brief(pollers)).toEqual([])
  })

  it('leaves out a poller without a time and counts it', async () => {
    const answer = await ask({
      value: { pollers: [{ identity: 'x' }, { identity: 'y', lastAccessTime: seconds(t0) }] },
    })
    expect(answer.ok && brief(answer.value.pollers)).toHaveLength(1)
    expect(answer.ok && answer.drift).toEqual(['temporal.lastAccessTime'])
  })
})

describe('a failure', () => {
  it.each<[string, grpc.status, string]>([
    ['an unknown namespace', grpc.status.NOT_FOUND, 'source_refused'],
    ['no permission', grpc.status.PERMISSION_DENIED, 'source_refused'],
    ['no credential', grpc.status.UNAUTHENTICATED, 'source_refused'],
    ['too many requests', grpc.status.RESOURCE_EXHAUSTED, 'rate_limited'],
    ['a method that is missing', grpc.status.UNIMPLEMENTED, 'not_supported'],
    ['an internal error', grpc.status.INTERNAL, 'source_error'],
    ['an unavailable server', grpc.status.UNAVAILABLE, 'source_unreachable'],
  ])('of %s has its reason', async (_name, code, why) => {
    expect(await ask({ code, details: 'said the server' })).toMatchObject({
      ok: false,
      why,
      detail: expect.stringContaining('said the server'),
    })
  })

  it('of a silent server ends at the deadline', async () => {
    expect(await ask('silence', 100)).toMatchObject({
      ok: false,
      why: 'source_unreachable',
      detail: expect.stringContaining('DEADLINE_EXCEEDED'),
    })
  })

  it('of a port where nothing listens says so at once', async () => {
    const one = createTemporal({ address: `127.0.0.1:${await freePort()}`, namespace: 'default' })
    open.push(one)
    const answer = await one.describe(queue, t0, { deadlineMs: 10_000 })
    expect(answer).toMatchObject({
      ok: false,
      why: 'source_unreachable',
      detail: expect.stringMatching(/UNAVAILABLE.*ECONNREFUSED/),
    })
  })

  it('by the caller’s signal is no throw', async () => {
    reply = 'silence'
    const controller = new AbortController()
    const pending = adapter().describe(queue, t0, { deadlineMs: 5000, signal: controller.signal })
    setImmediate(() => controller.abort())
    expect(await pending).toMatchObject({ ok: false, why: 'source_unreachable' })
  })
})

describe('"test now"', () => {
  it('names the version and what can be seen', async () => {
    reply = { value: { stats: {} } }
    expect(await adapter().test(t0)).toMatchObject({
      ok: true,
      sentence: expect.stringMatching(/^Temporal 1\.31\.2 answered/),
    })
  })

  it('tells a wrong namespace from a wrong key', async () => {
    reply = { code: grpc.status.NOT_FOUND, details: 'namespace default not found' }
    expect(await adapter().test(t0)).toMatchObject({ ok: false, repair: 'Correct TEMPORAL_NAMESPACE.' })
    reply = { code: grpc.status.PERMISSION_DENIED, details: 'no' }
    expect((await adapter().test(t0)).repair).toContain('TEMPORAL_API_KEY')
  })
})

it('an API key travels as a bearer token', async () => {
  reply = { value: {} }
  await adapter({ apiKey: 'temporal-key-0123456789', tls: false }).describe(queue, t0)
  expect(asked.at(-1)?.metadata.get('authorization')).toEqual(['Bearer temporal-key-0123456789'])
})
