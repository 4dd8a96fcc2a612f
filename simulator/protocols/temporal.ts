import { createRequire } from 'node:module'
import * as grpc from '@grpc/grpc-js'
import type * as Proto from '@temporalio/proto'
import type { SimClock } from '../clock'
import type { Faults } from '../faults'
import { slowMs } from '../faults'
import type { QueueReading } from '../world/queues'
import { hash32 } from '../world/random'
import { lastPollMs } from '../world/workers'
import type { World } from '../world/world'

// The package is CommonJS and Node cannot see its names, so it is required rather than imported.
const proto: typeof Proto = createRequire(import.meta.url)('@temporalio/proto')
const api = proto.temporal.api.workflowservice.v1
const POLLER_LISTED_MS = 300_000
const SERVER_VERSION = '1.31.2'
const OLD_SERVER_VERSION = '1.27.4'

type Codec<Message, Plain> = {
  encode(message: Plain): { finish(): Uint8Array }
  decode(bytes: Uint8Array): Message
}
type Answer<Request, Response> = (request: Request, offsetMs: number) => Response

export type TemporalWorld = { readonly world: World; readonly faults: Faults; readonly clock: SimClock }
type Running = () => TemporalWorld

export class TemporalFailure extends Error {
  constructor(
    readonly code: grpc.status,
    message: string,
  ) {
    super(message)
    this.name = 'TemporalFailure'
  }
}

export function createTemporalServer(running: Running): grpc.Server {
  const server = new grpc.Server()
  const add = <Request, Response>(
    method: string,
    request: Codec<Request, never>,
    response: Codec<unknown, Response>,
    answer: Answer<Request, Response>,
  ): void =>
    addUnary({
      server,
      running,
      path: `/temporal.api.workflowservice.v1.WorkflowService/${method}`,
      request,
      response,
      answer,
    })
  add('GetSystemInfo', api.GetSystemInfoRequest, api.GetSystemInfoResponse, (_, offsetMs) =>
    systemInfo(running(), offsetMs),
  )
  add('GetClusterInfo', api.GetClusterInfoRequest, api.GetClusterInfoResponse, () => ({
    clusterId: 'simulated',
    clusterName: 'simulated',
    serverVersion: SERVER_VERSION,
    historyShardCount: 4,
  }))
  add('DescribeNamespace', api.DescribeNamespaceRequest, api.DescribeNamespaceResponse, (request) => {
    checkNamespace(running().world, request.namespace)
    return { namespaceInfo: { name: request.namespace, state: 1 } }
  })
  add('DescribeTaskQueue', api.DescribeTaskQueueRequest, api.DescribeTaskQueueResponse, (request, offsetMs) =>
    describeTaskQueue(running(), request, offsetMs),
  )
  addHealthCheck(server, running)
  return server
}

type UnaryInput<Request, Response> = {
  readonly server: grpc.Server
  readonly running: Running
  readonly path: string
  readonly request: Codec<Request, never>
  readonly response: Codec<unknown, Response>
  readonly answer: Answer<Request, Response>
}

function addUnary<Request, Response>({
  server,
  running,
  path,
  request,
  response,
  answer,
}: UnaryInput<Request, Response>): void {
  const handler: grpc.handleUnaryCall<Request, Response> = (call, callback) => {
    respond(running(), path, (offsetMs) => answer(call.request, offsetMs))
      .then((message) => callback(null, message))
      .catch((error: unknown) => callback(serviceError(error)))
  }
  server.register<Request, Response>(
    path,
    handler,
    (message) => Buffer.from(response.encode(message).finish()),
    (bytes) => request.decode(bytes),
    'unary',
  )
}

function serviceError(error: unknown): { readonly code: grpc.status; readonly details: string } {
  if (error instanceof TemporalFailure) return { code: error.code, details: error.message }
  return { code: grpc.status.INTERNAL, details: error instanceof Error ? error.message : String(error) }
}

async function respond<Response>(
  { faults, clock }: TemporalWorld,
  path: string,
  answer: (offsetMs: number) => Response,
): Promise<Response> {
  const nowMs = clock.offsetMs()
  const fault = faults.find('temporal', { path }, nowMs)
  switch (fault?.event.fault) {
    case 'refused':
    case 'server-error':
    case 'html':
    case 'truncated':
      throw new TemporalFailure(grpc.status.UNAVAILABLE, 'connection refused by frontend')
    case 'unauthorized':
      throw new TemporalFailure(grpc.status.UNAUTHENTICATED, 'invalid credentials')
    case 'forbidden':
      throw new TemporalFailure(grpc.status.PERMISSION_DENIED, 'request unauthorized')
    case 'rate-limited':
      throw new TemporalFailure(grpc.status.RESOURCE_EXHAUSTED, 'namespace rate limit exceeded')
    case 'blackhole':
      return new Promise<Response>(() => {})
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, slowMs(fault.event)))
      return answer(clock.offsetMs())
    case 'stale':
      return answer(Math.min(nowMs, fault.fromMs))
    default:
      return answer(nowMs)
  }
}

function systemInfo(
  { world }: TemporalWorld,
  offsetMs: number,
): Proto.temporal.api.workflowservice.v1.IGetSystemInfoResponse {
  const old = statsUnset(world, offsetMs)
  return {
    serverVersion: old ? OLD_SERVER_VERSION : SERVER_VERSION,
    capabilities: { supportsSchedules: true },
  }
}

function statsUnset(world: World, offsetMs: number): boolean {
  return world.effects
    .active('source-fault', offsetMs)
    .some(
      (effect) =>
        effect.event.source === 'temporal' &&
        (effect.event.fault === 'stats-unset' || effect.event.fault === 'nulls'),
    )
}

function checkNamespace(world: World, namespace: string): void {
  if (namespace !== world.scenario.world.namespace)
    throw new TemporalFailure(grpc.status.NOT_FOUND, `Namespace ${namespace} is not found.`)
}

function describeTaskQueue(
  { world }: TemporalWorld,
  request: Proto.temporal.api.workflowservice.v1.DescribeTaskQueueRequest,
  offsetMs: number,
): Proto.temporal.api.workflowservice.v1.IDescribeTaskQueueResponse {
  checkNamespace(world, request.namespace)
  const name = request.taskQueue?.name ?? ''
  if (name === '') throw new TemporalFailure(grpc.status.INVALID_ARGUMENT, 'TaskQueue is not set on request.')
  const activity =
    request.taskQueueType === proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
  const queue = world.queue(name)
  const matches = queue !== undefined && (queue.type === 'activity') === activity
  const wantsStats = request.reportStats && !statsUnset(world, offsetMs)
  if (queue === undefined || !matches)
    // A queue that never was is loaded on demand: an honest-looking zero, never NOT_FOUND.
    return api.DescribeTaskQueueResponse.fromObject({
      pollers: [],
      ...(wantsStats ? { stats: { approximateBacklogAge: { nanos: 0 } } } : {}),
    })
  const pollers = queue.pollerInstances.flatMap((index) => {
    const instance = world.fleet.instances[index]
    if (instance === undefined) return []
    const seenMs = lastPollMs(world, instance, queue, offsetMs)
    if (seenMs === undefined || offsetMs - seenMs > POLLER_LISTED_MS) return []
    return [
      {
        identity: `${100 + (hash32(instance.seed, queue.index) % 900)}@C.${instance.id}`,
        lastAccessTime: timestamp(world.startMs + seenMs),
        ratePerSecond: 100_000,
      },
    ]
  })
  return api.DescribeTaskQueueResponse.fromObject({
    pollers,
    ...(wantsStats ? { stats: statsOf(world.flow(queue).at(offsetMs)) } : {}),
  })
}

function statsOf(reading: QueueReading): Record<string, unknown> {
  return {
    approximateBacklogCount: reading.backlog,
    approximateBacklogAge: {
      seconds: Math.floor(reading.ageMs / 1000),
      nanos: (reading.ageMs % 1000) * 1_000_000,
    },
    tasksAddRate: reading.addPerSecond,
    tasksDispatchRate: reading.dispatchPerSecond,
    rateLimitingActive: reading.rateLimited,
  }
}

function timestamp(timeMs: number): { readonly seconds: number; readonly nanos: number } {
  return { seconds: Math.floor(timeMs / 1000), nanos: (timeMs % 1000) * 1_000_000 }
}

function addHealthCheck(server: grpc.Server, running: Running): void {
  const serving = Buffer.from([0x08, 0x01])
  const handler: grpc.handleUnaryCall<Buffer, Buffer> = (_, callback) => {
    respond(running(), '/grpc.health.v1.Health/Check', () => serving)
      .then((message) => callback(null, message))
      .catch((error: unknown) => callback(serviceError(error)))
  }
  server.register<Buffer, Buffer>(
    '/grpc.health.v1.Health/Check',
    handler,
    (message) => message,
    (bytes) => bytes,
    'unary',
  )
}
