import { deploymentNames, type Scenario } from '../scenario'
import type { EventKind } from '../scenario-events'
import type { Effect, EffectLog } from '../world/effects'
import { type BadRevision, fateOf, memoryBytesOf, type Seen } from './fates'
import { aboutPod, handsOf } from './hands'
import { Happenings } from './happenings'
import { type Impact, impactOf } from './impact'
import { NODES } from './initial'
import { managed } from './managed-fields'
import {
  asDeployment,
  type Deployment,
  isFields,
  type KubeObject,
  type ResourceName,
  type Template,
} from './model'
import { stampOf } from './names'
import { plantCluster } from './planting'
import { PodBook } from './pod-book'
import { KEY_VARIABLE, keyRefOf, type PodRun, secretOf, stepPod } from './pod-run'
import { reconcile, templateText } from './rollout'
import { deadlineMs, type Progress } from './rollout-status'
import { carryOut, mendSecret, type Script } from './script'
import { showNodes, showPods } from './show'
import { Store } from './store'

export type ImpactSegment = { readonly fromMs: number; readonly impact: Impact }

const REGISTRY = 'ghcr.io/example-team/'
const NOTICE_MS = 150
const SETTLE_TURNS = 12
const NEVER = Number.POSITIVE_INFINITY
const KINDS: ReadonlySet<EventKind> = new Set<EventKind>([
  'pods',
  'pod-usage',
  'rollout',
  'deployment-stuck',
  'secret',
  'cluster-network',
  'node',
  'change',
  'secret-rotated',
])

/**
 * The cluster as it goes through simulated time. It takes every step at its own instant, so what it shows does not
 * depend on when it is looked at.
 */
export class Cluster {
  readonly store = new Store()
  readonly happenings: Happenings
  readonly namespace: string
  readonly main: string
  readonly names: readonly string[]
  private readonly pods: PodBook
  private readonly progress = new Map<string, Progress>()
  private readonly noticeAt = new Map<string, number>()
  private readonly seen = new Map<number, Seen>()
  private readonly ended = new Set<number>()
  private readonly bad = new Map<string, BadRevision>()
  private readonly segments = new Map<string, ImpactSegment[]>()
  private effectsVersion = -1
  private boundaries: readonly number[] = []
  private advancedMs = 0
  private wakeMs = 0
  /** Grows whenever a segment of impact begins. */
  impactVersion = 0

  constructor(
    readonly scenario: Scenario,
    readonly effects: EffectLog,
    readonly startMs: number,
  ) {
    this.namespace = scenario.world.kubernetes.namespace
    this.main = scenario.world.kubernetes.deployment
    this.names = deploymentNames(scenario.world)
    this.happenings = new Happenings(this.store, scenario.seed, startMs)
    this.pods = new PodBook(scenario.seed)
    plantCluster({
      store: this.store,
      pods: this.pods,
      scenario,
      startMs,
      readKey: (template) => this.readKey(template),
    })
  }

  get reachedMs(): number {
    return this.advancedMs
  }

  /** Goes on to an instant; an earlier one changes nothing. */
  advance(toMs: number): void {
    if (this.effectsVersion !== this.effects.version && toMs >= this.advancedMs) {
      this.effectsVersion = this.effects.version
      this.boundaries = this.readBoundaries()
      this.tick(this.advancedMs)
    }
    for (let next = this.nextMs(); next <= toMs; next = this.nextMs()) {
      this.advancedMs = next
      this.tick(next)
    }
    this.advancedMs = Math.max(this.advancedMs, toMs)
  }

  /** Keeps what a caller of the API has written; the controllers see it a moment later. */
  write(resource: ResourceName, object: KubeObject, atMs: number, manager = 'pipeline'): KubeObject {
    const { name, namespace = '' } = object.metadata
    const before = this.store.get(resource, namespace, name)
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(object)) return before
    const kept = this.store.put(resource, managed(object, manager, stampOf(this.startMs + atMs)), atMs)
    this.noticeAt.set(kept.metadata.uid, atMs + NOTICE_MS)
    this.wakeMs = Math.min(this.wakeMs, atMs + NOTICE_MS)
    return kept
  }

  remove(resource: ResourceName, name: string, atMs: number): KubeObject | undefined {
    const run = resource === 'pods' ? this.pods.get(name) : undefined
    if (run !== undefined) {
      run.deletedMs ??= atMs
      this.tick(atMs)
      return this.store.get('pods', this.namespace, name)
    }
    const before = this.store.remove(resource, this.namespace, name, atMs)
    this.wakeMs = Math.min(this.wakeMs, atMs + NOTICE_MS)
    return before
  }

  pod(name: string): PodRun | undefined {
    return this.pods.get(name)
  }

  podsOf(deployment: string): readonly PodRun[] {
    return this.pods.ofDeployment(deployment)
  }

  deployment(name: string): Deployment | undefined {
    const found = this.store.get('deployments', this.namespace, name)
    return found === undefined ? undefined : asDeployment(found)
  }

  /** What a deployment means for its callers at an instant that has been reached. */
  impactAt(deployment: string, offsetMs: number): Impact | undefined {
    return this.segments.get(deployment)?.findLast((segment) => segment.fromMs <= offsetMs)?.impact
  }

  /** When the impact of a deployment changed so far, as effects that never end. */
  impactChanges(deployment: string): readonly { readonly fromMs: number; readonly untilMs: number }[] {
    return (this.segments.get(deployment) ?? []).map(({ fromMs }) => ({ fromMs, untilMs: NEVER }))
  }

  badOf(pod: Pick<PodRun, 'deployment' | 'template'>): BadRevision | undefined {
    return this.bad.get(`${pod.deployment} ${templateText(pod.template)}`)
  }

  private nextMs(): number {
    const next = this.boundaries.find((atMs) => atMs > this.advancedMs) ?? NEVER
    return Math.min(this.wakeMs, next)
  }

  /** When what befalls the cluster begins and ends, in order. */
  private readBoundaries(): readonly number[] {
    const told = this.effects.list().filter((effect) => KINDS.has(effect.event.event))
    return told
      .flatMap((effect) => [effect.fromMs, effect.untilMs])
      .filter(Number.isFinite)
      .sort((left, right) => left - right)
  }

  private tick(atMs: number): void {
    this.beginAndEnd(atMs)
    for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
      const before = this.store.version
      this.stepPods(atMs)
      this.control(atMs)
      this.show(atMs)
      if (this.store.version === before) break
    }
    this.happenings.forget(atMs)
    this.noteImpacts(atMs)
    this.wakeMs = this.earliest(atMs)
  }

  /** The deployments that stand there now, those beside the watched ones too. */
  private everyName(): readonly string[] {
    return this.store.list('deployments').map(({ metadata }) => metadata.name)
  }

  private earliest(atMs: number): number {
    const due = this.pods.all().map((pod) => pod.nextMs)
    const deadlines = this.everyName().flatMap((name) => {
      const found = this.deployment(name)
      const progress = this.progress.get(name)
      return found && progress ? [deadlineMs(found, progress)] : []
    })
    return Math.min(...[...due, ...deadlines, ...this.noticeAt.values()].filter((one) => one > atMs), NEVER)
  }

  private beginAndEnd(atMs: number): void {
    for (const effect of this.effects.list()) {
      if (!KINDS.has(effect.event.event)) continue
      if (effect.fromMs <= atMs && !this.seen.has(effect.id)) this.begin(effect, atMs)
      if (effect.untilMs <= atMs && !this.ended.has(effect.id)) {
        this.ended.add(effect.id)
        if (effect.event.event === 'secret') mendSecret(this.script(atMs))
      }
    }
  }

  private begin(effect: Effect, atMs: number): void {
    const { event } = effect
    const name = ('deployment' in event ? event.deployment : undefined) ?? this.main
    const newest = this.podsOf(name).toSorted((left, right) => right.createdMs - left.createdMs)[0]
    this.seen.set(effect.id, {
      hash: newest?.hash ?? '',
      memoryBytes: newest === undefined ? 0 : memoryBytesOf(newest),
    })
    carryOut(event, this.script(atMs))
  }

  private script(atMs: number): Script {
    const { scenario, main, startMs } = this
    return {
      scenario,
      main,
      startMs,
      stamp: stampOf(startMs + atMs),
      deployment: (name) => this.deployment(name),
      secret: (name) => this.store.get('secrets', this.namespace, name),
      removeSecret: (name) => void this.store.remove('secrets', this.namespace, name, atMs),
      write: (resource, object, manager) => void this.write(resource, object, atMs, manager),
      markBad: (deployment, event) =>
        void this.bad.set(`${deployment.metadata.name} ${templateText(deployment.spec.template)}`, event),
    }
  }

  private readKey(template: Template): string | undefined {
    const ref = keyRefOf(template)
    if (ref === undefined)
      return template.spec.containers[0]?.env?.find((entry) => entry.name === KEY_VARIABLE)?.value
    const data = this.store.get('secrets', this.namespace, ref.name)?.data
    const value = isFields(data) ? data[ref.key] : undefined
    return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined
  }

  private stepPods(atMs: number): void {
    const lost = new Set(
      this.effects
        .active('node', atMs)
        .filter(({ event }) => event.state === 'NotReady')
        .map(({ event }) => NODES[event.node - 1]),
    )
    const isNodeReady = (node: string): boolean => !lost.has(NODES.find((one) => one === node))
    for (const name of this.everyName()) {
      const ranked = this.podsOf(name).filter((pod) => pod.deletedMs === undefined)
      for (const pod of this.podsOf(name)) {
        const fate = this.fate(pod, Math.max(0, ranked.indexOf(pod)), atMs)
        if (fate === 'evict') {
          pod.deletedMs ??= atMs
          this.happenings.note(aboutPod(pod, this.namespace), EVICTED, atMs)
        }
        const isOver = stepPod(pod, {
          fate,
          atMs,
          seed: this.scenario.seed,
          nodes: NODES,
          isNodeReady,
          readKey: () => this.readKey(pod.template),
          tell: (happening) => this.happenings.note(aboutPod(pod, this.namespace), happening, atMs),
        })
        if (!isOver) continue
        this.pods.forget(pod.name)
        this.store.remove('pods', this.namespace, pod.name, atMs)
      }
    }
  }

  private fate(pod: PodRun, rank: number, atMs: number) {
    const secret = secretOf(pod.template)
    return fateOf({
      effects: this.effects,
      atMs,
      pod,
      rank,
      main: this.main,
      seen: (effect) => this.seen.get(effect.id),
      bad: this.badOf(pod),
      isSecretMissing: secret !== undefined && this.readKey(pod.template) === undefined,
      isImageKnown: pod.template.spec.containers.every(({ image }) => image.startsWith(REGISTRY)),
      hasKey: pod.deployment !== this.main || hasKeyEntry(pod.template),
    })
  }

  private control(atMs: number): void {
    const { store, happenings, namespace, pods, startMs } = this
    const hands = handsOf({ store, happenings, namespace, pods, startMs, seed: this.scenario.seed }, atMs)
    for (const object of this.store.list('deployments')) {
      const found = asDeployment(object)
      const { uid, name } = found.metadata
      if ((this.noticeAt.get(uid) ?? atMs) > atMs) continue
      this.noticeAt.delete(uid)
      this.progress.set(name, reconcile(hands, found, this.progress.get(name)))
    }
  }

  private show(atMs: number): void {
    const { store, pods, scenario, startMs, namespace, effects } = this
    showPods({ store, pods, namespace, startMs }, atMs)
    showNodes({ store, effects, seed: scenario.seed, startMs }, atMs)
  }

  private noteImpacts(atMs: number): void {
    for (const name of this.names) {
      const pods = this.podsOf(name)
      const impact = impactOf({ pods, effects: this.effects, atMs, badOf: (pod) => this.badOf(pod) })
      const known = this.segments.get(name) ?? []
      if (JSON.stringify(known.at(-1)?.impact) === JSON.stringify(impact)) continue
      known.push({ fromMs: known.length === 0 ? Number.NEGATIVE_INFINITY : atMs, impact })
      this.segments.set(name, known)
      this.impactVersion += 1
    }
  }
}

const EVICTED = {
  type: 'Warning',
  reason: 'Evicted',
  message: 'The node was low on resource: memory.',
} as const

function hasKeyEntry({ spec }: Template): boolean {
  return spec.containers[0]?.env?.some((entry) => entry.name === KEY_VARIABLE) ?? false
}
