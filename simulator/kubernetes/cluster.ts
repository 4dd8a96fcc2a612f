import { deploymentNames, type Scenario } from '../scenario'
import type { EventKind, EventOf } from '../scenario-events'
import type { Effect, EffectLog } from '../world/effects'
import { isActive } from '../world/effects'
import { hash32 } from '../world/random'
import { type BadRevision, fateOf, memoryBytesOf, type Seen } from './fates'
import { type Happened, Happenings } from './happenings'
import { type Impact, impactOf } from './impact'
import { base64, hostIp, NODES, nodeObject, plantDeployments, plantNamespaces, plantSecret } from './initial'
import {
  CHANGE_CAUSE,
  type Deployment,
  HASH_LABEL,
  isFields,
  type KubeObject,
  REVISION,
  type ReplicaSet,
  type ResourceName,
  type Template,
} from './model'
import { hashText, stampOf, suffix, uidOf } from './names'
import { KEY_VARIABLE, keyRefOf, newPod, type PodRun, secretOf, stepPod } from './pod-run'
import { podObject } from './render-pod'
import { type Hands, type Progress, reconcile, replicaSetOf, templateText } from './rollout'
import { deadlineMs } from './rollout-status'
import { Store } from './store'
import { withRollout } from './template-edit'

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
  private readonly pods = new Map<string, PodRun>()
  private readonly progress = new Map<string, Progress>()
  private readonly noticeAt = new Map<string, number>()
  private readonly seen = new Map<number, Seen>()
  private readonly ended = new Set<number>()
  private readonly bad = new Map<string, BadRevision>()
  private readonly segments = new Map<string, ImpactSegment[]>()
  private effectsVersion = -1
  private advancedMs = 0
  private wakeMs = 0
  private podCount = 0
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
    this.plant()
  }

  get reachedMs(): number {
    return this.advancedMs
  }

  /** Goes on to an instant; an earlier one changes nothing. */
  advance(toMs: number): void {
    if (this.effectsVersion !== this.effects.version && toMs >= this.advancedMs) {
      this.effectsVersion = this.effects.version
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
    return [...this.pods.values()].filter((pod) => pod.deployment === deployment)
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

  private plant(): void {
    const { scenario, startMs } = this
    for (const namespace of plantNamespaces(scenario, startMs)) this.store.put('namespaces', namespace, -1)
    this.store.put('secrets', plantSecret(scenario, startMs), -1)
    for (const { deployment, revisions } of plantDeployments(scenario, startMs)) {
      const kept = this.store.put('deployments', deployment, -1)
      for (const [index, revision] of revisions.entries()) {
        const stamp = stampOf(startMs + revision.atMs)
        const text = templateText(revision.template)
        const past = { ...kept, spec: { ...kept.spec, template: revision.template } }
        const made = replicaSetOf({ deployment: past, seed: scenario.seed, text, stamp })
        const isLast = index === revisions.length - 1
        const annotations = { [REVISION]: String(index + 1), [CHANGE_CAUSE]: revision.cause }
        const replicaSet = this.store.put(
          'replicasets',
          {
            ...made,
            metadata: { ...made.metadata, annotations },
            spec: { ...made.spec, replicas: isLast ? kept.spec.replicas : 0 },
          },
          -1,
        )
        if (isLast) this.plantPods(kept, replicaSet, revision.atMs)
      }
    }
  }

  private plantPods(deployment: Deployment, replicaSet: ReplicaSet, atMs: number): void {
    for (let count = 0; count < deployment.spec.replicas; count += 1) {
      const pod = this.makePod(deployment, replicaSet, atMs)
      pod.node = NODES[count % NODES.length]
      pod.phase = 'running'
      pod.current = { startedMs: atMs + 3000 }
      pod.ready = true
      pod.readySinceMs = atMs + 7000
      pod.nextMs = NEVER
      pod.key = this.readKey(pod.template)
    }
  }

  private makePod(deployment: Deployment, replicaSet: ReplicaSet, atMs: number): PodRun {
    this.podCount += 1
    const { seed } = this.scenario
    const salt = hash32(hashText(replicaSet.metadata.name), this.podCount, 5)
    const pod = newPod({
      name: `${replicaSet.metadata.name}-${suffix(seed, salt, 5)}`,
      uid: uidOf(seed, salt),
      salt,
      deployment: deployment.metadata.name,
      replicaSet: replicaSet.metadata.name,
      hash: replicaSet.metadata.labels?.[HASH_LABEL] ?? '',
      template: replicaSet.spec.template,
      createdMs: atMs,
      ip: `10.42.${salt % 3}.${10 + (this.podCount % 200)}`,
    })
    this.pods.set(pod.name, pod)
    return pod
  }

  private nextMs(): number {
    const boundaries = this.effects
      .list()
      .filter((effect) => KINDS.has(effect.event.event))
      .flatMap((effect) => [effect.fromMs, effect.untilMs])
      .filter((atMs) => atMs > this.advancedMs)
    return Math.min(this.wakeMs, ...boundaries)
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

  private earliest(atMs: number): number {
    const due = [...this.pods.values()].map((pod) => pod.nextMs)
    const deadlines = this.names.flatMap((name) => {
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
        if (effect.event.event === 'secret') this.mendSecret(atMs)
      }
    }
  }

  private begin(effect: Effect, atMs: number): void {
    const { event } = effect
    const name = ('deployment' in event ? event.deployment : undefined) ?? this.main
    const found = this.deployment(name)
    const newest = this.podsOf(name).toSorted((left, right) => right.createdMs - left.createdMs)[0]
    this.seen.set(effect.id, {
      hash: newest?.hash ?? '',
      memoryBytes: newest === undefined ? 0 : memoryBytesOf(newest),
    })
    if (event.event === 'secret-rotated') this.touchSecret(event.name, atMs)
    if (event.event === 'change') this.rollChange(event, atMs)
    if (event.event === 'secret') this.spoilSecret(event.state, atMs)
    if (event.event === 'secret' && event.restart && found) this.restart(found, atMs)
    if (found === undefined) return
    if (event.event === 'pods' && event.replicas !== undefined)
      this.write('deployments', edited(found, { ...found.spec, replicas: event.replicas }), atMs)
    if (event.event !== 'rollout') return
    const next = withRollout(found, event, stampOf(this.startMs + atMs))
    if (event.bad !== undefined) this.bad.set(`${name} ${templateText(next.spec.template)}`, event)
    this.write('deployments', next, atMs)
  }

  /** A rotation that is only recorded still shows as a secret that somebody wrote. */
  private touchSecret(name: string, atMs: number): void {
    const found = this.store.get('secrets', this.namespace, name)
    if (found === undefined) return
    const annotations = {
      ...found.metadata.annotations,
      'example.com/rotated-at': stampOf(this.startMs + atMs),
    }
    this.write('secrets', { ...found, metadata: { ...found.metadata, annotations } }, atMs, 'rotation')
  }

  private rollChange({ kind, subject, version, by }: EventOf<'change'>, atMs: number): void {
    const found = kind === 'deployment' || kind === 'promotion' ? this.deployment(subject) : undefined
    if (found === undefined) return
    const cause = `${kind}${version === undefined ? '' : ` of ${version}`}${by === undefined ? '' : ` by ${by}`}`
    const event = { event: 'rollout', at: 0, cause, status: 500, share: 0 } as const
    this.write('deployments', withRollout(found, event, stampOf(this.startMs + atMs)), atMs)
  }

  private restart(found: Deployment, atMs: number): void {
    const restartedAt = stampOf(this.startMs + atMs)
    const { template } = found.spec
    const annotations = {
      ...template.metadata?.annotations,
      'kubectl.kubernetes.io/restartedAt': restartedAt,
    }
    const next = { ...template, metadata: { ...template.metadata, annotations } }
    this.write('deployments', edited(found, { ...found.spec, template: next }), atMs)
  }

  private spoilSecret(state: 'missing' | 'wrong', atMs: number): void {
    const { secret } = this.scenario.world.kubernetes
    const found = this.store.get('secrets', this.namespace, secret)
    if (state === 'missing') this.store.remove('secrets', this.namespace, secret, atMs)
    else if (found !== undefined)
      this.write(
        'secrets',
        { ...found, data: { [KEY_VARIABLE]: base64('simulated-key-of-last-month') } },
        atMs,
      )
  }

  private mendSecret(atMs: number): void {
    this.write('secrets', plantSecret(this.scenario, this.startMs), atMs)
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
    for (const name of this.names) {
      const ranked = this.podsOf(name).filter((pod) => pod.deletedMs === undefined)
      for (const pod of this.podsOf(name)) {
        const fate = this.fate(pod, Math.max(0, ranked.indexOf(pod)), atMs)
        if (fate === 'evict') {
          pod.deletedMs ??= atMs
          this.happenings.note(podOf(pod, this.namespace), EVICTED, atMs)
        }
        const isOver = stepPod(pod, {
          fate,
          atMs,
          seed: this.scenario.seed,
          nodes: NODES,
          isNodeReady,
          readKey: () => this.readKey(pod.template),
          tell: (happening) => this.happenings.note(podOf(pod, this.namespace), happening, atMs),
        })
        if (!isOver) continue
        this.pods.delete(pod.name)
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
    const hands = this.hands(atMs)
    for (const object of this.store.list('deployments')) {
      const found = asDeployment(object)
      const { uid, name } = found.metadata
      if ((this.noticeAt.get(uid) ?? atMs) > atMs) continue
      this.noticeAt.delete(uid)
      this.progress.set(name, reconcile(hands, found, this.progress.get(name)))
    }
  }

  private hands(atMs: number): Hands {
    const { store, happenings, namespace } = this
    const stamp = stampOf(this.startMs + atMs)
    return {
      seed: this.scenario.seed,
      stamp,
      atMs,
      replicaSets: (deployment) =>
        store
          .list('replicasets')
          .filter((one) => one.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
          .map(asReplicaSet),
      pods: (replicaSet) => [...this.pods.values()].filter((pod) => pod.replicaSet === replicaSet),
      putReplicaSet: (replicaSet) => store.put('replicasets', replicaSet, atMs),
      removeReplicaSet: ({ metadata }) => void store.remove('replicasets', namespace, metadata.name, atMs),
      putDeployment: (deployment) => store.put('deployments', deployment, atMs),
      addPod: (replicaSet, deployment) => {
        const pod = this.makePod(deployment, replicaSet, atMs)
        const message = `Created pod: ${pod.name}`
        happenings.note(
          { kind: 'ReplicaSet', name: replicaSet.metadata.name, uid: replicaSet.metadata.uid, namespace },
          { type: 'Normal', reason: 'SuccessfulCreate', message },
          atMs,
        )
      },
      deletePod: (pod) => {
        pod.deletedMs ??= atMs
        const message = `Stopping container ${pod.template.spec.containers[0]?.name ?? 'app'}`
        happenings.note(podOf(pod, namespace), { type: 'Normal', reason: 'Killing', message }, atMs)
      },
      tell: (kind, name, happening) => {
        const resource = kind === 'Deployment' ? 'deployments' : 'replicasets'
        const uid = store.get(resource, namespace, name)?.metadata.uid ?? ''
        happenings.note({ kind, name, uid, namespace }, happening, atMs)
      },
    }
  }

  /** Writes what the pods and nodes look like now. */
  private show(atMs: number): void {
    const { scenario, startMs, namespace } = this
    for (const pod of this.pods.values()) {
      const replicaSet = this.store.get('replicasets', namespace, pod.replicaSet)
      if (replicaSet === undefined) continue
      const object = podObject({ pod, replicaSet: asReplicaSet(replicaSet), namespace, startMs, hostIp })
      this.store.put('pods', object, atMs)
    }
    for (const [index, name] of NODES.entries()) {
      const told = this.effects.ofKind('node').filter(({ event }) => event.node === index + 1)
      const trouble = told.filter((effect) => isActive(effect, atMs))
      const past = told.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]).filter((one) => one <= atMs)
      const sinceMs = Math.max(-86_400_000, ...past)
      const states = trouble.map(({ event }) => event.state)
      const object = nodeObject({ seed: scenario.seed, startMs, name, trouble: states, sinceMs })
      this.store.put('nodes', object, atMs)
    }
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

function podOf(pod: PodRun, namespace: string): Happened {
  return { kind: 'Pod', name: pod.name, uid: pod.uid, namespace }
}

function hasKeyEntry({ spec }: Template): boolean {
  return spec.containers[0]?.env?.some((entry) => entry.name === KEY_VARIABLE) ?? false
}

/** Who wrote last, and when: the server keeps one entry for each manager. */
function managed(object: KubeObject, manager: string, time: string): KubeObject {
  const known = object.metadata.managedFields
  const others = Array.isArray(known)
    ? known.filter((entry) => isFields(entry) && entry.manager !== manager)
    : []
  const { apiVersion } = object
  const entry = { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: {} }
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, entry] } }
}

/** A deployment with another specification has another generation. */
export function edited(deployment: Deployment, spec: Deployment['spec']): Deployment {
  const generation = (deployment.metadata.generation ?? 1) + 1
  return { ...deployment, metadata: { ...deployment.metadata, generation }, spec }
}

/** The store keeps under `deployments` only what was checked to be one. */
export function asDeployment(object: KubeObject): Deployment {
  return object as Deployment
}

export function asReplicaSet(object: KubeObject): ReplicaSet {
  return object as ReplicaSet
}
