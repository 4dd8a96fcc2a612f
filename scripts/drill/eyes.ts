import { connectPorts } from '@/lib/connect'
import { createFleetPart } from '@/lib/health/collect-fleet'
import { startWatch } from '@/lib/health/collect-sources'
import { emptyBook, noteAgent, noteListed, noteSweep } from '@/lib/health/fleet-book'
import { NOTHING_KEPT } from '@/lib/health/memory'
import type { ApiFigures } from '@/lib/health/model'
import { pacedPolicy } from '@/lib/health/paced-policy'
import type { HealthPolicy } from '@/lib/health/policy'
import { createPublisher, emptyState } from '@/lib/health/publisher'
import type { HealthEventRow } from '@/lib/health/records'
import { createScene } from '@/lib/health/scene'
import type { Env } from '@/lib/platform/env'
import type { SourceConfigs } from '@/lib/settings/sources'
import { taken } from '@/lib/triage/advance'
import type { Forest } from '@/lib/triage/forest'
import { newestRollout } from '@/lib/triage/looks-cluster'
import type { Memory } from '@/lib/triage/model'
import { NOTHING_SEEN, rememberSight, type Sight } from '@/lib/triage/sight'
import { spoil } from '@/simulator/faults'
import { agentReport } from '@/simulator/protocols/agent-report'
import type { Scenario } from '@/simulator/scenario'
import type { Simulator } from '@/simulator/simulator'
import { BASE, inProcessHttp } from './in-process-http'
import type { VirtualTime } from './virtual-time'

const CYCLE_MS = 5_000
const ASK_MS = 15_000
const AGENT_SECONDS = 12

/** Eyes watch a simulated world as the collector does, in simulated time and without a database. */
export type Eyes = {
  /** sight is everything as it is seen now. */
  readonly sight: (forest: Forest, memory: Memory) => Sight
  readonly close: () => Promise<void>
}

export function openEyes(options: {
  readonly scenario: Scenario
  readonly simulator: Simulator
  readonly grpcPort: number
  readonly time: VirtualTime
  readonly policy: HealthPolicy
  /** onEvent gets every change of a rating, as the health room would keep it. */
  readonly onEvent?: (event: HealthEventRow) => void
  readonly onApi?: (figures: ApiFigures) => void
}): Eyes {
  const { scenario, simulator, time } = options
  const { clock } = time
  const { world } = simulator.running()
  const agents = world.fleet.instances.slice(0, scenario.world.agents)
  const connected = connectPorts(configsOf(options, agents), {
    env: {} as Env,
    clock,
    http: inProcessHttp(simulator, clock.now),
  })
  const { ports } = connected
  let sweepMs = 0
  const policy = pacedPolicy(
    () => options.policy,
    () => sweepMs,
  )
  const book = emptyBook()
  const scene = createScene()
  const publisher = createPublisher(emptyState({ seq: 0, simulated: true }))
  const fleet = createFleetPart({
    clock,
    policy,
    book,
    scene,
    kept: NOTHING_KEPT,
    publisher,
    onEvent: (event) => options.onEvent?.(event),
  })
  const watch = startWatch({
    ports,
    clock,
    scene,
    minutes: {
      note: () => undefined,
      noteApi: (figures) => options.onApi?.(figures),
      write: async () => undefined,
    },
    onFleet: (step, now) => {
      sweepMs = step.sweepMs
      noteListed(book, step, now)
      fleet.judgeTouched(now)
    },
    onSweep: async (sweep, now) => {
      noteSweep(book, sweep)
      fleet.judgeTouched(now)
    },
    onBoard: () => undefined,
    pace: time.pace,
  })
  let metrics: Sight['metrics'] = connected.triage.metrics ? {} : undefined
  let cluster: Sight['cluster'] = connected.triage.cluster ? {} : undefined
  let comparison: Sight['comparison'] = connected.triage.metrics ? {} : undefined
  let memory = NOTHING_SEEN
  let lastSight: Sight | undefined

  time.every(CYCLE_MS, async () => {
    fleet.markDue(clock.now(), CYCLE_MS)
    fleet.judgeTouched(clock.now())
  })
  time.every(ASK_MS, async () => {
    const { triage } = connected
    if (triage.metrics) metrics = taken(metrics, await triage.metrics.ask(), clock.now())
    if (triage.cluster) cluster = taken(cluster, await triage.cluster.look(), clock.now())
    const rollout = lastSight ? newestRollout({ ...lastSight, cluster }) : undefined
    if (rollout && triage.metrics)
      comparison = taken(
        comparison,
        await triage.metrics.compare(new Date(rollout.getTime() - 60_000)),
        clock.now(),
      )
  })
  let sequence = 0
  time.every(AGENT_SECONDS * 1000, async () => {
    sequence += 1
    for (const instance of agents) {
      const body = reportOf(simulator, instance, sequence)
      const look = body === undefined ? { problem: 'silent' } : ports.reports.parse(body, clock.now())
      if (!('problem' in look)) noteAgent(book, { ...look, instanceId: String(instance.id) })
    }
    fleet.judgeTouched(clock.now())
  })

  return {
    sight: (forest, answers) => {
      const now = clock.now()
      const rated = scene.rate({ now, policy: policy(), sources: watch.sources(now), book })
      for (const event of scene.boardEvents(rated.rated, now)) options.onEvent?.(event)
      memory = rememberSight(memory, rated.rated, now.getTime())
      const since = [...forest.questions.values()].flatMap(({ id, symptom }) =>
        symptom && answers[id]?.answer === 'yes' ? [answers[id]?.sinceMs ?? 0] : [],
      )
      lastSight = {
        nowMs: now.getTime(),
        rated: rated.rated,
        planes: rated.planes,
        policy: policy(),
        metrics,
        comparison,
        cluster,
        memory,
        symptomAtMs: since.length === 0 ? null : Math.min(...since),
      }
      return lastSight
    },
    close: async () => {
      watch.stop()
      await connected.close()
    },
  }
}

type Instances = ReturnType<Simulator['running']>['world']['fleet']['instances']

function reportOf(simulator: Simulator, instance: Instances[number], sequence: number): unknown {
  const { world, clock, faults } = simulator.running()
  const nowMs = clock.offsetMs()
  const fault = faults.find('agent', { path: `/${instance.id}` }, nowMs)
  const kind = fault?.event.fault
  if (kind === 'refused' || kind === 'blackhole' || !world.instanceAt(instance, nowMs).serving)
    return undefined
  const offsetMs = fault && kind === 'stale' ? fault.fromMs : nowMs
  const at = { offsetMs, timeMs: world.startMs + offsetMs }
  const report = agentReport({ world, instance, at, sequence, intervalSeconds: AGENT_SECONDS })
  const whole = { status: 200, type: 'application/json', body: JSON.stringify(report) }
  const { body } = fault ? spoil(fault.event, () => whole) : whole
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

function configsOf(
  { scenario, grpcPort }: { readonly scenario: Scenario; readonly grpcPort: number },
  agents: Instances,
): SourceConfigs {
  const queues = Array.isArray(scenario.world.queues)
    ? scenario.world.queues.map(({ name, type }) => ({ name, type }))
    : []
  const service = (id: string, kind: string, path: string) => ({ id, name: id, kind, url: `${BASE}${path}` })
  return {
    vast: { apiUrl: `${BASE}/vast`, pageIntervalMs: 2_000, apiKey: scenario.world.keys[0]?.token ?? '' },
    prometheus: { url: `${BASE}/prometheus`, intervalMs: 15_000, dcgmIntervalMs: 15_000 },
    temporal: {
      address: `127.0.0.1:${grpcPort}`,
      namespace: scenario.world.namespace,
      intervalMs: 15_000,
      queues,
    },
    statuspage: { url: `${BASE}/statuspage`, format: 'statuspage', intervalMs: 30_000 },
    services: {
      intervalMs: 15_000,
      services: [
        service('integration', 'integration', '/integration/health'),
        ...scenario.world.services.map((name) => service(name, 'app', `/services/${name}/health`)),
        ...agents.flatMap(({ id }) => [
          service(`llama-${id}`, 'llama', `/llama/${id}/health`),
          service(`whisper-${id}`, 'whisper', `/whisper/${id}/health`),
        ]),
      ],
    },
    ...clusterOf(scenario),
  } as SourceConfigs
}

function clusterOf({ world }: Scenario): object {
  const { namespace, deployment, secret } = world.kubernetes
  return {
    kubernetes: {
      url: `${BASE}/kubernetes`,
      namespace,
      deployments: [deployment, ...world.services],
      secrets: [`${secret}/VASTAI_API_KEY`],
      intervalMs: 15_000,
      token: 'simulated-kubernetes',
    },
  }
}
