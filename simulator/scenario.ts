import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { drill } from './scenario-drill'
import { dnsLabel, duration, name, timelineEvent } from './scenario-events'
import { issueLine, type ScenarioFault } from './scenario-issues'
import { answer, truth } from './scenario-truth'

const queueSpec = z.strictObject({
  name,
  type: z.enum(['activity', 'workflow']).default('activity'),
  arrivalPerSecond: z.number().min(0).default(0.5),
  pollers: z.int().min(0).optional().describe('How many instances poll it; chosen from the seed'),
  headroom: z.number().positive().default(1.6).describe('Capacity of all pollers as a multiple of arrival'),
  neverSeen: z.boolean().default(false).describe('Configured, but nothing ever polled or added a task'),
})

const keySpec = z.strictObject({
  name,
  token: z.string().min(8),
  scopes: z.array(z.enum(['instance_read', 'instance_write', 'user_read', 'billing_read'])).min(1),
})

const DEFAULT_KEYS: z.input<typeof keySpec>[] = [
  {
    name: 'primary',
    token: 'simulated-key',
    scopes: ['instance_read', 'instance_write', 'user_read', 'billing_read'],
  },
  { name: 'read', token: 'simulated-read', scopes: ['instance_read', 'billing_read'] },
  { name: 'user', token: 'simulated-user', scopes: ['user_read'] },
  { name: 'write', token: 'simulated-write', scopes: ['instance_write'] },
]

const clusterSpec = z.strictObject({
  namespace: dnsLabel.default('production'),
  deployment: dnsLabel.default('vastai-integration').describe('The deployment behind /integration'),
  replicas: z.int().min(1).max(20).default(3),
  revisions: z.int().min(1).max(10).default(3).describe('How many revisions there are at the start'),
  staging: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .optional()
    .describe('The version that the integration’s staging runs; without it there is no staging'),
  weights: z
    .enum(['none', 'gateway', 'ingress'])
    .default('none')
    .describe('What splits the integration’s requests by weight: an HTTPRoute, a canary Ingress, or nothing'),
  memoryMib: z.int().min(16).max(65_536).default(512),
  secret: dnsLabel.default('vastai-credentials').describe('Holds the key of the first of keys'),
})

const world = z
  .strictObject({
    gpus: z.int().min(3).max(10_000),
    instances: z.int().min(1).max(10_000),
    hosts: z.int().min(1).max(10_000).optional(),
    regions: z.array(name).min(1).prefault(['eu-fra', 'eu-hel', 'eu-ams', 'us-east', 'us-west']),
    models: z
      .record(z.enum(['RTX 4090', 'H100 SXM', 'A100 SXM', 'L40S']), z.number().min(0).optional())
      .prefault({ 'RTX 4090': 5, 'H100 SXM': 2, 'A100 SXM': 2, L40S: 2 })
      .describe('Mix of models by weight'),
    telemetryPeriod: duration.prefault('30s').describe('How often the readings of one card change'),
    scrapeInterval: duration.prefault('15s'),
    rateLimitFactor: z.number().min(0).default(1).describe('1 is the published minimum interval, 0 is none'),
    optionalDcgmFields: z.boolean().default(false),
    queues: z.union([z.array(queueSpec).min(1), z.strictObject({ count: z.int().min(1).max(1000) })]),
    services: z.array(name).default(['rag-mcp', 'agent-service']),
    keys: z.array(keySpec).min(1).prefault(DEFAULT_KEYS),
    namespace: name.default('default'),
    requestsPerMinute: z.number().positive().default(240),
    runwayHours: z.number().min(0).default(67),
    kubernetes: clusterSpec.prefault({}).describe('The cluster that our integration and services run in'),
    statusPage: z.enum(['template', 'operational']).default('template'),
    agents: z
      .int()
      .min(0)
      .default(4)
      .describe('How many instances, from the first, the console is told to reach through supervisord'),
  })
  .superRefine((value, context) => {
    if (value.instances > value.gpus)
      context.addIssue({
        code: 'custom',
        path: ['instances'],
        message: 'every instance needs at least one GPU',
      })
    if (value.gpus > value.instances * 8)
      context.addIssue({ code: 'custom', path: ['gpus'], message: 'an instance holds at most 8 GPUs' })
    if (!Object.values(value.models).some((weight) => (weight ?? 0) > 0))
      context.addIssue({
        code: 'custom',
        path: ['models'],
        message: 'give at least one model a weight above 0',
      })
  })

export const scenarioSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,59}$/, 'use lower case letters, digits and -'),
    title: z.string().min(1).max(120),
    description: z.string().max(2000).default(''),
    seed: z.int().min(0).max(4_294_967_295).default(1),
    start: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('The instant that offset 0 means; now when left out'),
    speed: z.number().positive().max(3600).default(1).describe('Simulated seconds per real second'),
    duration: duration.prefault('24h').describe('How long repeating events go on'),
    world,
    timeline: z.array(timelineEvent).default([]),
    truth: z.array(truth).default([]),
    answers: z.array(answer).default([]).describe('What people answer while it runs'),
    drill: drill.optional(),
  })
  .superRefine(checkTimeline)

export const fragmentSchema = z.strictObject({ timeline: z.array(timelineEvent).min(1) })

export type Scenario = z.output<typeof scenarioSchema>
export type QueueSpec = z.output<typeof queueSpec>

export class ScenarioError extends Error {
  constructor(readonly faults: readonly ScenarioFault[]) {
    super(faults.map((fault) => `${fault.file}:${fault.line}:${fault.column}: ${fault.reason}`).join('\n'))
    this.name = 'ScenarioError'
  }
}

export function loadScenario(file: string): Scenario {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ScenarioError([{ file, line: 1, column: 1, reason: `cannot be read: ${reason}` }])
  }
  return parseScenario(text, file)
}

export function parseScenario(text: string, file: string): Scenario {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  if (document.errors.length > 0) {
    throw new ScenarioError(
      document.errors.map((error) => {
        const { line, col } = lineCounter.linePos(error.pos[0])
        return { file, line, column: col, reason: error.message.split('\n')[0] ?? error.message }
      }),
    )
  }
  const parsed = scenarioSchema.safeParse(document.toJS())
  if (parsed.success) return parsed.data
  throw new ScenarioError(
    parsed.error.issues.flatMap((issue) => issueLine({ issue, document, lineCounter, file })),
  )
}

function checkTimeline(
  scenario: {
    world: {
      instances: number
      hosts?: number | undefined
      queues: QueueSpec[] | { count: number }
      services: string[]
      kubernetes: { deployment: string; secret: string }
    }
    timeline: z.output<typeof timelineEvent>[]
  },
  context: z.RefinementCtx,
): void {
  const { world: size, timeline } = scenario
  const hosts = size.hosts ?? defaultHosts(size.instances)
  const deployments = new Set(deploymentNames(size))
  const queueNames = new Set(queueSpecs(size.queues).map((queue) => queue.name))
  for (const [index, event] of timeline.entries()) {
    const issue = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path: ['timeline', index, ...path], message })
    if (event.until !== undefined && event.for !== undefined) issue(['for'], 'give until or for, not both')
    if (event.until !== undefined && event.until <= event.at) issue(['until'], 'must be later than at')
    if (event.every !== undefined && event.for === undefined) issue(['every'], 'a repeating event needs for')
    if ('queue' in event && !queueNames.has(event.queue)) issue(['queue'], `no queue is named ${event.queue}`)
    if (event.event === 'service' && !size.services.includes(event.service))
      issue(['service'], `no service is named ${event.service}`)
    if ('deployment' in event && event.deployment !== undefined && !deployments.has(event.deployment))
      issue(['deployment'], `no deployment is named ${event.deployment}`)
    if (event.event === 'secret' && (event.name ?? size.kubernetes.secret) !== size.kubernetes.secret)
      issue(['name'], `no secret is named ${event.name}`)
    if (!('target' in event) || event.target === undefined) continue
    if (event.target.instances?.some((wanted) => wanted > size.instances))
      issue(['target', 'instances'], `the world has ${size.instances} instances`)
    if (event.target.hosts?.some((wanted) => wanted > hosts))
      issue(['target', 'hosts'], `the world has ${hosts} hosts`)
  }
}

/** The integration's deployment first, then one for each app service whose name can be one. */
export function deploymentNames(size: {
  readonly services: readonly string[]
  readonly kubernetes: { readonly deployment: string }
}): string[] {
  return [size.kubernetes.deployment, ...size.services.filter((one) => dnsLabel.safeParse(one).success)]
}

export function defaultHosts(instances: number): number {
  return Math.max(1, Math.ceil(instances * 0.7))
}

export function queueSpecs(queues: QueueSpec[] | { count: number }): QueueSpec[] {
  if (Array.isArray(queues)) return queues
  return Array.from({ length: queues.count }, (_, index) => ({
    name: `pipeline-${String(index + 1).padStart(3, '0')}@${index % 4 === 3 ? 'cpu' : 'gpu'}`,
    type: 'activity',
    arrivalPerSecond: 0.4 + (index % 7) * 0.1,
    headroom: 1.6,
    neverSeen: false,
  }))
}
