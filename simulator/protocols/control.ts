import { z } from 'zod'
import type { SimClock } from '../clock'
import { type Instant, json, type Reply, type SimRequest } from '../reply'
import { fragmentSchema, parseScenario, queueSpecs, type Scenario, ScenarioError } from '../scenario'
import { programAt } from '../world/workers'
import type { World } from '../world/world'
import { type MailServer, mailFaultBody } from './mail'

const clockBody = z.strictObject({
  speed: z.number().positive().max(3600).optional(),
  jumpMs: z.int().min(0).optional(),
})
const scenarioBody = z.union([
  z.strictObject({
    yaml: z.string().min(1),
    keepWorld: z
      .boolean()
      .default(false)
      .describe('Fleet, queues and services stay, and restore brings the present world back'),
  }),
  z.strictObject({ restore: z.literal(true).describe('Back to the world that was kept') }),
])
const injectBody = fragmentSchema.extend({
  id: z.string().min(1).max(200).optional().describe('The same id again changes nothing'),
})
const mutateBody = z.strictObject({ gpus: z.int().min(1).max(10_000) })

export class Control {
  private readonly injected = new Set<string>()

  constructor(
    private readonly world: World,
    private readonly clock: SimClock,
    private readonly host: {
      readonly load: (scenario: Scenario, keepsPresent: boolean) => Scenario
      readonly restore: () => Scenario
      readonly kubeconfig: () => string | undefined
      readonly mail: MailServer
    },
  ) {}

  handle(request: SimRequest, at: Instant): Reply {
    const route = `${request.method} ${request.path}`
    switch (route) {
      case 'GET /state':
        return json(this.state(at))
      case 'GET /scenario':
        return json(describe(this.world.scenario))
      case 'GET /kubeconfig':
        return this.kubeconfig()
      case 'POST /scenario':
        return withBody(request, scenarioBody, (body) =>
          'restore' in body ? json(describe(this.host.restore())) : this.replace(body.yaml, body.keepWorld),
        )
      case 'GET /mail':
        return json(this.host.mail.state())
      case 'POST /mail-fault':
        return withBody(request, mailFaultBody, (body) => {
          this.host.mail.plan(body)
          return json({ planned: body })
        })
      case 'GET /instances':
        return json(this.instances(at.offsetMs))
      case 'GET /ledger':
        return json(this.world.ledger.list())
      case 'GET /clock':
        return json({ ...this.clockNow(at) })
      case 'POST /clock':
        return withBody(request, clockBody, (body) => this.setClock(body))
      case 'POST /inject':
        return withBody(request, injectBody, ({ timeline, id }) =>
          json({
            at: at.offsetMs,
            instant: iso(at.timeMs),
            effects: this.isNew(id) ? this.world.apply(timeline, at.offsetMs) : 0,
          }),
        )
      case 'POST /mutate':
        return withBody(request, mutateBody, ({ gpus }) =>
          json({
            at: at.offsetMs,
            instant: iso(at.timeMs),
            wallMs: Date.now(),
            changed: this.world.mutate(gpus, at.offsetMs).map((gpu) => gpu.uuid),
          }),
        )
      default:
        return json({ error: `no control named ${route}` }, 404)
    }
  }

  private isNew(id: string | undefined): boolean {
    if (id === undefined) return true
    const isNew = !this.injected.has(id)
    this.injected.add(id)
    return isNew
  }

  private replace(yaml: string, keepWorld: boolean): Reply {
    try {
      const next = parseScenario(yaml, 'scenario.yaml')
      return json(
        describe(this.host.load(keepWorld ? inWorldOf(this.world.scenario, next) : next, keepWorld)),
      )
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error
      return json({ error: 'the scenario is not valid', issues: error.faults }, 400)
    }
  }

  private kubeconfig(): Reply {
    const text = this.host.kubeconfig()
    if (text === undefined)
      return json({ error: 'the Kubernetes API has no TLS port: start with --kubernetes-port' }, 404)
    return { status: 200, type: 'application/json', body: text }
  }

  private clockNow({ offsetMs, timeMs }: Instant): Record<string, unknown> {
    return { offsetMs, now: iso(timeMs), start: iso(this.world.startMs), speed: this.clock.speed() }
  }

  private setClock({ speed, jumpMs }: z.output<typeof clockBody>): Reply {
    if (speed !== undefined) this.clock.setSpeed(speed)
    if (jumpMs !== undefined) this.clock.jump(jumpMs)
    const offsetMs = this.clock.offsetMs()
    return json(this.clockNow({ offsetMs, timeMs: this.world.startMs + offsetMs }))
  }

  private state(at: Instant): Record<string, unknown> {
    const { world } = this
    const { scenario, fleet, effects } = world
    const active = effects
      .list()
      .filter((effect) => at.offsetMs >= effect.fromMs && at.offsetMs < effect.untilMs)
    return {
      scenario: { id: scenario.id, title: scenario.title, seed: scenario.seed },
      clock: this.clockNow(at),
      size: {
        gpus: fleet.gpus.length,
        instances: fleet.instances.length,
        hosts: fleet.hosts,
        queues: fleet.queues.length,
      },
      truth: scenario.truth.map((truth) => ({
        ...truth,
        holds: at.offsetMs >= truth.from && at.offsetMs < (truth.until ?? Number.POSITIVE_INFINITY),
        sufficient: truth.sufficientAt !== undefined && at.offsetMs >= truth.sufficientAt,
      })),
      active: active.slice(0, 500).map((effect) => ({
        ...effect.event,
        fromMs: effect.fromMs,
        untilMs: Number.isFinite(effect.untilMs) ? effect.untilMs : null,
        instances: effect.instances.map((index) => fleet.instances[index]?.id),
        gpus: effect.gpus.map((index) => fleet.gpus[index]?.uuid),
      })),
      changes: this.changes(at.offsetMs),
      pods: clusterNow(world),
      credit: world.credit.at(at.offsetMs),
      queues: fleet.queues.slice(0, 200).map((queue) => ({
        name: queue.name,
        type: queue.type,
        ...world.flow(queue).at(at.offsetMs),
      })),
    }
  }

  private changes(offsetMs: number): readonly Record<string, unknown>[] {
    const { effects, startMs } = this.world
    const changes = effects.ofKind('change').map((effect) => ({ ...effect.event, fromMs: effect.fromMs }))
    const rotations = effects.ofKind('secret-rotated').map(({ event, fromMs }) => ({
      kind: 'secret-rotation',
      subject: event.name,
      complete: event.complete,
      fromMs,
    }))
    const rollouts = effects.ofKind('rollout').map(({ event, fromMs }) => ({
      kind: 'deployment',
      subject: event.deployment ?? this.world.cluster.main,
      version: event.image,
      by: event.by,
      fromMs,
    }))
    return [...changes, ...rotations, ...rollouts]
      .filter((change) => change.fromMs <= offsetMs)
      .map((change) => ({ ...change, at: iso(startMs + change.fromMs) }))
  }

  private instances(offsetMs: number): readonly Record<string, unknown>[] {
    const { world } = this
    return world.fleet.instances.map((instance) => ({
      id: instance.id,
      hostId: instance.hostId,
      machineId: instance.machineId,
      region: instance.region,
      model: instance.modelName,
      gpus: instance.gpus.map((gpu) => gpu.uuid),
      workers: {
        'worker-cpu': programAt(world, instance, 'worker-cpu', offsetMs).state,
        'worker-gpu': programAt(world, instance, 'worker-gpu', offsetMs).state,
        llama: programAt(world, instance, 'llama', offsetMs).state,
      },
      ...world.instanceAt(instance, offsetMs),
    }))
  }
}

function clusterNow({ cluster }: World) {
  return cluster.names.map((name) => ({
    deployment: name,
    replicas: cluster.deployment(name)?.spec.replicas ?? 0,
    ready: cluster.podsOf(name).filter((pod) => pod.ready).length,
    restarts: cluster.podsOf(name).reduce((sum, pod) => sum + pod.restarts, 0),
    fates: [...new Set(cluster.podsOf(name).map((pod) => pod.fate))],
  }))
}

/** What happens in one scenario, in the fleet of another: who watches it keeps what is configured. */
function inWorldOf(running: Scenario, next: Scenario): Scenario {
  const { requestsPerMinute, runwayHours, statusPage } = next.world
  return {
    ...next,
    seed: running.seed,
    world: { ...running.world, requestsPerMinute, runwayHours, statusPage },
  }
}

/** The scenario as loaded, with the queues as a list whatever way they were written. */
function describe(scenario: Scenario): Scenario {
  return { ...scenario, world: { ...scenario.world, queues: queueSpecs(scenario.world.queues) } }
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function withBody<Schema extends z.ZodType>(
  request: SimRequest,
  schema: Schema,
  then: (body: z.output<Schema>) => Reply,
): Reply {
  let value: unknown
  try {
    value = JSON.parse(request.body === '' ? '{}' : request.body)
  } catch {
    return json({ error: 'the body is not JSON' }, 400)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return then(parsed.data)
  return json(
    {
      error: 'the body is not valid',
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    },
    400,
  )
}
