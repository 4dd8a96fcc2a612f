import { Cluster } from '../kubernetes/cluster'
import type { Impact } from '../kubernetes/impact'
import { Ledger } from '../ledger'
import { Releases } from '../releases/releases'
import type { Scenario } from '../scenario'
import type { TimelineEvent } from '../scenario-events'
import { buildFleet, type Fleet, type SimGpu, type SimInstance, type SimQueue } from './build'
import { Credit } from './credit'
import { EffectLog, expandEvent } from './effects'
import { type GpuFrame, gpuFrameAt } from './gpus'
import { type InstanceState, instanceStateAt } from './instances'
import { buildQueueFlow, type QueueFlow } from './queues'
import { chooseIndexes, hash32 } from './random'
import { buildTraffic, type Traffic } from './traffic'

type Cached<Value> = { readonly version: number; readonly value: Value }

export class World {
  readonly seed: number
  readonly fleet: Fleet
  readonly effects = new EffectLog()
  readonly ledger = new Ledger()
  readonly credit: Credit
  readonly cluster: Cluster
  readonly releases: Releases
  readonly image = 'ghcr.io/example-team/gpu-worker:stable'
  readonly telemetryPeriodMs: number
  readonly extraScrapesMs: number[] = []
  private readonly instanceById: ReadonlyMap<number, SimInstance>
  private readonly queueByName: ReadonlyMap<string, SimQueue>
  private readonly flows = new Map<number, Cached<QueueFlow>>()
  private readonly salts = new Map<number, { readonly fromMs: number; readonly salt: number }>()
  private readonly frames: (GpuFrame | undefined)[] = []
  private framesAt = { offsetMs: Number.NaN, version: -1 }
  private trafficCache: Cached<Traffic> | undefined
  private mutations = 0

  constructor(
    readonly scenario: Scenario,
    readonly startMs: number,
  ) {
    this.seed = scenario.seed
    this.telemetryPeriodMs = scenario.world.telemetryPeriod
    this.fleet = buildFleet(scenario)
    this.instanceById = new Map(this.fleet.instances.map((instance) => [instance.id, instance]))
    this.queueByName = new Map(this.fleet.queues.map((queue) => [queue.name, queue]))
    this.apply(scenario.timeline, 0)
    this.credit = new Credit(this)
    this.cluster = new Cluster(scenario, this.effects, startMs)
    this.cluster.advance(0)
    this.releases = new Releases(this.cluster)
  }

  /** Adds events whose offsets count from `originMs`; answers how many effects they became. */
  apply(events: readonly TimelineEvent[], originMs: number): number {
    const before = this.effects.size
    for (const event of events) {
      const salt = hash32(this.seed, this.effects.size, 51)
      const horizonMs = this.scenario.duration
      const effects = expandEvent({
        event,
        originMs,
        horizonMs,
        salt,
        fleet: this.fleet,
        nextId: this.effects.size + 1,
      })
      for (const effect of effects) this.effects.add(effect)
    }
    return this.effects.size - before
  }

  /** Makes `count` cards read differently from `offsetMs` on and forces a scrape at that instant. */
  mutate(count: number, offsetMs: number): readonly SimGpu[] {
    this.mutations += 1
    const pool = this.fleet.gpus.map((gpu) => gpu.index)
    const chosen = chooseIndexes(pool, count, hash32(this.seed, this.mutations, 61))
    for (const index of chosen) this.salts.set(index, { fromMs: offsetMs, salt: this.mutations * 7919 })
    this.forceScrape(offsetMs)
    return chosen.flatMap((index) => this.fleet.gpus[index] ?? [])
  }

  forceScrape(offsetMs: number): void {
    if ((this.extraScrapesMs.at(-1) ?? Number.NEGATIVE_INFINITY) < offsetMs)
      this.extraScrapesMs.push(offsetMs)
    if (this.extraScrapesMs.length > 4096) this.extraScrapesMs.splice(0, 2048)
  }

  saltOf(gpu: number, offsetMs: number): number {
    if (this.salts.size === 0) return 0
    const found = this.salts.get(gpu)
    return found === undefined || offsetMs < found.fromMs ? 0 : found.salt
  }

  instance(id: number): SimInstance | undefined {
    return this.instanceById.get(id)
  }

  queue(name: string): SimQueue | undefined {
    return this.queueByName.get(name)
  }

  instanceAt(instance: SimInstance, offsetMs: number): InstanceState {
    return instanceStateAt(this, instance, offsetMs)
  }

  gpuAt(gpu: SimGpu, offsetMs: number): GpuFrame {
    const version = this.effects.version + this.mutations
    if (this.framesAt.offsetMs !== offsetMs || this.framesAt.version !== version) {
      this.frames.length = 0
      this.framesAt = { offsetMs, version }
    }
    const known = this.frames[gpu.index]
    if (known !== undefined) return known
    const frame = gpuFrameAt(this, gpu, offsetMs)
    this.frames[gpu.index] = frame
    return frame
  }

  flow(queue: SimQueue): QueueFlow {
    const known = this.flows.get(queue.index)
    if (known?.version === this.effects.version) return known.value
    const value = buildQueueFlow(this, queue)
    this.flows.set(queue.index, { version: this.effects.version, value })
    return value
  }

  /** What the state of our integration's deployment means for those who call it. */
  impactAt(offsetMs: number): Impact | undefined {
    return this.cluster.impactAt(this.cluster.main, offsetMs)
  }

  get traffic(): Traffic {
    // Both only grow, so the same sum is the same state.
    const version = this.effects.version + this.cluster.impactVersion
    if (this.trafficCache?.version === version) return this.trafficCache.value
    const value = buildTraffic(this)
    this.trafficCache = { version, value }
    return value
  }
}
