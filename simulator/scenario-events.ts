import { z } from 'zod'
import { DURATION_PATTERN, durationMs } from './durations'

export const duration = z
  .string()
  .regex(DURATION_PATTERN, 'write a duration such as 90s, 20m, 12h or 3d')
  .transform(durationMs)
  .describe('A duration: a number and ms, s, m, h or d, such as 90s')

export const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._@/-]{0,79}$/, 'use letters, digits and . _ @ / -')
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'use lower case letters, digits and -')
const share = z.number().min(0).max(1)
const percent = z.number().min(0).max(100)

export const SOURCES = [
  'vast',
  'prometheus',
  'metrics',
  'temporal',
  'statuspage',
  'betterstack',
  'instatus',
  'integration',
  'services',
  'llama',
  'whisper',
  'minio',
  'supervisor',
  'agent',
  'kubernetes',
  'slack',
  'statuspage-manage',
  'pagerduty',
  'receiver',
  'registry',
  'fly',
] as const

export const FAULTS = [
  'refused',
  'blackhole',
  'slow',
  'unauthorized',
  'forbidden',
  'rate-limited',
  'server-error',
  'html',
  'truncated',
  'wrong-types',
  'nulls',
  'stale',
  'huge',
  'stats-unset',
  'not-found',
  'conflict',
  'invalid',
  'answer-lost',
] as const

export const PROGRAMS = ['worker-cpu', 'worker-gpu', 'llama'] as const

const target = z
  .strictObject({
    instances: z.array(z.int().min(1)).min(1).optional().describe('Numbers of instances, counted from 1'),
    hosts: z.array(z.int().min(1)).min(1).optional().describe('Numbers of hosts, counted from 1'),
    regions: z.array(name).min(1).optional(),
    models: z.array(name).min(1).optional(),
    count: z.int().min(1).optional().describe('How many of those that match; chosen from the seed'),
    share: share.optional().describe('Which share of those that match; chosen from the seed'),
    gpu: z.int().min(0).optional().describe('Index of the card inside each instance'),
    allGpus: z.boolean().optional(),
  })
  .describe('Whom the event meets; empty means one instance chosen from the seed')

const timing = {
  at: duration.describe('When it begins, counted from the start'),
  until: duration.optional().describe('When it ends, counted from the start'),
  for: duration.optional().describe('How long it lasts'),
  every: duration.optional().describe('Repeats with this period, each time with a fresh choice of targets'),
  note: z.string().max(300).optional(),
}

function event<Name extends string, Shape extends z.ZodRawShape>(kind: Name, shape: Shape) {
  return z.strictObject({ event: z.literal(kind), ...timing, ...shape })
}

const targeted = { target: target.optional() }
const queue = { queue: name.describe('Name of a queue of the world') }
const programOf = { program: z.enum(PROGRAMS).optional() }
const routesOf = {
  routes: z
    .array(z.enum(['instances', 'instance', 'users', 'mutate', 'logs']))
    .min(1)
    .optional(),
}
const errorStatus = z.union([
  z.literal(401),
  z.literal(403),
  z.literal(429),
  z.literal(500),
  z.literal(502),
  z.literal(503),
  z.literal(504),
])

const instanceEvents = [
  event('instance-status', {
    ...targeted,
    status: z
      .enum([
        'created',
        'loading',
        'running',
        'stopped',
        'frozen',
        'exited',
        'rebooting',
        'unknown',
        'offline',
      ])
      .nullable(),
    intended: z.enum(['running', 'stopped', 'frozen']).optional(),
    message: z.string().max(300).optional(),
  }),
  event('instance-flap', {
    ...targeted,
    status: z.enum(['loading', 'offline', 'unknown']).default('offline'),
    period: duration.prefault('60s'),
    dip: duration.prefault('15s'),
  }),
  event('instance-stranded', targeted),
  event('instance-outbid', targeted),
  event('instance-contract-end', { ...targeted, in: duration.prefault('12h') }),
  event('instance-disk', { ...targeted, share: share.nullable().describe('null: the provider answers -1') }),
  event('instance-restart', {
    ...targeted,
    fresh: z.boolean().optional().describe('The container is made anew: what filled its disk is gone'),
  }),
  event('instance-unreadable', { ...targeted, fields: z.array(name).min(1).optional() }),
  event('host-loss', targeted),
  event('host-heartbeat-lost', { ...targeted, status: z.enum(['unknown', 'offline']).default('unknown') }),
] as const

const gpuEvents = [
  event('gpu-xid', { ...targeted, code: z.int().min(1).max(200) }),
  event('gpu-thermal', { ...targeted, celsius: z.number().min(40).max(120) }),
  event('gpu-ecc', { ...targeted, perMinute: z.number().positive().default(2) }),
  event('gpu-row-remap', { ...targeted, state: z.enum(['pending', 'failed']) }),
  event('gpu-load', { ...targeted, utilPercent: percent }),
  event('telemetry-zero', { ...targeted, alternate: z.boolean().default(true) }),
  event('telemetry-lost', targeted),
] as const

const workerEvents = [
  event('workers-wedged', { ...targeted, ...programOf }),
  event('workers-stopped', {
    ...targeted,
    ...programOf,
    state: z.enum(['STOPPED', 'EXITED', 'FATAL', 'BACKOFF', 'RUNNING']).default('STOPPED'),
  }),
  event('workers-wrong-endpoint', targeted),
  event('model', {
    ...targeted,
    program: z.enum(['llama', 'whisper']).default('llama'),
    state: z.enum(['loading', 'busy', 'missing']),
  }),
  event('queue-arrival', { ...queue, factor: z.number().min(0).max(1000) }),
  event('queue-dispatch', { ...queue, factor: z.number().min(0).max(1000) }),
  event('queue-pollers-lost', { ...queue, share: share.default(1) }),
  event('queue-rate-limited', { ...queue, perSecond: z.number().positive().optional() }),
] as const

const providerEvents = [
  event('provider-errors', { status: errorStatus, share, ...routesOf }),
  event('provider-success-false', { share: share.default(1), message: z.string().max(300).optional() }),
  event('provider-unreachable', {}),
  event('provider-latency', { p95Ms: z.number().positive(), p99Ms: z.number().positive() }),
  event('key-revoked', { key: name.optional().describe('Name of a key; all of them when left out') }),
  event('key-scope', {
    routes: z.array(z.enum(['instances', 'instance', 'users', 'mutate', 'logs'])).min(1),
  }),
  event('access-blocked', {}),
  event('status-page', {
    mode: z.enum(['operational', 'incident', 'maintenance', 'silent', 'template', 'unreachable']),
    title: z.string().max(200).optional(),
    impact: z.enum(['minor', 'major', 'critical']).default('major'),
    state: z.enum(['investigating', 'identified', 'monitoring', 'resolved']).default('investigating'),
    components: z.array(name).optional(),
  }),
  event('credit', { usd: z.number().optional(), runwayHours: z.number().min(0).optional() }),
  event('credit-burn', { factor: z.number().min(0).max(1000) }),
] as const

const ownEvents = [
  event('own-health', {
    status: z.enum(['healthy', 'degraded', 'unhealthy']).optional(),
    vastai: z.enum(['healthy', 'degraded', 'unhealthy']).optional(),
    database: z.enum(['healthy', 'degraded', 'unhealthy']).optional(),
    temporal: z.enum(['healthy', 'degraded', 'unhealthy']).optional(),
    minio: z.enum(['healthy', 'degraded', 'unhealthy']).optional(),
    memoryPercent: percent.optional(),
    cpuPercent: percent.optional(),
    unreachable: z.boolean().optional(),
  }),
  event('errors', { status: errorStatus, perMinute: z.number().positive() }),
  event('latency', { p95Ms: z.number().positive(), p99Ms: z.number().positive() }),
  event('service', { service: name, state: z.enum(['ok', 'degraded', 'down', 'unreachable']) }),
  event('secret-rotated', { name, complete: z.boolean().default(true) }),
  event('change', {
    kind: z.enum(['deployment', 'promotion', 'policy', 'configuration']),
    subject: name,
    version: z.string().max(200).optional(),
    track: z.enum(['stable', 'canary']).optional(),
    by: name.optional(),
  }),
  event('alert', {
    name,
    severity: z.enum(['critical', 'warning', 'info']).default('warning'),
    labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()).optional(),
    summary: z.string().max(300).optional(),
    count: z.int().min(1).max(20_000).default(1),
  }),
  event('source-fault', {
    source: z.enum(SOURCES),
    fault: z.enum(FAULTS),
    ms: z.int().min(1).max(600_000).optional().describe('slow: delay in milliseconds'),
    status: z.int().min(500).max(599).optional().describe('server-error: which status'),
    share: share.optional().describe('Share of the requests that meet it; all when left out'),
    path: z.string().min(1).optional().describe('Only paths that begin so, inside the source'),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional().describe('Only these requests'),
  }),
] as const

const deploymentOf = {
  deployment: dnsLabel.optional().describe('A deployment of the cluster; the integration when left out'),
}
const cure = z
  .enum(['none', 'restart', 'rollback', 'limits'])
  .default('none')
  .describe('What ends it before its time: new pods, another pod template, a higher memory limit')

const clusterEvents = [
  event('pods', {
    ...deploymentOf,
    state: z.enum([
      'CrashLoopBackOff',
      'OOMKilled',
      'ImagePullBackOff',
      'Pending',
      'NotReady',
      'Wedged',
      'Running',
    ]),
    ready: z.int().min(0).default(0).describe('How many pods, from the first, it leaves alone'),
    replicas: z.int().min(0).max(50).optional().describe('Scales the deployment as it begins'),
    cure,
  }),
  event('pod-usage', { ...deploymentOf, memoryPercent: percent.optional(), cpuPercent: percent.optional() }),
  event('rollout', {
    ...deploymentOf,
    image: z.string().min(1).max(300).optional(),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().nullable()).optional(),
    memoryMib: z.int().min(16).max(65_536).optional(),
    by: name.optional(),
    cause: z.string().max(200).optional(),
    bad: z
      .enum(['crash', 'oom', 'image', 'not-ready', 'errors', 'latency'])
      .optional()
      .describe('What is wrong with this revision, and with no other'),
    status: errorStatus.default(500).describe('errors: with which status'),
    share: share.default(0.5).describe('errors: which share of the requests'),
  }),
  event('deployment-stuck', deploymentOf),
  event('secret', {
    name: dnsLabel.optional().describe('A secret of the cluster; that of the integration when left out'),
    state: z.enum(['missing', 'wrong']),
    restart: z
      .boolean()
      .default(true)
      .describe('Pods read it as they start; false leaves the running ones be'),
  }),
  event('cluster-network', { kind: z.enum(['dns', 'egress', 'ingress']) }),
  event('node', {
    node: z.int().min(1).max(3).default(1),
    state: z.enum(['NotReady', 'MemoryPressure', 'DiskPressure']).default('NotReady'),
  }),
] as const

export const timelineEvent = z.discriminatedUnion('event', [
  ...instanceEvents,
  ...gpuEvents,
  ...workerEvents,
  ...providerEvents,
  ...ownEvents,
  ...clusterEvents,
])

export type TimelineEvent = z.output<typeof timelineEvent>
export type EventKind = TimelineEvent['event']
export type EventOf<Kind extends EventKind> = Extract<TimelineEvent, { event: Kind }>
export type Target = z.output<typeof target>
export type SourceName = (typeof SOURCES)[number]
export type FaultKind = (typeof FAULTS)[number]
export type Program = (typeof PROGRAMS)[number]
