import { CHANGE_CAUSE, type Deployment, HASH_LABEL, REVISION, type ReplicaSet, type Template } from './model'
import { suffix, uidOf } from './names'
import type { Happening, PodRun } from './pod-run'
import { type Counts, type Progress, statusOf } from './rollout-status'

/** What the controller may do to the cluster. */
export type Hands = {
  readonly seed: number
  readonly stamp: string
  readonly atMs: number
  replicaSets(deployment: Deployment): readonly ReplicaSet[]
  pods(replicaSet: string): readonly PodRun[]
  putReplicaSet(replicaSet: ReplicaSet): ReplicaSet
  removeReplicaSet(replicaSet: ReplicaSet): void
  putDeployment(deployment: Deployment): Deployment
  addPod(replicaSet: ReplicaSet, deployment: Deployment): void
  deletePod(pod: PodRun): void
  tell(kind: 'Deployment' | 'ReplicaSet', name: string, happening: Happening): void
}

/** One look of the deployment controller and of its replica sets; answers the new progress. */
export function reconcile(hands: Hands, found: Deployment, before: Progress | undefined): Progress {
  let deployment = found
  const paused = deployment.spec.paused === true
  let fresh = newest(hands, deployment)
  if (fresh === undefined && !paused) fresh = createReplicaSet(hands, deployment)
  if (fresh !== undefined) {
    if (!paused) fresh = withHighestRevision(hands, deployment, fresh)
    const revision = fresh.metadata.annotations?.[REVISION]
    if (revision !== undefined && deployment.metadata.annotations?.[REVISION] !== revision) {
      const annotations = { ...deployment.metadata.annotations, [REVISION]: revision }
      deployment = hands.putDeployment({ ...deployment, metadata: { ...deployment.metadata, annotations } })
    }
  }
  if (paused) scalePaused(hands, deployment)
  else if (fresh !== undefined) roll(hands, deployment, fresh)
  for (const replicaSet of hands.replicaSets(deployment)) settlePods(hands, deployment, replicaSet)
  if (!paused) forgetOld(hands, deployment, fresh)
  return report(hands, deployment, fresh, before)
}

export function templateText(template: Template): string {
  const { [HASH_LABEL]: _hash, ...labels } = template.metadata?.labels ?? {}
  const { creationTimestamp: _none, ...metadata } = template.metadata ?? {}
  return stable({ ...template, metadata: { ...metadata, labels } })
}

/** JSON with sorted keys, so that the same template has the same text whoever wrote it. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const parts = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${stable(item)}`)
  return `{${parts.join(',')}}`
}

function newest(hands: Hands, deployment: Deployment): ReplicaSet | undefined {
  const wanted = templateText(deployment.spec.template)
  return hands.replicaSets(deployment).find((one) => templateText(one.spec.template) === wanted)
}

function revisionOf(replicaSet: ReplicaSet): number {
  return Number(replicaSet.metadata.annotations?.[REVISION] ?? 0)
}

function createReplicaSet(hands: Hands, deployment: Deployment): ReplicaSet {
  const text = templateText(deployment.spec.template)
  const replicaSet = replicaSetOf({ deployment, seed: hands.seed, text, stamp: hands.stamp })
  const revision = 1 + Math.max(0, ...hands.replicaSets(deployment).map(revisionOf))
  return hands.putReplicaSet(withAnnotations(replicaSet, deployment, revision))
}

function withAnnotations(replicaSet: ReplicaSet, deployment: Deployment, revision: number): ReplicaSet {
  const { surge } = bounds(deployment)
  const cause = deployment.metadata.annotations?.[CHANGE_CAUSE]
  return {
    ...replicaSet,
    metadata: {
      ...replicaSet.metadata,
      annotations: {
        ...replicaSet.metadata.annotations,
        ...(cause === undefined ? {} : { [CHANGE_CAUSE]: cause }),
        'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
        'deployment.kubernetes.io/max-replicas': String(deployment.spec.replicas + surge),
        [REVISION]: String(revision),
      },
    },
  }
}

type ReplicaSetInput = {
  readonly deployment: Deployment
  readonly seed: number
  readonly text: string
  readonly stamp: string
}

export function replicaSetOf({ deployment, seed, text, stamp }: ReplicaSetInput): ReplicaSet {
  let salt = 17
  for (let index = 0; index < text.length; index += 1)
    salt = (Math.imul(salt, 31) + text.charCodeAt(index)) | 0
  const hash = suffix(seed, salt, 10)
  const { template, selector } = deployment.spec
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      uid: uidOf(seed, salt),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: stamp,
      labels,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: deployment.metadata.name,
          uid: deployment.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  }
}

function withHighestRevision(hands: Hands, deployment: Deployment, fresh: ReplicaSet): ReplicaSet {
  const others = hands.replicaSets(deployment).filter((one) => one.metadata.uid !== fresh.metadata.uid)
  const highest = Math.max(0, ...others.map(revisionOf))
  const revision = revisionOf(fresh) > highest ? revisionOf(fresh) : highest + 1
  return hands.putReplicaSet(withAnnotations(fresh, deployment, revision))
}

function bounds({ spec }: Deployment): { readonly surge: number; readonly unavailable: number } {
  if (spec.strategy.type === 'Recreate') return { surge: 0, unavailable: spec.replicas }
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy.rollingUpdate ?? {}
  const surge = Math.ceil(amount(maxSurge, spec.replicas))
  const unavailable = Math.floor(amount(maxUnavailable, spec.replicas))
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable }
}

function amount(value: string | number, of: number): number {
  return typeof value === 'number' ? value : (Number.parseFloat(value) / 100) * of
}

function readyOf(hands: Hands, replicaSet: ReplicaSet): number {
  return hands.pods(replicaSet.metadata.name).filter((pod) => pod.ready && pod.deletedMs === undefined).length
}

function scale(hands: Hands, deployment: Deployment, replicaSet: ReplicaSet, replicas: number): ReplicaSet {
  const before = replicaSet.spec.replicas
  if (before === replicas) return replicaSet
  const { name } = replicaSet.metadata
  hands.tell('Deployment', deployment.metadata.name, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${name} from ${before} to ${replicas}`,
  })
  const generation = (replicaSet.metadata.generation ?? 1) + 1
  return hands.putReplicaSet({
    ...replicaSet,
    metadata: { ...replicaSet.metadata, generation },
    spec: { ...replicaSet.spec, replicas },
  })
}

function roll(hands: Hands, deployment: Deployment, fresh: ReplicaSet): void {
  const { surge, unavailable } = bounds(deployment)
  const wanted = deployment.spec.replicas
  const all = hands.replicaSets(deployment)
  const old = all.filter((one) => one.metadata.uid !== fresh.metadata.uid)
  const total = all.reduce((sum, one) => sum + one.spec.replicas, 0)
  const current = all.find((one) => one.metadata.uid === fresh.metadata.uid) ?? fresh
  if (current.spec.replicas > wanted) return void scale(hands, deployment, current, wanted)
  const room = wanted + surge - total
  const grown = Math.min(wanted, current.spec.replicas + Math.max(0, room))
  const grownSet = scale(hands, deployment, current, grown)
  shrinkOld(hands, deployment, { old, fresh: grownSet, least: wanted - unavailable })
}

type Shrink = {
  readonly old: readonly ReplicaSet[]
  readonly fresh: ReplicaSet
  readonly least: number
}

/** Old pods that do not work go first; of those that do, only as many as leave the least that must be available. */
function shrinkOld(hands: Hands, deployment: Deployment, { old, fresh, least }: Shrink): void {
  const total = [...old, fresh].reduce((sum, one) => sum + one.spec.replicas, 0)
  let room = total - least - (fresh.spec.replicas - readyOf(hands, fresh))
  const shrunk = old.map((replicaSet) => {
    const broken = replicaSet.spec.replicas - readyOf(hands, replicaSet)
    const fewer = Math.max(0, Math.min(room, broken))
    room -= fewer
    return fewer === 0 ? replicaSet : scale(hands, deployment, replicaSet, replicaSet.spec.replicas - fewer)
  })
  let spare = readyOf(hands, fresh) + old.reduce((sum, one) => sum + readyOf(hands, one), 0) - least
  for (const replicaSet of shrunk) {
    const fewer = Math.max(0, Math.min(spare, replicaSet.spec.replicas))
    spare -= fewer
    scale(hands, deployment, replicaSet, replicaSet.spec.replicas - fewer)
  }
}

/** A paused deployment can still be scaled; its largest replica set takes the difference. */
function scalePaused(hands: Hands, deployment: Deployment): void {
  const all = hands.replicaSets(deployment)
  const total = all.reduce((sum, one) => sum + one.spec.replicas, 0)
  const largest = all.toSorted((left, right) => right.spec.replicas - left.spec.replicas)[0]
  if (largest === undefined || all.filter((one) => one.spec.replicas > 0).length > 1) return
  if (total !== deployment.spec.replicas) scale(hands, deployment, largest, deployment.spec.replicas)
}

function settlePods(hands: Hands, deployment: Deployment, replicaSet: ReplicaSet): void {
  const alive = hands.pods(replicaSet.metadata.name).filter((pod) => pod.deletedMs === undefined)
  const missing = replicaSet.spec.replicas - alive.length
  for (let count = 0; count < missing; count += 1) hands.addPod(replicaSet, deployment)
  if (missing >= 0) return
  const order = alive.toSorted(
    (left, right) =>
      Number(left.ready) - Number(right.ready) || right.createdMs - left.createdMs || right.salt - left.salt,
  )
  for (const pod of order.slice(0, -missing)) {
    hands.deletePod(pod)
    hands.tell('ReplicaSet', replicaSet.metadata.name, {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.name}`,
    })
  }
}

function forgetOld(hands: Hands, deployment: Deployment, fresh: ReplicaSet | undefined): void {
  const empty = hands
    .replicaSets(deployment)
    .filter((one) => one.metadata.uid !== fresh?.metadata.uid && one.spec.replicas === 0)
    .filter((one) => hands.pods(one.metadata.name).length === 0)
    .toSorted((left, right) => revisionOf(right) - revisionOf(left))
  for (const replicaSet of empty.slice(deployment.spec.revisionHistoryLimit))
    hands.removeReplicaSet(replicaSet)
}

function report(
  hands: Hands,
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  before: Progress | undefined,
): Progress {
  const all = hands.replicaSets(deployment)
  const alive = (name: string): readonly PodRun[] =>
    hands.pods(name).filter((pod) => pod.deletedMs === undefined)
  for (const replicaSet of all) {
    const pods = alive(replicaSet.metadata.name)
    const ready = pods.filter((pod) => pod.ready).length
    hands.putReplicaSet({
      ...replicaSet,
      status: {
        replicas: pods.length,
        fullyLabeledReplicas: pods.length,
        ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
        observedGeneration: replicaSet.metadata.generation,
      },
    })
  }
  const pods = all.flatMap((one) => alive(one.metadata.name))
  const ready = pods.filter((pod) => pod.ready).length
  const updated = fresh === undefined ? 0 : alive(fresh.metadata.name).length
  const counts: Counts = { replicas: pods.length, updated, ready, fresh: fresh?.metadata.name ?? '' }
  const { status, progress } = statusOf({ deployment, counts, before, atMs: hands.atMs, stamp: hands.stamp })
  hands.putDeployment({ ...deployment, status })
  return progress
}
