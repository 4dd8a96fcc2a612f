import type { Happened, Happenings } from './happenings'
import { asReplicaSet } from './model'
import { stampOf } from './names'
import type { PodBook } from './pod-book'
import type { PodRun } from './pod-run'
import type { Hands } from './rollout'
import type { Store } from './store'

type Ground = {
  readonly store: Store
  readonly happenings: Happenings
  readonly pods: PodBook
  readonly namespace: string
  readonly seed: number
  readonly startMs: number
}

/** The controllers' hands at one instant: what they do is written and told. */
export function handsOf({ store, happenings, pods, namespace, seed, startMs }: Ground, atMs: number): Hands {
  return {
    seed,
    stamp: stampOf(startMs + atMs),
    atMs,
    replicaSets: (deployment) =>
      store
        .list('replicasets')
        .filter((one) => one.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
        .map(asReplicaSet),
    pods: (replicaSet) => pods.ofReplicaSet(replicaSet),
    putReplicaSet: (replicaSet) => store.put('replicasets', replicaSet, atMs),
    removeReplicaSet: ({ metadata }) => void store.remove('replicasets', namespace, metadata.name, atMs),
    putDeployment: (deployment) => store.put('deployments', deployment, atMs),
    addPod: (replicaSet, deployment) => {
      const pod = pods.make(deployment, replicaSet, atMs)
      const { name, uid } = replicaSet.metadata
      const happening = {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.name}`,
      } as const
      happenings.note({ kind: 'ReplicaSet', name, uid, namespace }, happening, atMs)
    },
    deletePod: (pod) => {
      pod.deletedMs ??= atMs
      const message = `Stopping container ${pod.template.spec.containers[0]?.name ?? 'app'}`
      happenings.note(aboutPod(pod, namespace), { type: 'Normal', reason: 'Killing', message }, atMs)
    },
    tell: (kind, name, happening) => {
      const resource = kind === 'Deployment' ? 'deployments' : 'replicasets'
      const uid = store.get(resource, namespace, name)?.metadata.uid ?? ''
      happenings.note({ kind, name, uid, namespace }, happening, atMs)
    },
  }
}

export function aboutPod(pod: PodRun, namespace: string): Happened {
  return { kind: 'Pod', name: pod.name, uid: pod.uid, namespace }
}
